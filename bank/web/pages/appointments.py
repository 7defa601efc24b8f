"""Community services that points were given for: when they are done, by whom, and whether they were."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock
from bank.counter import appointments as actions
from bank.counter import queries
from bank.counter.forms import AgreementSchema, NoteSchema, ReasonSchema
from bank.people.rules import mask_name
from bank.web import exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("appointments", __name__, url_prefix="/counter/appointments")
OPEN, SETTLED = ("asked", "agreed"), ("done", "not_done")
STATE_NAMES = {"asked": _("待约"), "agreed": _("已约"), "done": _("已做完"), "not_done": _("未做成")}
COLUMNS: exports.Columns = (
    (_("服务"), lambda each: each.redemption.reward.name),
    (_("储户"), lambda each: mask_name(each.redemption.person.name)),
    (_("兑换时间"), lambda each: each.redemption.handed_over_at),
    (_("约定时间"), lambda each: each.agreed_for),
    (_("谁去做"), lambda each: each.performer),
    (_("状态"), lambda each: STATE_NAMES[each.state]),
)


@bp.get("/")
@access("clerk", "admin", "auditor", "organizer")
def appointments() -> ResponseReturnValue:
    """The services that are still to be done, or, if asked for, those that are settled."""
    is_settled = "settled" in request.args
    found = queries.appointments(g.person, states=SETTLED if is_settled else OPEN)
    if exports.is_asked():
        return exports.answer("appointments", COLUMNS, found)
    return render_template("counter/appointments.html", appointments=found, is_settled=is_settled)


@bp.get("/<int:appointment_id>")
@access("clerk", "admin", "auditor", "organizer")
def appointment(appointment_id: int) -> str:
    """One service, its history, and what can be done next."""
    return render_template("counter/appointment.html", appointment=queries.appointment(g.person, appointment_id))


@bp.post("/<int:appointment_id>/agree")
@access("clerk", "admin", "organizer")
@redisplay(appointment)
@writes
def agree(appointment_id: int) -> ResponseReturnValue:
    """Set or change the day."""
    actions.agree(by=g.person, appointment_id=appointment_id, at=clock.now(), **load(AgreementSchema))
    return redirect(url_for(".appointment", appointment_id=appointment_id), 303)


@bp.post("/<int:appointment_id>/done")
@access("clerk", "admin", "organizer")
@redisplay(appointment)
@writes
def finish(appointment_id: int) -> ResponseReturnValue:
    """The service was done."""
    actions.finish(by=g.person, appointment_id=appointment_id, at=clock.now(), **load(NoteSchema))
    return redirect(url_for(".appointments"), 303)


@bp.post("/<int:appointment_id>/not-done")
@access("clerk", "admin", "organizer")
@redisplay(appointment)
@writes
def give_up(appointment_id: int) -> ResponseReturnValue:
    """The service was not done; the points go back."""
    actions.give_up(by=g.person, appointment_id=appointment_id, reason=load(ReasonSchema)["reason"], at=clock.now())
    return redirect(url_for(".appointment", appointment_id=appointment_id), 303)
