"""Decisions about activities, check-in and check-out, made from plain values only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bank.errors import Conflict, Invalid, NotFound
from bank.hours.rules import MINUTE, WINDOW_MAX, RuleSet, check_category

CAPACITY_MAX = 100_000
AHEAD_MAX = timedelta(days=366)
SERIES_MAX = 60
EVERY_WEEKS_MAX = 8
INSURANCE_MAX = 40
# What people who have joined are told of when it changes.
TOLD_FIELDS = ("starts_at", "ends_at", "place", "name")


class BadActivity(Invalid):
    """An activity needs name, place, content, a plan from one minute to 24 hours, a capacity and a class in their bounds."""


class ActivityInPast(Invalid):
    """An activity is published before it starts."""


class BadSeries(Invalid):
    """A series repeats every one to eight weeks, two to 60 times, until a day within a year."""


class DraftNotFound(NotFound):
    """There is no such draft, or not for the one who asks."""


class ActivityNotFound(NotFound):
    """There is no such activity, or not for the one who asks."""


class BegunOrOver(Conflict):
    """A plan changes before the activity begins, not afterwards, and not once it is called off."""


class ActivityCancelled(Conflict):
    """The activity does not take place."""


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """A planned service with the fields a record needs (Order 67, art. 7); `capacity` counts people."""

    name: str
    category: str
    place: str
    content: str
    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0
    capacity: int
    class_percent: int = 100
    unit_id: int
    leader_id: int
    is_risky: bool = False
    insurance_number: str | None = None


def check_activity(new: NewActivity, *, at: datetime, rules: RuleSet) -> None:
    """Refuse what cannot be published: BadActivity, ActivityInPast, CategoryBanned, CategoryUnknown."""
    check_category(new.category)
    if new.starts_at <= at:
        raise ActivityInPast(starts_at=new.starts_at)
    window = new.ends_at - new.starts_at
    for name, is_right in (
        ("starts_at", new.starts_at <= at + AHEAD_MAX),
        ("ends_at", MINUTE <= window <= WINDOW_MAX),
        ("break_minutes", 0 <= new.break_minutes < window // MINUTE),
        ("capacity", 1 <= new.capacity <= CAPACITY_MAX),
        ("class_percent", rules.class_percent_min <= new.class_percent <= rules.class_percent_max),
        ("name", _is_text(new.name, 2, 100)),
        ("place", _is_text(new.place, 2, 100)),
        ("content", _is_text(new.content, 2, 1000)),
        ("insurance_number", _is_insured(new)),
    ):
        if not is_right:
            raise BadActivity(field=name)


def check_change(*, state: str, starts_at: datetime, at: datetime) -> None:
    """Refuse with BegunOrOver to change what has begun, was called off or is confirmed."""
    if state != "published" or at >= starts_at:
        raise BegunOrOver()


def days_of_series(first_on: date, *, until_on: date, every_weeks: int) -> list[date]:
    """The days of a series, the first among them. Raises BadSeries."""
    if not 1 <= every_weeks <= EVERY_WEEKS_MAX or not first_on < until_on <= first_on + AHEAD_MAX:
        raise BadSeries()
    step = timedelta(weeks=every_weeks)
    days = [first_on + number * step for number in range((until_on - first_on) // step + 1)]
    if not 2 <= len(days) <= SERIES_MAX:
        raise BadSeries()
    return days


def life(*, state: str, starts_at: datetime, ends_at: datetime, at: datetime, is_on_show: bool = False) -> str:
    """Where an activity stands: `published`, `running`, `closed`, `confirmed`, `posted` or `cancelled`.

    What the clock alone decides is not stored, so that it is never late; a draft is no activity yet.
    """
    if state == "confirmed":
        return "confirmed" if is_on_show else "posted"
    if state == "cancelled" or at < starts_at:
        return state
    return "running" if at < ends_at else "closed"


def _is_insured(new: NewActivity) -> bool:
    number = (new.insurance_number or "").strip()
    return (number == "" and not new.is_risky) or (_is_text(number, 4, INSURANCE_MAX) and number.isprintable())


def _is_text(text: str, length_min: int, length_max: int) -> bool:
    return length_min <= len(text.strip()) <= length_max and all(each.isprintable() or each in "\r\n\t" for each in text)
