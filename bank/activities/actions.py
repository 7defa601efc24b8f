"""Everything that changes activities and attendance. An action flushes and never commits; the face that calls it does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bank.activities import queries, rules
from bank.activities import ticket as tickets
from bank.activities.models import Activity, Attendance
from bank.clock import local_day
from bank.db import db, random_key
from bank.hours import actions as hours
from bank.hours.queries import rule_set
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.units.models import Unit
from bank.units.rules import UnitNotFound


@dataclass(frozen=True)
class Confirmation:
    """What confirming did: records posted, people left out because they confirm, people who never checked out."""

    activity: Activity
    record_count: int
    left_out_ids: tuple[int, ...]
    pending_count: int


def publish(*, by: Person, new: rules.NewActivity, at: datetime) -> Activity:
    """Publish an activity before it starts. Raises RoleMissing, BadActivity, ActivityInPast, CategoryBanned, CategoryUnknown."""
    if db.session.get(Unit, new.unit_id) is None:
        raise UnitNotFound()
    queries.require_organizer(by, new.unit_id)
    rules.check_activity(new, at=at, rules=rule_set(local_day(at)))
    if db.session.get(Person, new.leader_id) is None:
        raise PersonNotFound()
    activity = Activity(
        key=random_key(), name=new.name.strip(), category=new.category, place=new.place.strip(), content=new.content.strip(),
        starts_at=new.starts_at, ends_at=new.ends_at, break_minutes=new.break_minutes, capacity=new.capacity,
        class_percent=new.class_percent, unit_id=new.unit_id, leader_id=new.leader_id, state="published",
        published_at=at, published_by_id=by.id,
    )  # fmt: skip
    db.session.add(activity)
    db.session.flush()  # The caller needs the id.
    return activity


def cancel(*, by: Person, activity_id: int, reason: str, at: datetime) -> Activity:
    """Call an activity off, with a reason, before anybody has come. Raises SomebodyCame, BadActivity without a reason."""
    activity = _locked(activity_id)
    queries.require_organizer(by, activity.unit_id)
    if activity.state == "cancelled":
        return activity
    if not 1 <= len(reason.strip()) <= 200:
        raise rules.BadActivity(field="reason")
    if activity.state == "confirmed" or queries.head_count(activity.id):
        raise rules.SomebodyCame()
    activity.state, activity.cancelled_at, activity.cancelled_by_id = "cancelled", at, by.id
    activity.cancel_reason = reason.strip()
    db.session.flush()
    return activity


def check_in(*, by: Person, activity_id: int, ticket: str, at: datetime) -> Attendance:
    """Record that `by` came, at the instant of the scan; raises one of `rules.CHECK_IN_ANSWERS` (AlreadyCheckedIn: with time)."""
    activity = _locked(activity_id)
    scan = _read(activity, ticket, at)
    return _enter(activity, by, scan.scanned_at, way=scan.way)


def check_out(*, by: Person, activity_id: int, ticket: str, at: datetime) -> Attendance:
    """Record that `by` left, at the instant of the scan; raises one of `rules.CHECK_IN_ANSWERS`."""
    activity = _locked(activity_id)
    scan = _read(activity, ticket, at)
    return _leave(activity, by, scan.scanned_at, way=scan.way)


def check_in_member(*, by: Person, activity_id: int, card_number: str, at: datetime) -> Attendance:
    """Check a member in by the card that was shown to the organizer `by`; never one's own."""
    activity = _locked(activity_id)
    return _enter(activity, _card_holder(by, activity, card_number), at, way="organizer")


def check_out_member(*, by: Person, activity_id: int, card_number: str, at: datetime) -> Attendance:
    """Check a member out by the card that was shown to the organizer `by`; never one's own."""
    activity = _locked(activity_id)
    return _leave(activity, _card_holder(by, activity, card_number), at, way="organizer")


def confirm(*, by: Person, activity_id: int, at: datetime) -> Confirmation:
    """Turn all finished stays into service records and deposit them. The own hours of `by` wait for somebody else.

    Who never checked out stays pending (待核实) and earns nothing until decided.
    Raises RoleMissing, ConfirmTooEarly, AlreadyConfirmed, ActivityCancelled, NobodyToConfirm, OwnHoursNeedOther.
    """
    activity = _locked(activity_id)
    queries.require_organizer(by, activity.unit_id)
    rules.check_confirm(
        state=activity.state, ends_at=activity.ends_at, is_somebody_in=queries.is_somebody_in(activity.id), at=at,
        rules=rule_set(local_day(activity.starts_at)),
    )  # fmt: skip
    parts = queries.parts(activity)
    if not parts:
        raise rules.NobodyToConfirm()
    recorded = hours.record(by=by, service=queries.as_service(activity), parts=parts, at=at)
    if recorded.left_out_ids and not recorded.record_count:
        raise rules.OwnHoursNeedOther()
    if not recorded.left_out_ids:
        activity.state, activity.confirmed_at, activity.confirmed_by_id = "confirmed", at, by.id
    db.session.flush()
    pending_count = queries.head_count(activity.id) - len(parts)
    return Confirmation(activity, recorded.record_count, recorded.left_out_ids, pending_count)


def _locked(activity_id: int) -> Activity:
    """The activity, kept from changing until the end: who comes, who leaves and who confirms queue up here."""
    wanted = select(Activity).where(Activity.id == activity_id).with_for_update(key_share=True)
    activity = db.session.scalar(wanted.execution_options(populate_existing=True))
    if activity is None:
        raise rules.ActivityNotFound()
    return activity


def _read(activity: Activity, code: str, at: datetime) -> tickets.Scan:
    if tickets.activity_id(code) not in (None, activity.id):
        raise rules.CodeOfAnother()
    return tickets.read(code, activity.key, secret=queries.secret(), at=at)


def _card_holder(by: Person, activity: Activity, card_number: str) -> Person:
    """Whose card this is, wherever in the bank: who shows a card at the door may come from another community."""
    queries.require_organizer(by, activity.unit_id)
    person = db.session.scalar(select(Person).where(Person.card_number == card_number.strip()))
    if person is None:
        raise PersonNotFound()
    if person.id == by.id:
        raise rules.NotYourOwnCard()
    return person


def _enter(activity: Activity, person: Person, at: datetime, *, way: str) -> Attendance:
    in_force = rule_set(local_day(activity.starts_at))
    stays = queries.attendances_of(person_id=person.id, activity_id=activity.id)
    if stays and stays[-1].checked_out_at is None:
        raise rules.AlreadyCheckedIn(checked_in_at=stays[-1].checked_in_at)
    rules.check_open(state=activity.state, starts_at=activity.starts_at, ends_at=activity.ends_at, at=at, rules=in_force)
    if len(stays) >= in_force.pairs_max:
        raise rules.TooManyStays(stays_max=in_force.pairs_max)
    if not stays and queries.head_count(activity.id) >= activity.capacity:
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
