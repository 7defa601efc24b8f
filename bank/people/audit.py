"""Compares whose accounts persons and units have with the names of these accounts, which are sealed; repairs nothing."""

from collections.abc import Iterator

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import aliased

from bank.db import db
from bank.ledger.models import Account
from bank.ledger.words import Difference, difference
from bank.people.models import Person
from bank.units.models import Unit


def differences() -> Iterator[Difference]:
    """Every person or unit whose accounts bear the key of somebody else, or are of the wrong unit."""
    points, minutes = aliased(Account), aliased(Account)
    code = literal("member/") + Person.key
    theirs = ((points.code, code), (minutes.code, code), (points.unit, "points"), (minutes.unit, "minutes"))
    persons = (
        select(Person.id)
        .join(points, points.id == Person.points_account_id)
        .join(minutes, minutes.id == Person.minutes_account_id)
        .where(or_(*(there != expected for there, expected in theirs)))
    )
    for person_id in db.session.scalars(persons.order_by(Person.id)):
        yield difference("accounts_of_another", person=person_id)
    units = (
        select(Unit.id).join(Account, Account.id == Unit.issued_account_id).where(Account.code != literal("issued/") + Unit.key)
    )
    for unit_id in db.session.scalars(units.order_by(Unit.id)):
        yield difference("issues_from_another", unit=unit_id)
