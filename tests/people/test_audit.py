"""Nobody comes by the points of another by having his account."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.ledger import guards
from bank.people.audit import differences
from bank.people.models import Person
from bank.units.models import Unit
from tests.cases import cases
from tests.ledger.conftest import told

Attack = Callable[[str], object]
FREE = "(SELECT id FROM account WHERE code = 'redeemed')"
ATTACKS = [
    f"UPDATE person SET points_account_id = {FREE}",
    f"UPDATE person SET minutes_account_id = {FREE}",
    "UPDATE person SET key = 'another'",
    f"UPDATE unit SET issued_account_id = {FREE}",
    "UPDATE unit SET key = 'another'",
]


@pytest.fixture
def attack(app: Flask, alice: Person, community: Unit) -> Attack:
    """The statement, aimed at alice or her community."""
    ids = {"person": alice.id, "unit": community.id}
    return lambda sql: db.session.execute(text(f"{sql} WHERE id = {ids[sql.split()[1]]}"))


@cases("sql", ATTACKS)
def test_no_account_is_given_to_another(sql: str, attack: Attack) -> None:
    with pytest.raises(DBAPIError, match="append_only"), transaction():
        attack(sql)


@pytest.mark.parametrize("sql", ATTACKS)
def test_an_account_given_to_another_behind_the_guards_is_found(sql: str, attack: Attack) -> None:
    assert list(differences()) == []
    with transaction(), guards.lowered(db.session.connection(), f"{sql.split()[1]}__same_accounts"):
        attack(sql)
    [found] = differences()
    assert f"{sql.split()[1]} " in told([found])[0]
