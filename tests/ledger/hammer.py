"""Many processes that move points and minutes between five members as fast as they can."""

import os
import random
import sys
from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import select

from bank.app import create_app
from bank.db import db, transaction
from bank.ledger import actions
from bank.ledger.models import Account
from bank.ledger.rules import NewEntry, NewTransfer

AT = datetime(2026, 10, 15, 1, tzinfo=UTC)
MEMBERS = 5


def main(url: str, processes: int, count: int, batch: int) -> None:
    """Fork processes that make `count` calls of `batch` entries each; end with 0 if no call was refused and none failed."""
    app, children = create_app({"DATABASE_URL": url, "SECRET_KEY": "x" * 32}), []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            os._exit(_work(app, number, count, batch))
        children.append(child)
    sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))


def _work(app: Flask, number: int, count: int, batch: int) -> int:
    chance = random.Random(number)
    with app.app_context():
        ids = _accounts()
        db.session.rollback()
        for call in range(count):
            keys = [f"{number}/{call}/{each}" for each in range(batch)]
            with transaction():
                posted = actions.post([_blow(key, ids, chance) for key in keys], at=AT)
            if not all(each.is_new for each in posted):
                return 1
    return 0


def _accounts() -> dict[str, list[int]]:
    """The members' accounts by unit."""
    rows = db.session.execute(
        select(Account.unit, Account.id).where(Account.code.startswith("member/hammer")).order_by(Account.id)
    )
    ids: dict[str, list[int]] = {"points": [], "minutes": []}
    for unit, account_id in rows:
        ids[unit].append(account_id)
    return ids


def _blow(key: str, ids: dict[str, list[int]], chance: random.Random) -> NewEntry:
    """One entry that moves a little of both units, each in a direction of its own."""
    transfers = tuple(NewTransfer(unit, *chance.sample(ids[unit], 2), chance.randint(1, 9)) for unit in ids)
    return NewEntry(key=key, kind="redeem", effective_on=date(2026, 10, 5), transfers=transfers, recorded_by="hammer")
