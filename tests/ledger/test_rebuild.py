"""Stored balances and openings are disposable: dropped and derived again, every answer stays the same."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from bank.cli.ledger import rebuild
from bank.db import db, transaction
from bank.ledger import actions, guards, queries
from bank.ledger.audit import differences
from bank.ledger.models import Account, Opening
from tests.ledger.conftest import Books

DAMAGES = {
    "a balance": "UPDATE account SET balance = balance + 1 WHERE id = {first}",
    "all balances": "UPDATE account SET balance = 0, last_entry_id = NULL WHERE has_floor",
    "an account that nothing ever moved": "UPDATE account SET balance = 5, last_entry_id = 1 WHERE id = {unmoved}",
    "an opening": "UPDATE opening SET balance = balance + 1, earned = earned + 1",
    "all openings": "DELETE FROM opening",
}


@pytest.fixture
def closed(books: Books) -> Books:
    """Three months of books, of which two are closed."""
    books.post(books.deposit("august", points=500, on=date(2026, 8, 3)), books.redeem("soap", points=70, on=date(2026, 8, 9)))
    [wrong] = books.post(books.deposit("september", on=date(2026, 9, 4), to=books.second[0]))
    with transaction():
        actions.close_through(month=date(2026, 9, 1), at=books.at)
        actions.reverse(
            entry_id=wrong.entry_id, key="undo", reason="wrong", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 6), at=books.at,
        )  # fmt: skip
    books.post(books.deposit("october"))
    return books


@pytest.fixture
def command(app: Flask) -> Callable[..., Result]:
    return lambda *arguments: app.test_cli_runner().invoke(rebuild, arguments)


def damage(books: Books, sql: str) -> None:
    with transaction():
        connection = db.session.connection()
        guards.drop(connection)
        connection.execute(text(sql.format(first=books.first[0], unmoved=books.second[1])))
        guards.renew(connection)


def stored() -> tuple[list[Any], list[Any]]:
    """Every stored balance and opening, row by row."""
    db.session.rollback()
    accounts = select(Account.id, Account.balance, Account.last_entry_id).order_by(Account.id)
    openings = select(Opening.__table__).order_by(Opening.month, Opening.account_id)
    return db.session.execute(accounts).all(), db.session.execute(openings).all()


def answers(books: Books) -> list[Any]:
    """What the books say of every account and of every month."""
    accounts = (*books.first, *books.second, books.issued, books.served, books.redeemed)
    days = [date(2026, 7, 31) + timedelta(days=10 * number) for number in range(10)]
    found: list[Any] = [queries.balance_on(each, day) for each in accounts for day in days]
    return [*found, [queries.history(each) for each in accounts], queries.bank_accounts(), queries.members_hold()]


@pytest.mark.parametrize("name", DAMAGES)
def test_what_was_damaged_is_as_it_was(name: str, closed: Books, command: Callable[..., Result]) -> None:
    before = stored(), answers(closed)
    damage(closed, DAMAGES[name])
    assert stored() != before[0]
    assert command().exit_code == 0
    assert (stored(), answers(closed)) == before
    assert list(differences()) == []


def test_right_books_stay_byte_for_byte_the_same(closed: Books, command: Callable[..., Result]) -> None:
    before = stored(), answers(closed)
    assert "0 were different" in command().output
    assert (stored(), answers(closed)) == before


@pytest.mark.parametrize("name", DAMAGES)
def test_check_finds_the_damage_and_writes_nothing(name: str, closed: Books, command: Callable[..., Result]) -> None:
    assert command("--check").exit_code == 0
    damage(closed, DAMAGES[name])
    damaged = stored()
    assert command("--check").exit_code == 1
    assert stored() == damaged


def test_the_guards_are_up_again_afterwards(closed: Books, attack: Callable[..., str]) -> None:
    with transaction():
        actions.rebuild()
    assert guards.installed(db.session.connection()) == set(guards.definitions(db.engine.dialect.name))
    assert "append_only" in attack("UPDATE opening SET balance = 0")
    assert "append_only" in attack(f"UPDATE account SET balance = 1 WHERE id = {closed.first[0]}")


def test_the_books_go_on_after_a_rebuild(closed: Books) -> None:
    with transaction():
        actions.rebuild()
    closed.post(closed.redeem("later", points=1))
    assert queries.balance(closed.first[0]) == 529
    assert list(differences()) == []


def test_a_rebuild_that_fails_changes_nothing(closed: Books) -> None:
    before = stored()
    with pytest.raises(ZeroDivisionError), transaction():
        actions.rebuild()
        raise ZeroDivisionError
    assert stored() == before
    assert guards.installed(db.session.connection()) == set(guards.definitions(db.engine.dialect.name))
