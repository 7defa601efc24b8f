"""Everything that changes activities. An action flushes and never commits; the face that calls it does."""

from datetime import datetime

from sqlalchemy import select

from bank.activities import queries, rules
from bank.activities.models import Activity
from bank.clock import local_day
from bank.db import db, random_key
from bank.hours.queries import rule_set
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.units.models import Unit
from bank.units.rules import UnitNotFound


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
    """Call an activity off, with a reason; `bank.attendance.confirm.call_off` sees to it that nobody has come.

    Raises RoleMissing, BadActivity without a reason.
    """
    activity = locked(activity_id)
    queries.require_organizer(by, activity.unit_id)
    if activity.state == "cancelled":
        return activity
    if not 1 <= len(reason.strip()) <= 200:
        raise rules.BadActivity(field="reason")
    activity.state, activity.cancelled_at, activity.cancelled_by_id = "cancelled", at, by.id
    activity.cancel_reason = reason.strip()
    db.session.flush()
    return activity


def locked(activity_id: int) -> Activity:
    """The activity, kept from changing until the end: who comes, who leaves and who confirms queue up here.

    Raises ActivityNotFound.
    """
    wanted = select(Activity).where(Activity.id == activity_id).with_for_update(key_share=True)
    activity = db.session.scalar(wanted.execution_options(populate_existing=True))
    if activity is None:
        raise rules.ActivityNotFound()
    return activity
