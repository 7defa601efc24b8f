"""Decisions about activities, check-in and check-out, made from plain values only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bank.errors import Conflict, Invalid, NotFound
from bank.hours.rules import MINUTE, WINDOW_MAX, RuleSet, check_category

CAPACITY_MAX = 100_000
AHEAD_MAX = timedelta(days=366)


class BadActivity(Invalid):
    """An activity needs name, place, content, a plan from one minute to 24 hours, a capacity and a class in their bounds."""


class ActivityInPast(Invalid):
    """An activity is published before it starts."""


class ActivityNotFound(NotFound):
    """There is no such activity, or not for the one who asks."""


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
    ):
        if not is_right:
            raise BadActivity(field=name)


def _is_text(text: str, length_min: int, length_max: int) -> bool:
    return length_min <= len(text.strip()) <= length_max and all(each.isprintable() or each in "\r\n\t" for each in text)
