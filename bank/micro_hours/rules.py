"""Decisions about micro-hours, made from plain values only: whole minutes, instants with their zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bank.errors import Conflict, Invalid, NotAllowed, NotFound
from bank.hours.rules import MINUTE, Stay, check_category

STATES = ("running", "stopped", "recorded", "refused", "denied", "dropped")
WAYS = ("link", "code", "call")
MINUTES_MIN = 5
MINUTES_MAX = 240  # Who forgets to stop is counted four hours at most.
LINK_GOOD_FOR = timedelta(days=3)
RECORDED_MAX = 500
TITLE_MAX = 100


class BadMicroHour(Invalid):
    """A micro-hour has a kind of service, and says in at most 100 characters what is done and where."""


class NotInService(NotAllowed):
    """Micro-hours are for in-service members; all others serve at activities and in answer to orders."""


class OwnMicroHour(NotAllowed):
    """Nobody confirms or decides about what they or their household did."""


class MicroHourNeedsSecond(NotAllowed):
    """Who was the recipient, or called the recipient, does not also decide."""


class MicroHourNotFound(NotFound):
    """There is no such micro-hour, or not for the one who asks."""


class MicroHourRunning(Conflict):
    """One small service runs at a time; the one before is stopped first."""


class NoMicroHourRunning(Conflict):
    """Only what was started can be stopped."""


class MicroHourNotStopped(Conflict):
    """A recipient speaks, and an organizer decides, once the service is over."""


class MicroHourSettled(Conflict):
    """The micro-hour is recorded, refused or given up, and stays so."""


class MicroHourConfirmed(Conflict):
    """The recipient has confirmed; this happens once."""


class MicroHourUnconfirmed(Conflict):
    """Only what the recipient confirmed, by the link or on the phone, is recorded."""


class MicroLinkTooOld(Conflict):
    """A recipient's link is good for three days after the service."""


@dataclass(frozen=True, kw_only=True)
class NewMicroHour:
    """What a member begins to do, and where; `minutes_max` is the most that will be counted."""

    category: str = "other"
    title: str
    place: str
    unit_id: int
    minutes_max: int = MINUTES_MAX
    is_ordered: bool = False


def check_new(new: NewMicroHour) -> None:
    """Refuse with BadMicroHour, CategoryUnknown or CategoryBanned what cannot become a service record."""
    check_category(new.category)
    for name in ("title", "place"):
        if not is_words(getattr(new, name)):
            raise BadMicroHour(field=name)


def is_words(text: str) -> bool:
    """Whether a text can stand in a record: 1 to 100 characters in one line."""
    return 1 <= len(text.strip()) <= TITLE_MAX and text.isprintable()


def stay(*, started_at: datetime, stopped_at: datetime, minutes_max: int) -> Stay:
    """From start to stop in whole minutes, cut at the cap."""
    minutes = min((stopped_at - started_at) // MINUTE, minutes_max)
    return Stay(started_at, started_at + minutes * MINUTE)


def is_slip(*, started_at: datetime, stopped_at: datetime) -> bool:
    """Whether so little lies between start and stop that the tap was a slip: under 5 minutes."""
    return stopped_at - started_at < MINUTES_MIN * MINUTE


def check_confirmable(*, state: str, confirmed_at: datetime | None, stopped_at: datetime | None, at: datetime) -> None:
    """Refuse a recipient who is too early, too late or speaks a second time.

    Raises MicroHourNotStopped, MicroHourConfirmed, MicroHourSettled, MicroLinkTooOld.
    """
    if stopped_at is None:
        raise MicroHourNotStopped()
    if confirmed_at is not None:
        raise MicroHourConfirmed()
    if state != "stopped":
        raise MicroHourSettled()
    if at > stopped_at + LINK_GOOD_FOR:
        raise MicroLinkTooOld()
