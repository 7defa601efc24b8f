"""A small set of accounts to post between."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.ledger import actions, queries
from bank.ledger.posting import Posted
from bank.ledger.rules import NewEntry, NewTransfer

OCTOBER_5 = date(2026, 10, 5)


@dataclass(frozen=True)
class Books:
    """Account ids of two members (points, minutes) and of the bank, and shorthands for entries."""

    first: tuple[int, int]
    second: tuple[int, int]
    issued: int
    served: int
    redeemed: int
    at: datetime

    def deposit(self, key: str, *, points: int = 100, minutes: int = 60, on: date = OCTOBER_5, to: int | None = None) -> NewEntry:
        transfers = (
            NewTransfer("points", self.issued, to or self.first[0], points),
            NewTransfer("minutes", self.served, self.first[1], minutes),
        )
        return NewEntry(key=key, kind="deposit", effective_on=on, transfers=transfers, recorded_by="bob")

    def redeem(self, key: str, *, points: int, on: date = OCTOBER_5) -> NewEntry:
        transfers = (NewTransfer("points", self.first[0], self.redeemed, points),)
        return NewEntry(key=key, kind="redeem", effective_on=on, transfers=transfers, recorded_by="carol")

    def post(self, *entries: NewEntry, at: datetime | None = None) -> list[Posted]:
        with transaction():
            return actions.post(entries, at=at or self.at)


@pytest.fixture
def books(app: Flask, at: datetime) -> Books:
    with transaction():
        first, second = actions.open_member_accounts(keys=["first", "second"], at=at)
        issued = actions.open_account(code="issued/test", unit="points", has_floor=False, at=at)
    served, redeemed = queries.system_account("served", "minutes"), queries.system_account("redeemed", "points")
    db.session.rollback()  # Other threads will write; what is read next must see it.
    return Books(first, second, issued, served, redeemed, at)


@pytest.fixture
def attack(app: Flask) -> Callable[[str], str]:
    """Run raw SQL as the application's own database user; answers what the database said, or fails if it let it pass."""

    def run(sql: str) -> str:
        with pytest.raises(DBAPIError) as refused, transaction():
            db.session.execute(text(sql))
        return str(refused.value.orig).splitlines()[0]

    return run
