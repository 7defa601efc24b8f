"""Decisions about redemptions, consents, appointments and a counter's day, made from plain values only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bank.errors import Conflict, Invalid, NotAllowed, NotFound

STATES = ("reserved", "handed_over", "return_asked", "cancelled", "expired", "undone", "returned")
STEPS = (
    "reserved", "reminded", "handed_over", "cancelled", "expired", "undone", "return_asked", "return_refused", "returned",
)  # fmt: skip
CONSENTS = ("phone", "pin", "checked", "pickup_code")
APPOINTMENT_STATES = ("asked", "agreed", "done", "not_done")
UNDO_WITHIN = timedelta(minutes=15)
CONSENT_LASTS = timedelta(minutes=5)
HOLD_DAYS = 30
REMIND_DAYS = 7
NOTE_LENGTH = 60
PERFORMER_LENGTH = 60
AGREED_DAYS_MAX = 366


class BadConsent(Invalid):
    """A check of identity says what was looked at, in at most 60 characters."""


class BadAppointment(Invalid):
    """An appointment lies in the future, within a year, and names its performer in at most 60 characters."""


class ConsentMissing(NotAllowed):
    """Points leave only with the member's consent: the code on the phone, the PIN, or a recorded check of identity."""


class ConsentExpired(NotAllowed):
    """A consent is good for five minutes, for the clerk who took it."""


class MemberCodeWrong(NotAllowed):
    """This is no member's rotating code, or not a present one."""


class PinRefused(NotAllowed):
    """The PIN is not the member's, or the member has none."""


class NotForYourself(NotAllowed):
    """Nobody hands over, takes back or approves for themselves or their household."""


class NotOfHousehold(NotAllowed):
    """Only a member of the same recorded household fetches for another."""


class RedemptionNotFound(NotFound):
    """There is no such redemption, or not for the one who asks."""


class PickupCodeUnknown(NotFound):
    """No reservation at this counter has this pick-up code."""


class AppointmentNotFound(NotFound):
    """There is no such appointment, or not for the one who asks."""


class UndoTooLate(Conflict):
    """The counter that handed it over undoes it within 15 minutes; later an administrator does."""


class AlreadyUndone(Conflict):
    """A redemption is undone at most once."""


class AlreadyHandedOver(Conflict):
    """A reservation is handed over once, and cancelled only before."""


class HoldEnded(Conflict):
    """A reservation that was cancelled, or whose days are over, is handed over no more."""


class OtherCounter(Conflict):
    """A reservation waits at the counter it was made for."""


class NotHandedOver(Conflict):
    """Only what was handed over can be undone or returned; a reservation is cancelled."""


class ReturnNotAsked(Conflict):
    """A return is settled when it was asked for."""


class ReturnNeedsSecond(Conflict):
    """Somebody else than the one who asked for a return settles it."""


class AppointmentSettled(Conflict):
    """A service that is done, or not done, is not agreed again."""


class ServedByOrder(Conflict):
    """A service that members serve is neither fetched nor cancelled at the counter: its order decides."""


class DayClosed(Conflict):
    """The counter's day is signed off; whoever signed may open it again with a reason."""


class DayOpen(Conflict):
    """Only a day that is signed off is opened again."""


class CountMissing(Conflict):
    """What moved at a counter today is counted before its day is signed off."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a member takes at a counter, or wants to: without `counter_id`, at the reward's first counter."""

    person_id: int
    reward_id: int
    quantity: int = 1
    counter_id: int | None = None


def may_counter_undo(*, handed_over_at: datetime, at: datetime) -> bool:
    """Whether the counter that handed it over may still take it back without an administrator."""
    return handed_over_at <= at <= handed_over_at + UNDO_WITHIN


def hold_ends_on(day: date) -> date:
    """The last day on which a reservation made on a day can be fetched."""
    return day + timedelta(days=HOLD_DAYS)


def check_collectable(state: str, *, hold_ends_on: date, day: date) -> None:
    """Refuse a reservation that was fetched, cancelled or waits no longer. Raises AlreadyHandedOver, HoldEnded."""
    if state in ("handed_over", "return_asked", "undone", "returned"):
        raise AlreadyHandedOver()
    if state != "reserved" or day > hold_ends_on:
        raise HoldEnded(hold_ends_on=hold_ends_on)


def check_appointment(*, agreed_for: datetime, performer: str, at: datetime) -> None:
    """Refuse with BadAppointment a date that is past or absurdly far, and a performer without or with too long a name."""
    is_soon = at - timedelta(days=1) <= agreed_for <= at + timedelta(days=AGREED_DAYS_MAX)
    if not is_soon or not 1 <= len(performer.strip()) <= PERFORMER_LENGTH:
        raise BadAppointment()
