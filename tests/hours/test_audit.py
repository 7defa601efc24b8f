"""A service record that says other than the journal paid is found, whoever wrote it so."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from bank.db import db, transaction
from bank.hours import actions
from bank.hours.audit import differences
from bank.hours.rules import NewPart, NewService
from bank.ledger import guards
from bank.people.models import Person
from tests.ledger.conftest import told

TAMPERINGS = {
    "minutes": ("SET minutes = minutes + 1", "says 61 minutes and 100 hundredths of a point, but its entry deposited 60 and 100"),
    "points": ("SET points = 5000", "says 60 minutes and 5000 hundredths of a point"),
    "somebody else": ("SET person_id = (SELECT confirmed_by_id FROM service_record)", "but its entry deposited 0 and 0"),
    "no entry": ("SET entry_id = NULL", "but its entry deposited 0 and 0"),
}


@pytest.fixture
def recorded(
    app: Flask, bob: Person, alice: Person, new_service: Callable[..., NewService], part: Callable[..., NewPart], at: datetime
) -> None:
    service = new_service(hours=1)
    with transaction():
        actions.record(by=bob, service=service, parts=[part(alice, service)], at=at)


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_record_changed_behind_the_guards_is_found(name: str, recorded: None) -> None:
    change, sign = TAMPERINGS[name]
    assert list(differences()) == []
    with transaction(), guards.lowered(db.session.connection(), "service_record"):
        db.session.execute(text(f"UPDATE service_record {change}"))
    [found] = differences()
    assert sign in told([found])[0]


def test_a_record_replaced_is_found(recorded: None, kind: str) -> None:
    if kind == "postgresql":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    kept = "id, service_id, person_id, evidence, present_minutes, points, rule_version, confirmed_at, confirmed_by_id, entry_id"
    replace = f"INSERT OR REPLACE INTO service_record ({kept}, minutes) SELECT {kept}, 600 FROM service_record"
    with transaction():
        db.session.execute(text(replace))
    [found] = differences()
    assert "says 600 minutes" in told([found])[0]
