"""Clerks hand out rewards of which few are left, while the server is killed: points, stock and hand-overs agree afterwards.

Each clerk sends one redemption after the other under a key of its own, and sends it again until an answer is final. What was
answered with 201 was promised; afterwards the books must hold exactly what was promised, once.
"""

import argparse
import json
import random
import statistics
import threading
import time
from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue

from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from bank import clock
from bank.access.actions import create_token
from bank.app import create_app
from bank.counter.models import Redemption
from bank.db import db, transaction
from bank.ledger import actions as ledger
from bank.ledger.models import Account
from bank.ledger.queries import balance, system_account, trial_balance
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people import actions as people
from bank.people.models import Person
from bank.people.organisation import add_unit
from bank.people.rules import NewPerson
from bank.rewards import actions as rewards
from bank.rewards.models import Reward
from bank.rewards.queries import wrong_batches
from bank.rewards.rules import NewReward
from bank.units.queries import top_unit
from rushes.servers import KINDS, Server, database
from tests.server import SECRET

PRICE, POINTS_EACH = 300, 1500  # Hundredths: five pieces are as many as a member can afford.
RETRY_SECONDS = 0.2


@dataclass(frozen=True)
class World:
    """Who hands out what to whom."""

    secrets: list[str]
    member_ids: list[int]
    stock: dict[int, int]


@dataclass
class Outcome:
    """What the clerks were answered."""

    promised: dict[str, int] = field(default_factory=dict)
    refused: Tally[str] = field(default_factory=Tally)
    sent_again: int = 0
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def done(self) -> int:
        """How many have their final answer."""
        return len(self.promised) + self.refused.total()


def add_options(parser: argparse.ArgumentParser) -> None:
    """How big the rush is, and on which databases."""
    parser.add_argument("--kind", choices=(*KINDS, "both"), default="both", help="database")
    parser.add_argument("--clerks", type=int, default=20, help="at once")
    parser.add_argument("--redemptions", type=int, default=2000, help="asked for in all")
    parser.add_argument("--rewards", type=int, default=50, help="on the shelf")
    parser.add_argument("--kills", type=int, default=2, help="kill -9 of the server on the way")
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    parser.add_argument("--seed", type=int, default=1, help="the same number asks for the same")


def run(options: argparse.Namespace) -> bool:
    """Rush at each database, print what came of it, and answer whether nothing was lost, doubled or wrong."""
    table = Table(title=f"{options.clerks} clerks, {options.redemptions} redemptions, {options.rewards} rewards")
    for name in ("database", "handed over", "refused", "sent again", "kills", "per s", "p50 ms", "p95 ms", "p99 ms", "wrong"):
        table.add_column(name, justify="right")
    faults: list[str] = []
    for kind in KINDS if options.kind == "both" else (options.kind,):
        faults += _rush(kind, options, table)
    console = Console(width=160)  # Wide enough for a row, also where the output goes to a file.
    console.print(table)
    for each in faults:
        console.print(f"[red]{each}")
    return not faults


def _rush(kind: str, options: argparse.Namespace, table: Table) -> list[str]:
    with database(kind) as url:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": SECRET})
        with app.app_context():
            world = _found(options)
            db.session.remove()
        server, outcome = Server(url, options.workers), Outcome()
        started = time.monotonic()
        try:
            _hand_out(server, world, outcome, options)
        finally:
            server.stop()
        took = time.monotonic() - started
        faults = [f"{kind}: {each}" for each in _faults(app, world, outcome)]
    cuts = statistics.quantiles(outcome.seconds, n=100)
    refused = ", ".join(f"{count} {code}" for code, count in outcome.refused.most_common())
    table.add_row(
        kind, str(len(outcome.promised)), refused, str(outcome.sent_again), str(server.kills), f"{outcome.done / took:.0f}",
        *(f"{cuts[each - 1] * 1000:.0f}" for each in (50, 95, 99)), str(len(faults)),
    )  # fmt: skip
    return faults


def _found(options: argparse.Namespace) -> World:
    """A community with its clerks, members with some points each, and a shelf on which little is left."""
    chance, at = random.Random(options.seed), clock.now()
    with transaction():
        unit = add_unit(by=None, name="向阳社区", kind="community", parent_id=top_unit().id, at=at)
        new = [NewPerson(name="柜员", phone=f"139{number:08}", unit_id=unit.id) for number in range(options.clerks)]
        clerk_ids = people.enrol_all(by=None, new=new, at=at)
        for each in clerk_ids:
            people.grant_role(by=None, person_id=each, role="clerk", unit_id=unit.id, at=at)
        people.grant_role(by=None, person_id=clerk_ids[0], role="admin", unit_id=unit.id, at=at)
        ends_at = at + timedelta(days=1)
        secrets = [create_token(by=None, person_id=each, name="rush", expires_at=ends_at, at=at)[1] for each in clerk_ids]
        members = [NewPerson(name="储户", phone=f"138{number:08}", unit_id=unit.id) for number in range(options.redemptions // 4)]
        member_ids = people.enrol_all(by=None, new=members, at=at)
        _give(unit.issued_account_id, member_ids, at)
        admin = db.session.get_one(Person, clerk_ids[0])
        stock = {}
        for number in range(options.rewards):
            pieces = chance.randint(1, 1 + 3 * options.redemptions // (2 * options.rewards))  # Fewer than are asked for.
            shelf = NewReward(unit_id=unit.id, kind="goods", name=f"物品{number}", points=PRICE, stock=pieces, monthly_limit=None)
            stock[rewards.add_reward(by=admin, new=shelf, at=at).id] = pieces
    return World(secrets, member_ids, stock)


def _give(issued_id: int, member_ids: list[int], at) -> None:  # type: ignore[no-untyped-def]
    accounts = db.session.scalars(select(Person.points_account_id).where(Person.id.in_(member_ids)))
    ledger.post(
        [
            NewEntry(
                key=f"rush:{account_id}", kind="deposit", effective_on=clock.local_day(at), recorded_by="rush",
                transfers=(NewTransfer("points", issued_id, account_id, POINTS_EACH),),
            )
            for account_id in accounts
        ],
        at=at,
    )  # fmt: skip


def _hand_out(server: Server, world: World, outcome: Outcome, options: argparse.Namespace) -> None:
    """Let all clerks work at once, and kill the server at even distances on the way."""
    chance, wanted = random.Random(options.seed), SimpleQueue()  # type: ignore[var-annotated]
    for number in range(options.redemptions):
        wanted.put((f"rush-{number}", chance.choice(world.member_ids), chance.choice(list(world.stock))))
    clerks = [threading.Thread(target=_serve, args=(server, secret, wanted, outcome)) for secret in world.secrets]
    for each in clerks:
        each.start()
    for number in range(1, options.kills + 1):
        while outcome.done < options.redemptions * number // (options.kills + 1):
            time.sleep(0.01)
        server.kill_and_restart()
    for each in clerks:
        each.join()


def _serve(server: Server, secret: str, wanted: SimpleQueue, outcome: Outcome) -> None:  # type: ignore[type-arg]
    """One clerk: the next redemption, again and again under its key until the answer is final."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    while True:
        try:
            key, person_id, reward_id = wanted.get_nowait()
        except Empty:
            return
        body = json.dumps({"person_id": person_id, "reward_id": reward_id, "checked": "身份证"})
        started = time.monotonic()
        while (answer := _send(connection, headers | {"Idempotency-Key": key}, body)) is None:
            time.sleep(RETRY_SECONDS)
            with outcome.lock:
                outcome.sent_again += 1
        status, said = answer
        with outcome.lock:
            outcome.seconds.append(time.monotonic() - started)
            if status == 201:
                outcome.promised[key] = said["id"]
            else:
                outcome.refused[said["code"]] += 1


def _send(connection: HTTPConnection, headers: dict[str, str], body: str) -> tuple[int, dict] | None:  # type: ignore[type-arg]
    """The answer, or None where it was lost or is not final."""
    try:
        connection.request("POST", "/api/v1/redemptions", body.encode(), headers)
        response = connection.getresponse()
        said = response.read()
        return None if response.status >= 500 else (response.status, json.loads(said))
    except (OSError, HTTPException, ValueError):
        connection.close()
        return None


def _faults(app: Flask, world: World, outcome: Outcome) -> list[str]:
    """Everything in which the books differ from what was promised, or from themselves."""
    with app.app_context():
        ids = set(db.session.scalars(select(Redemption.id)))
        taken = select(Redemption.reward_id, func.count().label("count_")).group_by(Redemption.reward_id)
        pieces = {row.reward_id: row.count_ for row in db.session.execute(taken)}
        left = {each.id: each.stock for each in db.session.scalars(select(Reward))}
        sums = select(Redemption.person_id, func.sum(Redemption.points)).group_by(Redemption.person_id)
        spent = {person_id: int(points) for person_id, points in db.session.execute(sums)}
        held = db.session.execute(select(Person.id, Account.balance).join(Account, Account.id == Person.points_account_id))
        balances = {person_id: points for person_id, points in held if person_id in set(world.member_ids)}
        redeemed = balance(system_account("redeemed", "points"))
        found = {
            "promised and lost": len(set(outcome.promised.values()) - ids),
            "in the books and not promised": len(ids - set(outcome.promised.values())),
            "promised twice": len(outcome.promised) - len(set(outcome.promised.values())),
            "rewards whose stock differs": sum(left[each] != had - pieces.get(each, 0) for each, had in world.stock.items()),
            "members whose points differ": sum(had != POINTS_EACH - spent.get(each, 0) for each, had in balances.items()),
            "points redeemed that differ": redeemed - PRICE * len(ids),
            "batches that differ from their movements": len(wrong_batches()),
            "out of balance": trial_balance()["points"],
            "refused though there was enough": outcome.refused.get("out_of_stock", 0) and sum(
                code not in {"out_of_stock", "balance_too_low"} for code in outcome.refused
            ),
        }  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return [f"{what}: {count}" for what, count in found.items() if count]
