"""Compares service records with the journal entries that paid them, and reports every difference; repairs nothing."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bank.db import db
from bank.hours.models import ServiceRecord
from bank.ledger.models import JournalEntry, Transfer
from bank.ledger.words import Difference, difference
from bank.people.models import Person


def differences() -> Iterator[Difference]:
    """Every service record whose minutes or points are not what its entry deposited for its person."""
    record, entry = ServiceRecord, JournalEntry
    minutes, points = _deposited("minutes", Person.minutes_account_id), _deposited("points", Person.points_account_id)
    rows = db.session.execute(
        select(record.id, record.minutes, record.points, minutes, points)
        .join(Person, Person.id == record.person_id)
        .outerjoin(entry, entry.id == record.entry_id)
        .outerjoin(Transfer, Transfer.entry_id == record.entry_id)
        .group_by(record.id, record.minutes, record.points, entry.kind)
        .having(or_(minutes != record.minutes, points != record.points, func.coalesce(entry.kind, "deposit") != "deposit"))
        .order_by(record.id)
    )
    for record_id, said_minutes, said_points, paid_minutes, paid_points in rows:
        said, paid = {"minutes": said_minutes, "points": said_points}, {"paid_minutes": paid_minutes, "paid_points": paid_points}
        yield difference("record_differs", record=record_id, **said, **paid)


def _deposited(unit: str, account_id: InstrumentedAttribute[int]) -> ColumnElement[int]:
    is_theirs = (Transfer.unit == unit) & (Transfer.credit_id == account_id)
    return func.coalesce(func.sum(case((is_theirs, Transfer.amount), else_=0)), 0)
