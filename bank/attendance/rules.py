"""Decisions about check-in, check-out and confirming, made from plain values only."""

from datetime import datetime

from bank.activities.rules import ActivityCancelled, ActivityNotFound
from bank.errors import Conflict, Invalid, NotAllowed
from bank.hours.rules import MINUTE, RuleSet


class CodeUnknown(Invalid):
    """The code is mistyped, forged, or not of this bank."""


class NotYourOwnCard(NotAllowed):
    """Organizers check themselves in with the code, like everybody; and others by card."""


class OwnHoursNeedOther(NotAllowed):
    """Nobody confirms their own hours; another organizer or admin does."""


class CodeExpired(Conflict):
    """The code has changed since; scan the one on the screen now."""


class CodeOfAnother(Conflict):
    """The code belongs to another activity."""


class CheckInNotOpen(Conflict):
    """Check-in and check-out open 30 minutes before the planned start."""


class CheckInClosed(Conflict):
    """Check-in and check-out close 30 minutes after the planned end."""


class ActivityFull(Conflict):
    """As many people as planned have come."""


class AlreadyCheckedIn(Conflict):
    """This person is in; it was counted the first time."""


class NotCheckedIn(Conflict):
    """Only who has checked in can check out."""


class AlreadyCheckedOut(Conflict):
    """This person is out; it was counted the first time."""


class TooManyStays(Conflict):
    """A person comes and goes at most three times at one activity."""


class ConfirmTooEarly(Conflict):
    """Hours are confirmed once everybody is out after the planned end, or when check-out has closed."""


class AlreadyConfirmed(Conflict):
    """The hours of this activity are confirmed and posted."""


class NobodyToConfirm(Conflict):
    """Nobody has both checked in and checked out, so there are no hours."""


class SomebodyCame(Conflict):
    """An activity at which somebody has checked in took place, and cannot be called off."""


CHECK_IN_ANSWERS = (
    CodeUnknown, CodeExpired, CodeOfAnother, CheckInNotOpen, CheckInClosed, ActivityCancelled, ActivityFull, AlreadyConfirmed,
    AlreadyCheckedIn, NotCheckedIn, AlreadyCheckedOut, TooManyStays, ActivityNotFound, NotYourOwnCard,
)  # fmt: skip


def opens_at(starts_at: datetime, rules: RuleSet) -> datetime:
    """From when check-in and check-out are open."""
    return starts_at - rules.open_minutes_before * MINUTE


def closes_at(ends_at: datetime, rules: RuleSet) -> datetime:
    """From when check-in and check-out are closed."""
    return ends_at + rules.open_minutes_after * MINUTE


def check_open(*, state: str, starts_at: datetime, ends_at: datetime, at: datetime, rules: RuleSet) -> None:
    """Refuse a scan outside the open window, or at an activity that is cancelled or confirmed."""
    if state == "cancelled":
        raise ActivityCancelled()
    if state == "confirmed":
        raise AlreadyConfirmed()
    if at < opens_at(starts_at, rules):
        raise CheckInNotOpen(opens_at=opens_at(starts_at, rules))
    if at >= closes_at(ends_at, rules):
        raise CheckInClosed(closed_at=closes_at(ends_at, rules))


def check_confirm(*, state: str, ends_at: datetime, is_somebody_in: bool, at: datetime, rules: RuleSet) -> None:
    """Refuse to confirm a cancelled or confirmed activity, or one at which somebody may still check out."""
    if state == "cancelled":
        raise ActivityCancelled()
    if state == "confirmed":
        raise AlreadyConfirmed()
    earliest = closes_at(ends_at, rules) if is_somebody_in else ends_at
    if at < earliest:
        raise ConfirmTooEarly(earliest_at=earliest)
