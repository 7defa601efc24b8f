"""A small set of accounts to post between."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.ledger import actions, queries, seal, seal_audit
from bank.ledger.posting import Posted
from bank.ledger.rules import NewEntry, NewTransfer
from bank.ledger.words import Difference

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


def told(found: Iterable[Difference]) -> list[str]:
    """Differences as an English reader is told them."""
    with force_locale("en"):
        return [str(each) for each in found]


def differences(*, first: int = 1) -> list[Difference]:
    """What the seals find wrong with the journal."""
    db.session.rollback()
    db.session.expire_all()
    found = [each for _, sentences in seal_audit.differences(first=first) for each in sentences]
    return found + list(seal_audit.loose_entries())


def anchored(path: Path) -> list[str]:
    """What the seals in a file find wrong with those in the database."""
    return told(seal.anchor_differences(seal.read_anchors(path.read_text(encoding="utf-8"))))


@pytest.fixture
def books(app: Flask, at: datetime) -> Books:
    with transaction():
        first, second = actions.open_member_accounts(keys=["first", "second"], at=at)
        issued = actions.open_account(code="issued/test", unit="points", has_floor=False, at=at)
    served, redeemed = queries.system_account("served", "minutes"), queries.system_account("redeemed", "points")
    db.session.rollback()  # Other threads will write; what is read next must see it.
    return Books(first, second, issued, served, redeemed, at)


@pytest.fixture
def attack(app: Flask) -> Callable[..., str]:
    """Run raw SQL as the application's own database user; answers what the database said, or fails if it let it pass.

    Of several statements the first ones prepare the last one, which alone may be refused.
    """

    def run(*statements: str) -> str:
        with transaction():
            for sql in statements[:-1]:
                db.session.execute(text(sql))
            with pytest.raises(DBAPIError) as refused:
                db.session.execute(text(statements[-1]))
            db.session.rollback()
        return str(refused.value.orig).splitlines()[0]

    return run


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """The file of published seals."""
    return tmp_path / "seals.txt"


@pytest.fixture
def sealed(books: Books, outside: Path) -> dict[str, object]:
    """Four entries, two in each of two seals; their ids and the members' accounts by name."""
    posted = books.post(books.deposit("one"), books.deposit("two"))
    seal.seal_all(published=outside, at=books.at)
    posted += books.post(books.deposit("three")) + books.post(books.redeem("four", points=50))
    seal.seal_all(published=outside, at=books.at + timedelta(days=1))
    ids = {name: each.entry_id for name, each in zip(("one", "two", "three", "four"), posted, strict=True)}
    return {"first": books.first[0], "second": books.second[0], "zeros": "0" * 63 + "1"} | ids
