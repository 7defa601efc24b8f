"""Everything that changes attendance. An action flushes and never commits; the face that calls it does."""

from datetime import datetime

from sqlalchemy import select

from bank.activities.actions import locked
from bank.activities.models import Activity
from bank.activities.queries import require_organizer
from bank.attendance import queries, rules
from bank.attendance import ticket as tickets
from bank.attendance.models import Attendance
from bank.clock import local_day
from bank.db import db
from bank.hours.queries import rule_set
from bank.joining.actions import admit
from bank.people.models import Person
from bank.people.rules import PersonNotFound


def check_in(*, by: Person, activity_id: int, ticket: str, at: datetime) -> Attendance:
    """Record that `by` came, at the instant of the scan; raises one of `rules.CHECK_IN_ANSWERS` (AlreadyCheckedIn: with time)."""
    activity = locked(activity_id)
    scan = _read(activity, ticket, at)
    return _enter(activity, by, scan.scanned_at, by=by, way=scan.way)


def check_out(*, by: Person, activity_id: int, ticket: str, at: datetime) -> Attendance:
    """Record that `by` left, at the instant of the scan; raises one of `rules.CHECK_IN_ANSWERS`."""
    activity = locked(activity_id)
    scan = _read(activity, ticket, at)
    return _leave(activity, by, scan.scanned_at, way=scan.way)


def check_in_member(*, by: Person, activity_id: int, card_number: str, at: datetime) -> Attendance:
    """Check a member in by the card that was shown to the organizer `by`; never one's own."""
    activity = locked(activity_id)
    return _enter(activity, _card_holder(by, activity, card_number), at, by=by, way="organizer")


def check_out_member(*, by: Person, activity_id: int, card_number: str, at: datetime) -> Attendance:
    """Check a member out by the card that was shown to the organizer `by`; never one's own."""
    activity = locked(activity_id)
    return _leave(activity, _card_holder(by, activity, card_number), at, way="organizer")


def _read(activity: Activity, code: str, at: datetime) -> tickets.Scan:
    if tickets.activity_id(code) not in (None, activity.id):
        raise rules.CodeOfAnother()
    return tickets.read(code, activity.key, secret=queries.secret(), at=at)


def _card_holder(by: Person, activity: Activity, card_number: str) -> Person:
    """Whose card this is, wherever in the bank: who shows a card at the door may come from another community."""
    require_organizer(by, activity.unit_id)
    person = db.session.scalar(select(Person).where(Person.card_number == card_number.strip()))
    if person is None:
        raise PersonNotFound()
    if person.id == by.id:
        raise rules.NotYourOwnCard()
    return person


def _enter(activity: Activity, person: Person, at: datetime, *, by: Person, way: str) -> Attendance:
    in_force = rule_set(local_day(activity.starts_at))
    stays = queries.attendances_of(person_id=person.id, activity_id=activity.id)
    if stays and stays[-1].checked_out_at is None:
        raise rules.AlreadyCheckedIn(checked_in_at=stays[-1].checked_in_at)
    rules.check_open(state=activity.state, starts_at=activity.starts_at, ends_at=activity.ends_at, at=at, rules=in_force)
    if len(stays) >= in_force.pairs_max:
        raise rules.TooManyStays(stays_max=in_force.pairs_max)
    if not stays and not admit(activity, person, by=by, at=at):
        raise rules.ActivityFull(capacity=activity.capacity)
    # The clock may have been set back since the last stay; stays never overlap.
    begin = max([at, *(each.checked_out_at for each in stays if each.checked_out_at)])
    attendance = Attendance(
        activity_id=activity.id, person_id=person.id, pair=len(stays) + 1, checked_in_at=begin, checked_in_by=way
    )
    db.session.add(attendance)
    db.session.flush()  # The unique index has the last word, should the lock ever be forgotten.
    return attendance


def _leave(activity: Activity, person: Person, at: datetime, *, way: str) -> Attendance:
    stays = queries.attendances_of(person_id=person.id, activity_id=activity.id)
    if not stays:
        raise rules.NotCheckedIn()
    if stays[-1].checked_out_at is not None:
        raise rules.AlreadyCheckedOut(checked_out_at=stays[-1].checked_out_at)
    rules.check_open(
        state=activity.state, starts_at=activity.starts_at, ends_at=activity.ends_at, at=at,
        rules=rule_set(local_day(activity.starts_at)),
    )  # fmt: skip
    stays[-1].checked_out_at = max(at, stays[-1].checked_in_at)  # The clock may have been set back since.
    stays[-1].checked_out_by = way
    db.session.flush()
    return stays[-1]
