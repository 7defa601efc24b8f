"""A bank under load that is killed again and again, and sends the same requests again.

Each round sends requests of every kind, by HTTP and to the ledger itself, some at once. A child process is killed with
signal 9 while it sends them, a few times per round: after a random time, just before a commit, or just after one. Then a
child sends the round to its end. What was answered goes to FOLDER/answers, so that a second answer can be compared with
the first. FOLDER/told says how often a child was killed before its end, how often it was cut off, and in how many rounds.
"""

import hashlib
import io
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bank import clock
from bank.app import create_app
from bank.db import db, transaction
from bank.ledger import actions, intake, journal, queries, seal
from bank.ledger.rules import Expiry, NewEntry, NewTransfer
from tests.server import SECRET

ROUNDS = 60
KILLS_PER_ROUND = 5
FIRST_MONTH = date(2024, 1, 1)
DEPOSIT, PRICE = 700, 20
KEYS_PER_ROUND = ("deposit", "redeem", "reserve", "release", "hold", "hand-over", "wrong", "undo", "import", "told")
HTTP_PER_ROUND = 8


def main(url: str, count: int, seed: int, folder: Path) -> int:
    """Kill `count` children; how many rounds it took."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": SECRET, "DATA_DIR": str(folder)})
    chance = random.Random(seed)
    killed = cut = number = 0
    _run(app, number, folder)  # So that every child has the statements ready that SQLAlchemy puts together.
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    patience = 0.3
    while killed < count and number + 1 < ROUNDS:
        number += 1
        for each in range(KILLS_PER_ROUND):
            killed += _kill(app, number, folder, chance, patience, is_at_commit=each % 5 == 4)
        if url.startswith("postgresql") and number % 4 == 0:
            cut += _cut_off(app, number, folder, chance, patience, url)
        started = time.monotonic()
        _, status = os.waitpid(_fork(app, number, folder), 0)
        assert status == 0, f"round {number} did not come to its end"
        patience = (patience + time.monotonic() - started) / 2
    (folder / "told").write_text(f"{killed} {cut} {number + 1}")
    return number + 1


def month_of(number: int) -> date:
    """The month in which the entries of a round are dated; three rounds share one, and the third closes it."""
    months = FIRST_MONTH.year * 12 + number // 3
    return date(months // 12, months % 12 + 1, 1)


def _kill(app: Flask, number: int, folder: Path, chance: random.Random, patience: float, *, is_at_commit: bool) -> int:
    child = _fork(app, number, folder, dies_at=chance.randint(1, 12) * chance.choice((-1, 1)) if is_at_commit else None)
    if not is_at_commit:
        time.sleep(chance.uniform(0, patience))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, f"round {number} met an error"
    return os.WIFSIGNALED(status)


def _cut_off(app: Flask, number: int, folder: Path, chance: random.Random, patience: float, url: str) -> int:
    """End the server's side of every connection of a child in the middle of its work."""
    child = _fork(app, number, folder)
    time.sleep(chance.uniform(0, patience / 2))
    with psycopg.connect(url, autocommit=True) as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}")
    return os.waitpid(child, 0)[1] != 0


def _fork(app: Flask, number: int, folder: Path, *, dies_at: int | None = None) -> int:
    child = os.fork()
    if child == 0:
        try:
            if dies_at is not None:
                _die_at(dies_at)
            _run(app, number, folder)
        except DBAPIError:
            os._exit(3)
        except BaseException as error:
            os.write(2, f"round {number}: {error!r}\n".encode())
            os._exit(4)
        os._exit(0)
    return child


def _die_at(commit: int) -> None:
    """Be killed right before that commit, or right after it if the number is negative."""
    passed = [0]

    def pass_one(*_: object) -> None:
        passed[0] += 1
        if passed[0] == abs(commit):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(*((Engine, "commit") if commit > 0 else (Session, "after_commit")), pass_one)


def _run(app: Flask, number: int, folder: Path) -> None:
    """Send everything of one round; the two chains run at once, and what ends a month comes last."""
    with ThreadPoolExecutor(2) as threads:
        for work in [threads.submit(chain, app, number, folder) for chain in (_by_http, _in_the_books)]:
            work.result()
    with app.app_context():
        month, at = month_of(number), _instant(month_of(number + 3))
        if number % 3 == 2:
            with transaction():
                actions.expire(on=clock.next_month(month) - timedelta(days=1), expiry=Expiry("months", 1), at=at)
            with transaction():
                actions.close_through(month=month, at=at)
            seal.seal_all(published=folder / "seals.txt", at=at)
        db.session.remove()


def _by_http(app: Flask, number: int, folder: Path) -> None:
    """Confirm an activity, hand two rewards over and take one back, reserve two, fetch one and cancel the other."""
    ids = dict(line.split("=") for line in (folder / "ids").read_text().split())

    def send(path: str, who: str, key: str, **body: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {ids[who]}", "Idempotency-Key": f"{key}-{number}"}
        answer = app.test_client().post(f"/api/v1{path}", headers=headers, json=body)
        if answer.status_code == 503:
            raise DBAPIError("HTTP", None, Exception(answer.text))
        assert answer.status_code < 300, answer.text
        _note(folder, f"{key}-{number}", answer.data)
        return dict(answer.json or {})

    reward = {"reward_id": int(ids["reward"]), "quantity": 1}
    taken = reward | {"person_id": int(ids["alice_id"]), "checked": "身份证"}
    send(f"/activities/{int(ids['activity']) + number}/confirmation", "bob", "confirm")
    send("/redemptions", "carol", "keep", **taken)
    returned = send("/redemptions", "carol", "return", **taken)
    send(f"/redemptions/{returned['id']}/undo", "carol", "back", reason="拿错了")
    fetched, given_up = (send("/reservations", "alice", key, **reward) for key in ("wish", "second"))
    send("/pick-ups", "carol", "fetch", code=fetched["pickup_code"])
    send(f"/redemptions/{given_up['id']}/cancellation", "alice", "cancel", reason="不要了")


def _in_the_books(app: Flask, number: int, folder: Path) -> None:
    """Deposit, redeem, hold and release, hold and hand over, reverse, import: each by its key, each in its own transaction."""
    day, at = month_of(number) + timedelta(days=number % 3), _instant(month_of(number))
    with app.app_context():
        member = queries.account_by_name("member/killed").id
        accounts = {name: queries.system_account(name, "points") for name in ("redeemed", "reserved")}
        accounts |= {"member": member, "issued": queries.account_by_name("issued/killed").id}

        def post(name: str, kind: str, source: str, target: str, amount: int) -> int:
            moved = (NewTransfer("points", accounts[source], accounts[target], amount),)
            entry = NewEntry(key=f"{name}-{number}", kind=kind, effective_on=day, transfers=moved, recorded_by="k")
            with transaction():
                [posted] = actions.post([entry], at=at)
            _note(folder, entry.key, b"%d" % posted.entry_id)
            return posted.entry_id

        post("deposit", "deposit", "issued", "member", DEPOSIT)
        post("redeem", "redeem", "member", "redeemed", 100)
        post("reserve", "reserve", "member", "reserved", 50)
        post("release", "release", "reserved", "member", 50)
        post("hold", "reserve", "member", "reserved", 30)
        post("hand-over", "hand_over", "reserved", "redeemed", 30)
        wrong = post("wrong", "deposit", "issued", "member", 40)
        with transaction():
            undone = actions.reverse(
                entry_id=wrong, key=f"undo-{number}", reason="wrong", recorded_by="k", approved_by="l", effective_on=day, at=at
            )
        _note(folder, f"undo-{number}", b"%d" % undone.entry_id)
        post("import", "import", "issued", "member", 5)
        with transaction():
            actions.import_journal(entries=intake.read(io.StringIO(_told(number, day, at))), at=at)
        db.session.remove()


def _told(number: int, day: date, at: datetime) -> str:
    """An exported journal with one entry."""
    row = f"1,1,1,{day},{at.isoformat()},import,told-{number},issued/killed,member/killed,points,0.05,,k,,,"  # fmt: skip
    return ",".join(journal.CSV_COLUMNS) + "\n" + row + "\n"


def _note(folder: Path, key: str, answer: bytes) -> None:
    descriptor = os.open(folder / "answers", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{key} {hashlib.sha256(answer).hexdigest()}\n".encode())
    os.close(descriptor)


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
