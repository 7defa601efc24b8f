"""Everything that changes activities. An action flushes and never commits; the face that calls it does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from bank.activities import queries, rules
from bank.activities.models import Activity, ActivityDraft, ActivitySeries
from bank.activities.rules import NewActivity
from bank.clock import local_day, local_instant, zone
from bank.db import db, random_key
from bank.hours.queries import rule_set
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.units.queries import open_unit


def publish(*, by: Person, new: NewActivity, draft_id: int | None = None, at: datetime) -> Activity:
    """Publish an activity before it starts, from a draft or not.

    Raises RoleMissing, BadActivity, ActivityInPast, CategoryBanned, CategoryUnknown, DraftNotFound.
    """
    _check(by, new, at)
    if draft_id is not None:
        drop_draft(by=by, draft_id=draft_id)
    return _add(by, [new], None, at)[0]


def publish_series(
    *, by: Person, new: NewActivity, until_on: date, every_weeks: int = 1, draft_id: int | None = None, at: datetime
) -> list[Activity]:  # fmt: skip
    """Publish the same every so many weeks until a day, each at the same local time.

    Raises BadSeries and what `publish` raises.
    """
    _check(by, new, at)
    first_on = local_day(new.starts_at)
    days = rules.days_of_series(first_on, until_on=until_on, every_weeks=every_weeks)
    series = ActivitySeries(every_weeks=every_weeks, first_on=first_on, until_on=until_on, made_at=at, made_by_id=by.id)
    db.session.add(series)
    db.session.flush()  # Its activities need the id.
    plans = [moved(new, starts_at=_on(day, new.starts_at)) for day in days]
    _check(by, plans[-1], at)
    if draft_id is not None:
        drop_draft(by=by, draft_id=draft_id)
    return _add(by, plans, series, at)


def edit(*, by: Person, activity_id: int, new: NewActivity, at: datetime) -> tuple[Activity, set[str]]:
    """Change the plan of an activity before it begins; answers what is different now. Its unit stays the same.

    `bank.joining.changes` sees to the people who have joined. Raises RoleMissing, BegunOrOver, and what `publish` raises.
    """
    activity = locked(activity_id)
    queries.require_organizer(by, activity.unit_id)
    rules.check_change(state=activity.state, starts_at=activity.starts_at, at=at)
    if new.unit_id != activity.unit_id:
        raise rules.BadActivity(field="unit_id")
    _check(by, new, at)
    columns = _columns(new)
    changed = {name for name, value in columns.items() if getattr(activity, name) != value}
    for name in changed:
        setattr(activity, name, columns[name])
    if changed:
        activity.changed_at = at
    db.session.flush()
    return activity, changed


def save_draft(*, by: Person, unit_id: int, content: dict[str, Any], draft_id: int | None = None, at: datetime) -> ActivityDraft:
    """Keep a plan for later, anew or in place of an earlier draft; nobody but the unit's organizers sees it.

    Raises UnitNotFound, RoleMissing, DraftNotFound.
    """
    open_unit(unit_id)
    queries.require_organizer(by, unit_id)
    draft = queries.draft(by=by, draft_id=draft_id) if draft_id is not None else ActivityDraft()
    draft.unit_id, draft.content, draft.saved_at, draft.saved_by_id = unit_id, content, at, by.id
    db.session.add(draft)
    db.session.flush()  # The caller needs the id.
    return draft


def drop_draft(*, by: Person, draft_id: int) -> None:
    """Throw a draft away. Raises DraftNotFound."""
    db.session.delete(queries.draft(by=by, draft_id=draft_id))
    db.session.flush()


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


def moved(new: NewActivity, *, starts_at: datetime) -> NewActivity:
    """The same plan, as long, from another instant on."""
    return replace(new, starts_at=starts_at, ends_at=starts_at + (new.ends_at - new.starts_at))


def locked(activity_id: int) -> Activity:
    """The activity, kept from changing until the end: who comes, who leaves and who confirms queue up here.

    Raises ActivityNotFound.
    """
    wanted = select(Activity).where(Activity.id == activity_id).with_for_update(key_share=True)
    activity = db.session.scalar(wanted.execution_options(populate_existing=True))
    if activity is None:
        raise rules.ActivityNotFound()
    return activity


def _check(by: Person, new: NewActivity, at: datetime) -> None:
    open_unit(new.unit_id)
    queries.require_organizer(by, new.unit_id)
    rules.check_activity(new, at=at, rules=rule_set(local_day(at)))
    if db.session.get(Person, new.leader_id) is None:
        raise PersonNotFound()


def _add(by: Person, plans: Sequence[NewActivity], series: ActivitySeries | None, at: datetime) -> list[Activity]:
    added = [
        Activity(
            key=random_key(), unit_id=new.unit_id, series_id=series.id if series else None, state="published",
            published_at=at, published_by_id=by.id, **_columns(new),
        )
        for new in plans
    ]  # fmt: skip
    db.session.add_all(added)
    db.session.flush()  # The caller needs the ids.
    return added


def _columns(new: NewActivity) -> dict[str, Any]:
    """What a plan says, as the table keeps it; all but the unit can change."""
    texts = {name: getattr(new, name).strip() for name in ("name", "place", "content")}
    plain = ("category", "starts_at", "ends_at", "break_minutes", "capacity", "class_percent", "leader_id", "is_risky")
    insurance = (new.insurance_number or "").strip() or None
    return texts | {name: getattr(new, name) for name in plain} | {"insurance_number": insurance}


def _on(day: date, at: datetime) -> datetime:
    """The same local time on another day."""
    return local_instant(day, at.astimezone(zone()).time())
