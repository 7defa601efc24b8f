"""A service record that says other than the journal paid is found, whoever wrote it so."""

import pytest
from sqlalchemy import text

from bank.db import db, transaction
from bank.hours.audit import differences
from bank.ledger import guards
from tests.ledger.conftest import told

TAMPERINGS = {
    "minutes": ("SET minutes = minutes + 1", "says 61 minutes and 100 hundredths of a point, but its entry deposited 60 and 100"),
    "points": ("SET points = 5000", "says 60 minutes and 5000 hundredths of a point"),
    "somebody else": ("SET person_id = (SELECT confirmed_by_id FROM service_record)", "but its entry deposited 0 and 0"),
    "no entry": ("SET entry_id = NULL", "but its entry deposited 0 and 0"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_record_changed_behind_the_guards_is_found(name: str, recorded: None) -> None:
    change, sign = TAMPERINGS[name]
    assert list(differences()) == []
    with transaction(), guards.lowered(db.session.connection(), "service_record"):
        db.session.execute(text(f"UPDATE service_record {change}"))
    [found] = differences()
    assert sign in told([found])[0]
