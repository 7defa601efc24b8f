"""Two banks beside each other in one database, by turns: each has its own books, and the code does not know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask

from bank.app import create_app
from bank.db import db, transaction
from bank.ledger import actions, audit, queries
from bank.ledger.rules import NewEntry, NewTransfer
from tests import databases, server


@contextmanager
def open_bank(url: str, schema: str) -> Iterator[Flask]:
    app = create_app({"DATABASE_URL": url, "SCHEMA": schema, "SECRET_KEY": server.SECRET})
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def two_banks(kind: str, databases_of: Callable[[str], databases.Databases], tmp_path: Path) -> Iterator[list[tuple[str, str]]]:
    """(address, schema) of two banks: two schemas of one PostgreSQL database, or two SQLite files."""
    place = databases_of(kind)
    urls = [place.create()] * 2 if kind == "postgresql" else [place.create(), place.create()]
    banks = list(zip(urls, ("east", "west"), strict=True))
    for url, schema in banks:
        server.bank("init", database_url=url, folder=tmp_path, SCHEMA=schema)
    yield banks
    for url in set(urls):
        place.drop(url)


def deposit(points: int, at: datetime) -> int:
    """Open a member's account and an issuing account, and move points between them; the member's account."""
    with transaction():
        [(member, _)] = actions.open_member_accounts(keys=[f"member{points}"], at=at)
        issued = actions.open_account(code=f"issued/{points}", unit="points", has_floor=False, at=at)
        entry = NewEntry(
            key="first", kind="deposit", effective_on=date(2026, 10, 1), recorded_by="bob",
            transfers=(NewTransfer("points", issued, member, points),),
        )  # fmt: skip
        actions.post([entry], at=at)
    return member


def test_each_bank_keeps_its_own_books(two_banks: list[tuple[str, str]], at: datetime) -> None:
    accounts = []
    for number, place in enumerate(two_banks, 1):
        with open_bank(*place):
            accounts.append(deposit(100 * number, at))
    for number, (place, account_id) in enumerate(zip(two_banks, accounts, strict=True), 1):
        with open_bank(*place):
            assert queries.balance(account_id) == 100 * number
            assert queries.members_hold()["points"] == 100 * number
            assert list(audit.differences()) == []


def test_both_banks_are_open_at_once_in_one_process(two_banks: list[tuple[str, str]], at: datetime) -> None:
    with open_bank(*two_banks[0]) as east, open_bank(*two_banks[1]) as west:
        for number, app in enumerate((east, west, east, west), 1):
            with app.app_context():
                if number < 3:
                    deposit(number, at)
                assert queries.members_hold()["points"] == (1 if app is east else 2)
