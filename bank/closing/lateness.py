"""What is confirmed or posted late, with working days (Order 67, art. 11): confirm within 3, post within 10."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from bank.activities.models import Activity
from bank.activities.queries import source
from bank.attendance.models import Attendance
from bank.clock import local_day, local_instant
from bank.closing.queries import seen_units
from bank.closing.rules import Due
from bank.db import db
from bank.hours.queries import rule_set
from bank.hours.rules import RuleSet
from bank.people.models import Person
from bank.publicity.models import Publicity, PublicPart
from bank.workdays import is_known, workday_after, workdays_between

LOOKS_BACK = timedelta(days=92)
READ_MAX = 5000


@dataclass(frozen=True)
class Lateness:
    """An activity, its last days, how late each step is or was, and whether the holidays of its year are known here."""

    activity: Activity
    due: Due
    posted_on: date | None
    is_calendar_known: bool

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.posted_on is None


def late(*, by: Person, at: datetime, until: date | None = None) -> list[Lateness]:
    """Activities of the last 92 days (up to a day) that were or are late, the latest end first, for staff of their units.

    Those at which nobody came have nothing to confirm and are not listed.
    """
    today = local_day(at)
    end = local_instant(until + timedelta(days=1), time()) if until else at
    found, rules_on = list(_ended(by, end)), cache(rule_set)
    shown = _shown({source(each) for each in found})
    rows = (_lateness(each, shown.get(source(each)), rules_on(local_day(each.starts_at)), today) for each in found)
    return [each for each in rows if each.due.confirm_late or each.due.post_late]


def due_of(activity: Activity) -> Due:
    """The last days of an activity, as if it were in time."""
    in_force, ended_on = rule_set(local_day(activity.starts_at)), local_day(activity.ends_at)
    return Due(_after(ended_on, in_force.confirm_workdays), _after(ended_on, in_force.post_workdays), 0, 0)


def _ended(by: Person, end: datetime) -> Iterator[Activity]:
    wanted = select(Activity).where(Activity.ends_at <= end, Activity.ends_at > end - LOOKS_BACK, Activity.state != "cancelled")
    wanted = wanted.where(Activity.unit_id.in_(seen_units(by)), Activity.id.in_(select(Attendance.activity_id)))
    wanted = wanted.options(joinedload(Activity.unit), joinedload(Activity.leader))
    return iter(db.session.scalars(wanted.order_by(Activity.ends_at.desc(), Activity.id).limit(READ_MAX)))


def _shown(sources: set[str]) -> dict[str, tuple[date, bool]]:
    """Until when the hours of a source are or were on show, and whether some still are."""
    is_shown = func.max(case((PublicPart.state == "shown", 1), else_=0))
    wanted = select(PublicPart.source, func.max(Publicity.ends_on), is_shown).join(PublicPart.publicity)
    rows = db.session.execute(wanted.group_by(PublicPart.source))
    return {source: (ends_on, bool(still)) for source, ends_on, still in rows if source in sources}


def _lateness(activity: Activity, shown: tuple[date, bool] | None, in_force: RuleSet, today: date) -> Lateness:
    ended_on = local_day(activity.ends_at)
    confirm_on, post_on = _after(ended_on, in_force.confirm_workdays), _after(ended_on, in_force.post_workdays)
    confirmed_on = posted_on = local_day(activity.confirmed_at) if activity.confirmed_at else None
    if shown is not None:
        posted_on = None if shown[1] or confirmed_on is None else shown[0] + timedelta(days=1)
    due = Due(confirm_on, post_on, _between(confirm_on, confirmed_on or today), _between(post_on, posted_on or today))
    return Lateness(activity, due, posted_on, is_known(post_on.year))


@cache
def _after(day: date, count: int) -> date:
    return workday_after(day, count)


@cache
def _between(day: date, until: date) -> int:
    return workdays_between(day, until)
