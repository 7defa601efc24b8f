"""Decisions about check-in, check-out and confirming, made from plain values only."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bank.activities.rules import ActivityCancelled, ActivityNotFound
from bank.errors import BankError, Conflict, Invalid, NotAllowed, NotFound
from bank.hours.rules import MINUTE, RuleSet
from bank.joining.rules import NeedsCompany, NeedsGuardiansConsent, TooYoung
from bank.people.rules import PersonNotFound

LIVE = timedelta(seconds=60)  # What arrives later was kept on the device.
SKEW_MAX = timedelta(minutes=10)
UNDO_WITHIN = timedelta(minutes=15)
SHARED_WITHIN = timedelta(minutes=10)
BATCH_MAX = 500
REASON_MAX = 200
SELF_WAYS = ("link", "typed", "static")  # Volunteers scanned the activity's code; else somebody scanned the volunteer.


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


class StayOverlaps(Conflict):
    """A scan from before another one that was counted first; somebody who knows must say which is true."""


class MemberCodeExpired(Conflict):
    """The code on the member's phone has changed since, or is a picture of it."""


class NoActivityOpen(Conflict):
    """None of one's own activities takes check-ins now."""


class NonceReused(Conflict):
    """Another scan came under this nonce; each scan has its own."""


class ScanMalformed(Invalid):
    """This is no scan: the nonce, the kind, the time or what was scanned is missing or makes no sense."""


class ScanReasonMissing(Invalid):
    """Who is counted without a code, and what is undone late, needs a reason."""


class ScanNotFound(NotFound):
    """There is no such scan, or not for the one who asks."""


class ScanUndoTooLate(NotAllowed):
    """The device that scanned may undo it for 15 minutes; later the activity's leader or an admin does."""


class ScanAlreadyUndone(Conflict):
    """This scan was undone before, and once is enough."""


class ScanNotToUndo(Conflict):
    """A refused scan changed nothing, and of several the last one is undone first."""


class ScanAlreadyReviewed(Conflict):
    """Somebody has decided about this scan, or there is nothing to decide."""


class OwnScanNeedsOther(NotAllowed):
    """Nobody decides about a scan of their own."""


class ConfirmTooEarly(Conflict):
    """Hours are confirmed once everybody is out after the planned end, or when check-out has closed."""


class AlreadyConfirmed(Conflict):
    """The hours of this activity are confirmed and posted."""


class NobodyToConfirm(Conflict):
    """Nobody has both checked in and checked out, so there are no hours."""


class SomebodyCame(Conflict):
    """An activity at which somebody has checked in took place, and cannot be called off."""


# The closed list of answers: what was taken in, and the refusals that are written down like any other scan.
ACCEPTED = ("checked_in", "checked_out", "undone", "to_review")
REFUSED: tuple[type[BankError], ...] = (
    CodeUnknown, CodeExpired, CodeOfAnother, CheckInNotOpen, CheckInClosed, ActivityCancelled, ActivityFull, AlreadyConfirmed,
    AlreadyCheckedIn, NotCheckedIn, AlreadyCheckedOut, TooManyStays, ActivityNotFound, NotYourOwnCard, PersonNotFound,
    MemberCodeExpired, StayOverlaps, TooYoung, NeedsGuardiansConsent, NeedsCompany,
)  # fmt: skip
# What a device could not know while it was away: these wait for somebody who does, instead of being refused.
CONFLICTS = (NotCheckedIn, ActivityFull, ActivityCancelled, AlreadyConfirmed, StayOverlaps)


class Sender(Protocol):
    """Who sends a scan: a person, or what of one never changes."""

    @property
    def id(self) -> int:
        """The person's number."""

    @property
    def key(self) -> str:
        """The person's opaque name."""


@dataclass(frozen=True, kw_only=True)
class NewScan:
    """A scan as it comes in: the activity's `code` for oneself, or a member by `card` (or phone code) or chosen from the list.

    `scanned_at` and `sent_at` are by the device's clock; the second is when it was sent, which tells how wrong that clock is.
    """

    nonce: str
    kind: str
    activity_id: int | None = None
    code: str | None = None
    card: str | None = None
    person_id: int | None = None
    scanned_at: datetime | None = None
    sent_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Where a scan was made: the device that joined, or else the browser, known by the hash of its random name."""

    device_id: int | None = None
    browser_hash: str | None = None

    def is_same(self, *, device_id: int | None, browser_hash: str | None) -> bool:
        """Whether another scan was made on this very device."""
        is_device = self.device_id is not None and self.device_id == device_id
        return is_device or (self.browser_hash is not None and self.browser_hash == browser_hash)


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


def skew(scan: NewScan, *, received_at: datetime) -> timedelta:
    """How far the device's clock was ahead when it sent, as far as it says so; a scan from the future says so as well."""
    if scan.sent_at is not None:
        return scan.sent_at - received_at
    return max(timedelta(), (scan.scanned_at or received_at) - received_at)


def counted_at(scan: NewScan, *, received_at: datetime) -> datetime:
    """The instant of a scan by the server's clock, to the second, and never later than it arrived."""
    if scan.scanned_at is None:
        return received_at
    return min(received_at, scan.scanned_at - skew(scan, received_at=received_at))


def is_clock_wrong(scan: NewScan, *, received_at: datetime) -> bool:
    """Whether the device's clock is so wrong that nobody knows when the scan was: by more than ten minutes."""
    ahead = skew(scan, received_at=received_at)
    is_from_later = scan.sent_at is not None and scan.scanned_at is not None and scan.scanned_at > scan.sent_at + LIVE
    return abs(ahead) > SKEW_MAX or is_from_later


def is_late(counted_at: datetime, *, received_at: datetime) -> bool:
    """Whether a scan waited on its device instead of being asked about at once."""
    return received_at - counted_at > LIVE


def scanned_digits(text: str) -> str:
    """The digits of a card or a phone code, however a gun, a keyboard in Chinese mode or a link brought them."""
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text[:200]))
    found = re.fullmatch(r"(?:https?://[^?#]*/)?([0-9]{10}|[0-9]{18})", plain, re.IGNORECASE)
    return found[1] if found else ""


def clean_reason(reason: str | None) -> str | None:
    """A reason without blanks around it; None for none. Raises ScanReasonMissing for one that is too long or unreadable."""
    text = (reason or "").strip()
    if len(text) > REASON_MAX or not text.isprintable():
        raise ScanReasonMissing()
    return text or None


def check_undo(*, is_same_device: bool, is_supervisor: bool, age: timedelta, reason: str | None) -> None:
    """Refuse an undo that comes too late for its device; a supervisor says why. Raises ScanUndoTooLate, ScanReasonMissing."""
    if is_same_device and age <= UNDO_WITHIN:
        return
    if not is_supervisor:
        raise ScanUndoTooLate()
    if reason is None:
        raise ScanReasonMissing()


def check_confirm(*, state: str, ends_at: datetime, is_somebody_in: bool, at: datetime, rules: RuleSet) -> None:
    """Refuse to confirm a cancelled or confirmed activity, or one at which somebody may still check out."""
    if state == "cancelled":
        raise ActivityCancelled()
    if state == "confirmed":
        raise AlreadyConfirmed()
    earliest = closes_at(ends_at, rules) if is_somebody_in else ends_at
    if at < earliest:
        raise ConfirmTooEarly(earliest_at=earliest)
