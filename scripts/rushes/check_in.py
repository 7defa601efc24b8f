"""A hall full of people checks in at once, with double taps and answers that get lost: everybody is in, and nobody twice.

Each phone has a token of its own and sends one scan of the code on the screen. Some tap twice, under two nonces; of some the
answer is dropped, and they send the same again. Afterwards the attendance must be exactly what was promised. Then one scanner
sends for as long as asked, at one connection and at many, beside a route that does nothing, on the same kind of server.
"""

import argparse
import http.client
import json
import random
import statistics
import threading
import time
from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from bank import clock
from bank.access.actions import create_token
from bank.activities.actions import publish
from bank.activities.rules import NewActivity
from bank.app import create_app
from bank.attendance import ticket
from bank.attendance.models import Attendance, Scan
from bank.db import db, transaction
from bank.people import actions as people
from bank.people.models import Person
from bank.people.organisation import add_unit
from bank.people.rules import NewPerson
from bank.units.queries import top_unit
from rushes import steady
from rushes.servers import KINDS, Server, database
from rushes.steady import AT_ONCE
from tests.server import SECRET


@dataclass(frozen=True)
class Hall:
    """Whose tokens scan, which activity it is, and what the organizer's scanner needs."""

    secrets: list[str]
    activity_id: int
    key: str
    organizer: str
    cards: list[str]


@dataclass
class Outcome:
    """What the phones were answered."""

    answers: Tally[str] = field(default_factory=Tally)
    promised: set[int] = field(default_factory=set)
    lost: int = 0
    sent_again: int = 0
    differing: int = 0
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def add_options(parser: argparse.ArgumentParser) -> None:
    """How many come, in how long, and on which databases."""
    parser.add_argument("--kind", choices=(*KINDS, "both"), default="both", help="database")
    parser.add_argument("--people", type=int, default=500, help="who check in")
    parser.add_argument("--seconds", type=int, default=60, help="within which all of them scan")
    parser.add_argument("--doubled", type=int, default=10, help="percent who tap twice")
    parser.add_argument("--dropped", type=int, default=5, help="percent whose answer gets lost")
    parser.add_argument("--steady", type=int, default=5, help="seconds of the steady rate, at each number of connections")
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    parser.add_argument("--seed", type=int, default=1, help="the same number does the same")


def run(options: argparse.Namespace) -> bool:
    """Rush at each database, print what came of it, and answer whether nothing was lost or doubled."""
    table = Table(title=f"{options.people} people check in within {options.seconds} s")
    names = (
        "database",
        "checked in",
        "already",
        "too late",
        "sent again",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "lost",
        "doubled",
        "other bytes",
    )
    for name in (*names, *(f"per s at {each}" for each in AT_ONCE), *(f"of bare at {each}" for each in AT_ONCE)):
        table.add_column(name, justify="right")
    bare = steady.bare_rates(workers=options.workers, seconds=options.steady) if options.steady else {}
    is_good = True
    for kind in KINDS if options.kind == "both" else (options.kind,):
        is_good &= _rush(kind, options, table, bare)
    Console(width=180).print(table)  # Wide enough for a row, also where the output goes to a file.
    return is_good


def _rush(kind: str, options: argparse.Namespace, table: Table, bare: dict[int, float]) -> bool:
    with database(kind) as url:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": SECRET})
        with app.app_context():
            hall = _found(options)
            db.session.remove()
        server, outcome = Server(url, options.workers), Outcome()
        try:
            _come(server.port, hall, outcome, options)
            lost, doubled = _differences(app, outcome)
            rates = _steady(server.port, hall, options.steady) if bare else {}
        finally:
            server.stop()
    cuts = statistics.quantiles(outcome.seconds, n=100)
    table.add_row(
        kind, *(str(outcome.answers[each]) for each in ("checked_in", "already_checked_in", "code_expired")),
        str(outcome.sent_again),
        *(f"{cuts[each - 1] * 1000:.0f}" for each in (50, 95, 99)),
        *(str(each) for each in (lost + outcome.lost, doubled, outcome.differing)),
        *(f"{rates[each]:.0f}" if bare else "-" for each in AT_ONCE),
        *(f"{rates[each] / bare[each]:.3f}" if bare else "-" for each in AT_ONCE),
    )  # fmt: skip
    return not (lost or doubled or outcome.lost or outcome.differing) and outcome.answers["checked_in"] == options.people


def _steady(port: int, hall: Hall, seconds: int) -> dict[int, float]:
    return steady.rates(port, secret=hall.organizer, activity_id=hall.activity_id, cards=hall.cards, seconds=seconds)


def _found(options: argparse.Namespace) -> Hall:
    """A community, an activity that is on, and people with a token each."""
    at = clock.now()
    with transaction():
        unit = add_unit(by=None, name="向阳社区", kind="community", parent_id=top_unit().id, at=at)
        new = [NewPerson(name="志愿者", phone=f"138{number:08}", unit_id=unit.id) for number in range(options.people + 1)]
        ids = people.enrol_all(by=None, new=new, at=at)
        regular_ids = steady.enrol(unit.id, options.steady, at=at) if options.steady else []
        people.grant_role(by=None, person_id=ids[0], role="organizer", unit_id=unit.id, at=at)
        ends_at = at + timedelta(days=1)
        secrets = [create_token(by=None, person_id=each, name="rush", expires_at=ends_at, at=at)[1] for each in ids]
    with transaction():
        plan = _plan(unit.id, ids[0], len(ids) + len(regular_ids), at)
        activity = publish(by=db.session.get_one(Person, ids[0]), new=plan, at=at - timedelta(hours=2))
        steady.join(activity.id, regular_ids, at=at)
        held = (activity.id, activity.key)
    cards = list(db.session.scalars(select(Person.card_number).where(Person.name == "常客").order_by(Person.id)))
    return Hall(secrets[1:], *held, organizer=secrets[0], cards=cards)


def _plan(unit_id: int, leader_id: int, capacity: int, at) -> NewActivity:  # type: ignore[no-untyped-def]
    return NewActivity(
        name="大会", category="civility", place="礼堂", content="大会", starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(hours=2), capacity=capacity, unit_id=unit_id, leader_id=leader_id,
    )  # fmt: skip


def _come(port: int, hall: Hall, outcome: Outcome, options: argparse.Namespace) -> None:
    """Let everybody scan, spread over the time at random, with at most 50 phones in the air at once."""
    chance = random.Random(options.seed)
    scans = [(chance.uniform(0, options.seconds), number, 0, False) for number in range(options.people)]
    for _, number, _, _ in chance.sample(scans, options.people * options.doubled // 100):
        scans.append((scans[number][0] + chance.uniform(0.05, 0.4), number, 1, False))
    dropped = set(chance.sample(range(len(scans)), len(scans) * options.dropped // 100))
    waiting = sorted((*each[:3], place in dropped) for place, each in enumerate(scans))
    started, place = time.monotonic(), iter(waiting)
    lock = threading.Lock()

    def phones() -> None:
        while True:
            with lock:
                due = next(place, None)
            if due is None:
                return
            time.sleep(max(0.0, started + due[0] - time.monotonic()))
            _scan(port, hall, outcome, number=due[1], turn=due[2], is_dropped=due[3])

    threads = [threading.Thread(target=phones) for _ in range(50)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def _scan(port: int, hall: Hall, outcome: Outcome, *, number: int, turn: int, is_dropped: bool) -> None:
    """One phone: scans what the screen shows, and sends the same again until it has an answer."""
    code = ticket.link_code(hall.activity_id, hall.key, secret=SECRET, at=clock.now())
    body = json.dumps({"nonce": f"rush-{number:05}-{turn}", "kind": "in", "code": code, "device": f"phone {number}"})
    headers = {"Authorization": f"Bearer {hall.secrets[number]}", "Content-Type": "application/json"}
    started, answers, again = time.monotonic(), [], 0
    while len(answers) < (2 if is_dropped else 1) and again < 20:
        said = _post(port, "/api/v1/check-ins", headers, body)
        again += 1
        if said is not None:
            answers.append(said)
    with outcome.lock:
        outcome.seconds.append((time.monotonic() - started) / again)
        outcome.sent_again += again - 1
        outcome.differing += len(set(answers)) > 1
        if not answers:
            outcome.lost += 1
            return
        told = json.loads(answers[-1])
        outcome.answers[told["code"]] += 1
        if told["code"] == "checked_in":
            outcome.promised.add(told["person_id"])
    if told["code"] == "code_expired":  # It was long on its way; the phone says what to do, and its owner does it.
        _scan(port, hall, outcome, number=number, turn=turn + 10, is_dropped=False)


def _post(port: int, path: str, headers: dict[str, str], body: str) -> bytes | None:
    """The answer, or None where there was none or the bank was too busy."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body.encode(), headers)
        response = connection.getresponse()
        said = response.read()
        return said if response.status < 500 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _differences(app: Flask, outcome: Outcome) -> tuple[int, int]:
    """How many were promised and are not in, and how many stays, or scans that count, are too many."""
    with app.app_context():
        stays = Tally(db.session.scalars(select(Attendance.person_id)))
        counted = db.session.execute(select(func.count(Scan.id)).where(Scan.answer == "checked_in")).scalar_one()
        db.session.remove()
        db.engine.dispose()
    return len(outcome.promised - stays.keys()), stays.total() - len(stays) + counted - len(stays)
