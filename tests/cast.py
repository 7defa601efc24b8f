"""The fixed cast: alice volunteers, bob organises, carol is the clerk, dave the admin, erin the auditor; charlie sees nothing."""

from datetime import date, datetime, timedelta, timezone

from sqlalchemy import select

from bank.access.actions import set_pin
from bank.db import db, transaction
from bank.people import actions, organisation
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.models import Unit

AT = datetime(2026, 10, 15, 9, 0, tzinfo=timezone(timedelta(hours=8)))
JOINED_AT = datetime(2026, 9, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
PIN = "246810"
COMMUNITY, OTHER_COMMUNITY = "向阳社区", "月季社区"
PHONES = {
    "alice": "13800000001",
    "bob": "13800000002",
    "carol": "13800000003",
    "dave": "13800000004",
    "erin": "13800000005",
    "charlie": "13800000006",
}
NAMES = {"alice": "安丽", "bob": "包博", "carol": "柯乐乐", "dave": "戴维", "erin": "艾琳", "charlie": "查理"}


def load() -> None:
    """Found the units and enrol the cast in a bank that has just been made."""
    with transaction():
        town = db.session.scalars(select(Unit).where(Unit.kind == "bank")).one()
        street = organisation.add_unit(by=None, name="和平街道", kind="street", parent_id=town.id, at=JOINED_AT)
        community, other = (
            organisation.add_unit(by=None, name=name, kind="community", parent_id=street.id, at=JOINED_AT)
            for name in (COMMUNITY, OTHER_COMMUNITY)
        )
        for who in PHONES:
            _enrol(who, other if who == "charlie" else community)
        for who, role, unit in (
            ("bob", "organizer", community),
            ("carol", "clerk", community),
            ("dave", "admin", town),
            ("erin", "auditor", town),
        ):
            actions.grant_role(by=None, person_id=person(who).id, role=role, unit_id=unit.id, at=JOINED_AT)


def person(who: str) -> Person:
    """One of the cast, by the name used in tests."""
    return db.session.scalars(select(Person).where(Person.phone == PHONES[who])).one()


def unit(name: str) -> Unit:
    """One of the cast's units, by name."""
    return db.session.scalars(select(Unit).where(Unit.name == name)).one()


def _enrol(who: str, unit: Unit) -> None:
    new = NewPerson(name=NAMES[who], phone=PHONES[who], unit_id=unit.id, born_on=date(1990, 5, 1))
    enrolled = actions.enrol(by=None, new=new, at=JOINED_AT)
    set_pin(by=None, person_id=enrolled.id, pin=PIN, at=JOINED_AT)
