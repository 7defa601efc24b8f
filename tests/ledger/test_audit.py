"""What somebody with the database's own powers changed is found."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bank.db import db, transaction
from bank.ledger import actions, guards
from bank.ledger.audit import differences
from tests.ledger.conftest import Books

TAMPERINGS = {
    "an amount": ("UPDATE transfer SET amount = amount + 1 WHERE line = 1", "not what was posted"),
    "a side": ("UPDATE transfer SET credit_id = {second} WHERE line = 1", "not what was posted"),
    "a reason": ("UPDATE journal_entry SET reason = 'gift'", "not what was posted"),
    "a kind": ("UPDATE journal_entry SET kind = 'import'", "not what was posted"),
    "a missing line": ("DELETE FROM transfer WHERE line = 2", "should have 2 transfers but has 1"),
    "a balance": ("UPDATE account SET balance = balance + 1 WHERE id = {first}", "stores 201"),
    "an opening": ("UPDATE opening SET balance = balance + 1, earned = earned + 1", "The opening of account"),
}


@pytest.fixture
def tamper(books: Books) -> Callable[[str], None]:
    """Change rows behind the guards' back, and put the guards up again."""
    books.post(books.deposit("august", on=date(2026, 8, 3)), books.deposit("one"))
    with transaction():
        actions.close_through(month=date(2026, 8, 1), at=books.at + timedelta(minutes=1))

    def run(sql: str) -> None:
        with transaction():
            connection = db.session.connection()
            guards.drop(connection)
            connection.execute(text(sql.format(first=books.first[0], second=books.second[0])))
            guards.renew(connection)

    return run


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_change_is_found(name: str, tamper: Callable[[str], None]) -> None:
    sql, sign = TAMPERINGS[name]
    assert list(differences()) == []
    tamper(sql)
    assert any(sign in difference for difference in list(differences()))


def test_a_missing_guard_is_found(books: Books) -> None:
    with transaction():
        guards.drop(db.session.connection())
    assert len(list(differences())) == len(guards.definitions(db.engine.dialect.name))
