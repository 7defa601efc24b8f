"""Appointments of community services, and the end of a counter's day, as JSON."""

from datetime import date
from typing import Any

from flask import g

from bank import clock
from bank.counter import appointments, day, queries, schemas
from bank.counter.models import Appointment, DayEnd
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("counter_day", "Appointments of community services, and the counter's day.")


@bp.get("/appointments")
@access("clerk", "admin", "auditor", "organizer")
@bp.response(200, schemas.AppointmentsSchema)
def listed() -> dict[str, list[Appointment]]:
    """Community services that are asked for or agreed."""
    return {"appointments": queries.appointments(g.person)}


@bp.post("/appointments/<int:appointment_id>/agreement")
@access("clerk", "admin", "organizer")
@writes
@bp.arguments(schemas.ServiceAgreementSchema)
@bp.response(200, schemas.AppointmentSchema)
def agree(agreed: dict[str, Any], appointment_id: int) -> Appointment:
    """Set, or change, when a service is done and by whom."""
    return appointments.agree(by=g.person, appointment_id=appointment_id, at=clock.now(), **agreed)


@bp.post("/appointments/<int:appointment_id>/done")
@access("clerk", "admin", "organizer")
@writes
@bp.arguments(schemas.ServiceDoneSchema)
@bp.response(200, schemas.AppointmentSchema)
def finish(done: dict[str, str], appointment_id: int) -> Appointment:
    """Say that a service was done."""
    return appointments.finish(by=g.person, appointment_id=appointment_id, at=clock.now(), **done)


@bp.post("/appointments/<int:appointment_id>/not-done")
@access("clerk", "admin", "organizer")
@writes
@bp.arguments(schemas.UndoSchema)
@bp.response(200, schemas.AppointmentSchema)
def give_up(given_up: dict[str, str], appointment_id: int) -> Appointment:
    """Say that a service was not done; the points go back."""
    return appointments.give_up(by=g.person, appointment_id=appointment_id, at=clock.now(), **given_up)


@bp.get("/day-ends")
@access("clerk", "admin", "auditor")
@bp.arguments(schemas.DayQuerySchema, location="query")
@bp.response(200, schemas.CounterDaysSchema)
def reports(asked: dict[str, date | None]) -> dict[str, list[day.Report]]:
    """A day at every counter in sight."""
    return {"reports": day.reports(g.person, asked["day"] or clock.today())}


@bp.post("/counters/<int:counter_id>/day-end")
@access("clerk")
@writes
@bp.response(201, schemas.DayEndSchema)
def close(counter_id: int) -> DayEnd:
    """Sign the counter's day off."""
    return day.close(by=g.person, counter_id=counter_id, at=clock.now())


@bp.post("/counters/<int:counter_id>/reopening")
@access("clerk")
@writes
@bp.arguments(schemas.UndoSchema)
@bp.response(201, schemas.DayEndSchema)
def reopen(reopened: dict[str, str], counter_id: int) -> DayEnd:
    """Open today's day again after it was signed off."""
    return day.reopen(by=g.person, counter_id=counter_id, reason=reopened["reason"], at=clock.now())
