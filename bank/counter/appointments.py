"""Community services: the redemption asks for one, the counter agrees on a day, and it is done, or the points go back."""

from datetime import datetime

from bank.counter import booking, queries, rules
from bank.counter.models import Appointment, AppointmentStep, Redemption
from bank.db import db
from bank.people.models import Person
from bank.rewards import stock
from bank.rewards.rules import REASON_LENGTH, check_reason
from bank.rewards.stock import Move


def ask(redemption: Redemption, *, by: Person, at: datetime) -> Appointment:
    """Open the appointment of a community service that was just redeemed."""
    appointment = Appointment(redemption_id=redemption.id, state="asked")
    db.session.add(appointment)
    db.session.flush()  # Its first step needs the id.
    _put_down(appointment, by=by, note=None, at=at)
    return appointment


def agree(*, by: Person, appointment_id: int, agreed_for: datetime, performer: str, note: str = "", at: datetime) -> Appointment:
    """Set, or change, when a service is done and by whom. Raises AppointmentSettled, BadAppointment, NotForYourself."""
    appointment = _open(by, appointment_id)
    rules.check_appointment(agreed_for=agreed_for, performer=performer, at=at)
    appointment.state, appointment.agreed_for, appointment.performer = "agreed", agreed_for, performer.strip()
    _put_down(appointment, by=by, note=note[:REASON_LENGTH].strip() or None, at=at)
    return appointment


def finish(*, by: Person, appointment_id: int, note: str = "", at: datetime) -> Appointment:
    """Say that a service was done; that ends it. Raises AppointmentSettled, NotForYourself."""
    appointment = _open(by, appointment_id)
    appointment.state = "done"
    _put_down(appointment, by=by, note=note[:REASON_LENGTH].strip() or None, at=at)
    return appointment


def give_up(*, by: Person, appointment_id: int, reason: str, at: datetime) -> Appointment:
    """Say that a service was not done, and why: the points go back by an opposite entry, as old as they were.

    The member, who gets them back, is the second person. Raises AppointmentSettled, ReasonMissing, NotForYourself.
    """
    appointment = _open(by, appointment_id)
    check_reason(reason)
    redemption = appointment.redemption
    appointment.state = "not_done"
    _put_down(appointment, by=by, note=reason, at=at)
    move = Move(by=by, at=at, reason=reason, redemption_id=redemption.id)
    entry_id = booking.give_points_back(redemption, by=by, approved_by=redemption.person, way="not_done", at=at)
    stock.take_back(move=move)
    booking.end(redemption, "returned", move=move, entry_id=entry_id)
    return appointment


def _open(by: Person, appointment_id: int) -> Appointment:
    """The appointment, kept from changing until the end, if it is still to be done."""
    found = queries.appointment(by, appointment_id)
    redemption = booking.locked(found.redemption_id)
    queries.require_staff(by, redemption, "clerk", "admin", "organizer")
    booking.refuse_own(by, redemption.person_id)
    db.session.refresh(found)
    if found.state in ("done", "not_done") or redemption.state != "handed_over":
        raise rules.AppointmentSettled()
    return found


def _put_down(appointment: Appointment, *, by: Person, note: str | None, at: datetime) -> None:
    db.session.add(
        AppointmentStep(
            appointment_id=appointment.id, state=appointment.state, at=at, by_id=by.id,
            agreed_for=appointment.agreed_for, performer=appointment.performer, note=note,
        )
    )  # fmt: skip
    db.session.flush()
