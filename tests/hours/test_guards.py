"""The database itself refuses records that refer to nothing, and lets nothing go that a record refers to."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.hours import actions
from bank.hours.rules import NewPart, NewService
from bank.people.models import Person

ANOTHER = """
    INSERT INTO service_record (service_id, person_id, evidence, present_minutes, minutes, points, rule_version, confirmed_at,
                                confirmed_by_id, entry_id)
    SELECT {}, {}, 'scanned', 1, 1, 1, {}, confirmed_at, {}, {} FROM service_record"""
ATTACKS = {
    "service unknown": ANOTHER.format(99, "person_id", "rule_version", "confirmed_by_id", "NULL"),
    "person unknown": ANOTHER.format("service_id", 99_999, "rule_version", "confirmed_by_id", "NULL"),
    "rules unknown": ANOTHER.format("service_id", "confirmed_by_id", 99, "confirmed_by_id", "NULL"),
    "who confirmed unknown": ANOTHER.format("service_id", "confirmed_by_id", "rule_version", 99_999, "NULL"),
    "entry unknown": ANOTHER.format("service_id", "confirmed_by_id", "rule_version", "confirmed_by_id", 99_999),
    "record changed": "UPDATE service_record SET minutes = minutes + 1",
    "record deleted": "DELETE FROM service_record",
    "record moved to nobody": "UPDATE service_record SET person_id = 99999",
    "record moved to no service": "UPDATE service_record SET service_id = 99999",
    "service deleted": "DELETE FROM service",
    "service renumbered": "UPDATE service SET id = id + 1000",
    "person deleted": "DELETE FROM person WHERE id = (SELECT person_id FROM service_record)",
    "unit deleted": "DELETE FROM unit",
    "unit renumbered": "UPDATE unit SET id = id + 1000",
    "person renumbered": "UPDATE person SET id = id + 1000 WHERE id = (SELECT person_id FROM service_record)",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses(
    app: Flask, bob: Person, alice: Person, new_service: Callable[..., NewService], part: Callable[..., NewPart], at: datetime,
    attack: str,
) -> None:  # fmt: skip
    service = new_service()
    with transaction():
        actions.record(by=bob, service=service, parts=[part(alice, service)], at=at)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key|bad_record|append_only"), transaction():
        db.session.execute(text(attack))
