"""What can be asked about activities and who came; nothing here changes anything."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.orm import joinedload

from bank.activities import rules
from bank.activities.models import Activity, ActivityDraft
from bank.clock import local_instant
from bank.db import db
from bank.hours.rules import NewService
from bank.people.models import Person
from bank.people.queries import has_role, require_role, units
from bank.people.rules import PersonNotFound
from bank.units.models import Unit

LISTED_MAX = 100
CALENDAR_MAX = 2000
YEAR_MAX = 2100


def activity(activity_id: int) -> Activity:
    """One activity. Raises ActivityNotFound."""
    found = db.session.get(Activity, activity_id)
    if found is None:
        raise rules.ActivityNotFound()
    return found


def upcoming(*, at: datetime, near: Unit | None = None) -> Select[Activity]:
    """Activities that are not over, to be read in the order of `starts_at` and `id`.

    `near` keeps those of the unit, of the units below it and of those above it.
    """
    return _listed(near).where(Activity.ends_at > at, Activity.state != "cancelled")


def past(*, at: datetime, near: Unit | None = None) -> Select[Activity]:
    """Activities that are over, to be read in the opposite order."""
    return _listed(near).where(Activity.ends_at <= at)


def organized(*, by: Person) -> Select[Activity]:
    """Activities of the units where `by` is organizer or admin."""
    unit_ids = {each.id for role in ("organizer", "admin") for each in units(by=by, role=role)}
    return _listed(None).where(Activity.unit_id.in_(unit_ids))


def draft(*, by: Person, draft_id: int) -> ActivityDraft:
    """One draft, for the organizers of its unit. Raises DraftNotFound."""
    found = db.session.get(ActivityDraft, draft_id)
    if found is None or not may_organize_in(by, found.unit_id):
        raise rules.DraftNotFound()
    return found


def drafts(*, by: Person) -> list[ActivityDraft]:
    """The drafts of units where `by` is organizer or admin, the latest first."""
    unit_ids = {each.id for each in organizing_units(by)}
    wanted = select(ActivityDraft).where(ActivityDraft.unit_id.in_(unit_ids)).options(joinedload(ActivityDraft.unit))
    return list(db.session.scalars(wanted.order_by(ActivityDraft.saved_at.desc(), ActivityDraft.id.desc()).limit(LISTED_MAX)))


def following(activity: Activity) -> list[Activity]:
    """The later activities of the same series that can still be changed, in order."""
    if activity.series_id is None:
        return []
    later = (Activity.series_id == activity.series_id, Activity.starts_at > activity.starts_at, Activity.state == "published")
    return list(db.session.scalars(select(Activity).where(*later).order_by(Activity.starts_at, Activity.id)))


def span(first: date, days: int) -> dict[str, datetime]:
    """So many local days from one on, as instants `since` and `until`. Raises BadActivity beyond the calendar."""
    if not 2000 <= first.year <= YEAR_MAX:
        raise rules.BadActivity(field="since")
    return {"since": local_instant(first, time()), "until": local_instant(first + timedelta(days=days), time())}


def between(*, since: datetime, until: datetime, near: Unit | None = None) -> list[Activity]:
    """All activities that begin in a span, called off ones too, in order; `near` as in `upcoming`."""
    wanted = _listed(near).where(Activity.starts_at >= since, Activity.starts_at < until)
    return list(db.session.scalars(wanted.order_by(Activity.starts_at, Activity.id).limit(CALENDAR_MAX)))


def as_new(activity: Activity) -> rules.NewActivity:
    """The plan of an activity as it stands."""
    return rules.NewActivity(**{each.name: getattr(activity, each.name) for each in fields(rules.NewActivity)})


def organizing_units(by: Person) -> list[Unit]:
    """Where `by` may publish activities: communities, grids, teams, but not the entrances of buildings."""
    held = {each.id: each for role in ("organizer", "admin") for each in units(by=by, role=role)}
    return [each for each in held.values() if each.kind not in ("building", "home_unit")]


def leader_id(*, by: Person, card_number: str | None) -> int:
    """Who leads: the person of the card, or `by` when none is named. Raises PersonNotFound."""
    if not card_number:
        return by.id
    found = db.session.scalar(select(Person.id).where(Person.card_number == card_number.strip()))
    if found is None:
        raise PersonNotFound()
    return found


def may_organize(by: Person | None, activity: Activity) -> bool:
    """Whether `by` is organizer or admin of the activity's unit."""
    return may_organize_in(by, activity.unit_id)


def may_organize_in(by: Person | None, unit_id: int) -> bool:
    """Whether `by` is organizer or admin of a unit."""
    return has_role(by, "organizer", unit_id) or has_role(by, "admin", unit_id)


def require_organizer(by: Person | None, unit_id: int) -> None:
    """Raise RoleMissing unless `by` is organizer or admin of the unit."""
    if not has_role(by, "admin", unit_id):
        require_role(by, "organizer", unit_id)


def source(activity: Activity) -> str:
    """What names the activity's service once and for all."""
    return f"activity:{activity.id}"


def as_service(activity: Activity) -> NewService:
    """The service that the activity becomes."""
    return NewService(
        source=source(activity), name=activity.name, category=activity.category, place=activity.place, content=activity.content,
        starts_at=activity.starts_at, ends_at=activity.ends_at, break_minutes=activity.break_minutes,
        class_percent=activity.class_percent, unit_id=activity.unit_id, leader_id=activity.leader_id,
    )  # fmt: skip


def _listed(near: Unit | None) -> Select[Activity]:
    wanted = select(Activity).options(joinedload(Activity.unit), joinedload(Activity.leader))
    if near is None:
        return wanted
    is_above = literal(near.path).startswith(Unit.path)
    return wanted.where(Activity.unit_id.in_(select(Unit.id).where(or_(Unit.path.startswith(near.path), is_above))))
