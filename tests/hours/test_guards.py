"""The database itself refuses records that refer to nothing, and lets nothing go that a record refers to."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction

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


SAME_ENTRY = ANOTHER.format("service_id", "confirmed_by_id", "rule_version", "confirmed_by_id", "entry_id")
SAME_SERVICE = ANOTHER.format("service_id", "person_id", "rule_version", "confirmed_by_id", "NULL")
SAME_NUMBER = "INSERT INTO service_record SELECT * FROM service_record"


@pytest.mark.parametrize("another", [SAME_ENTRY, SAME_SERVICE, SAME_NUMBER])
def test_a_record_is_not_replaced(recorded: None, kind: str, another: str) -> None:
    if kind == "postgresql":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    with pytest.raises(DBAPIError, match="append_only"), transaction():
        db.session.execute(text(another.replace("INSERT", "INSERT OR REPLACE")))


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses(recorded: None, attack: str) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key|bad_record|append_only"), transaction():
        db.session.execute(text(attack))
