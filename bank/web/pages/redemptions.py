"""What was handed over or reserved: one page each with its receipt and the ways back, and the lists of a day and of returns."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.counter import actions, holds, queries
from bank.counter.forms import ApprovalSchema, CancelSchema, ReasonSchema
from bank.counter.schemas import DayQuerySchema
from bank.people.queries import has_role
from bank.people.rules import mask_name
from bank.rewards.queries import STAFF, counters
from bank.web import counter_papers, desk, exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("redemptions", __name__, url_prefix="/counter/redemptions")


COLUMNS = (
    (_("时间"), lambda each: each.handed_over_at),
    (_("储户"), lambda each: mask_name(each.person.name)),
    (_("物品编号"), lambda each: each.reward.number),
    (_("物品"), lambda each: each.reward.name),
    (_("数量"), lambda each: each.quantity),
    (_("积分"), lambda each: exports.points(each.points)),
    (_("经手人"), lambda each: each.handed_over_by.name if each.handed_over_by else gettext("银行")),
    (_("状态"), lambda each: counter_papers.state_in_words(each.state)),
    (_("凭证号"), lambda each: each.entry_id),
)

HOLD_COLUMNS = (
    (_("保留到"), lambda each: each.hold_ends_on),
    (_("储户"), lambda each: mask_name(each.person.name)),
    (_("物品编号"), lambda each: each.reward.number),
    (_("物品"), lambda each: each.reward.name),
    (_("数量"), lambda each: each.quantity),
    (_("积分"), lambda each: exports.points(each.points)),
    (_("兑换点"), lambda each: f"{each.counter.unit.name} {each.counter.name}"),
)
RETURN_COLUMNS = (
    (_("交货时间"), lambda each: each.handed_over_at),
    (_("储户"), lambda each: mask_name(each.person.name)),
    (_("物品编号"), lambda each: each.reward.number),
    (_("物品"), lambda each: each.reward.name),
    (_("数量"), lambda each: each.quantity),
    (_("积分"), lambda each: exports.points(each.points)),
    (_("原因"), lambda each: each.steps[-1].reason or ""),
)


@bp.get("/")
@access("clerk", "admin", "auditor")
def redemptions() -> ResponseReturnValue:
    """A day's redemptions at all counters in sight."""
    day = DayQuerySchema().load({"day": request.args["day"]} if "day" in request.args else {})["day"] or clock.today()
    found = queries.redemptions_on(day, counters(g.person, *STAFF))
    if exports.is_asked():
        return exports.answer("redemptions", COLUMNS, found)
    return render_template("counter/redemptions.html", day=day, redemptions=found)


@bp.get("/holds")
@access("clerk", "admin", "auditor")
def holds_open() -> ResponseReturnValue:
    """What members have reserved and not fetched yet, the first to end first."""
    found = queries.holds(g.person)
    if exports.is_asked():
        return exports.answer("holds", HOLD_COLUMNS, found)
    return render_template("counter/holds.html", redemptions=found, today=clock.today())


@bp.get("/returns")
@access("admin", "auditor")
def returns() -> ResponseReturnValue:
    """What members brought back and an administrator has not yet looked at."""
    if exports.is_asked():
        return exports.answer("returns", RETURN_COLUMNS, queries.returns_asked(g.person))
    return render_template("counter/returns.html", redemptions=queries.returns_asked(g.person))


@bp.get("/<int:redemption_id>")
@access("clerk", "admin", "auditor")
def redemption(redemption_id: int) -> str:
    """What was handed over, big and green, and the way back."""
    found, at = queries.redemption(g.person, redemption_id), clock.now()
    ways = {
        "can_undo": queries.may_undo(g.person, found, at=at),
        "is_supervisor": has_role(g.person, "admin", found.counter.unit_id),
        "is_staff": bool(g.roles & {"clerk", "admin"}),
    }
    return desk.page("counter/redemption.html", **desk.at_hand(found.person), redemption=found, **ways)


@bp.get("/<int:redemption_id>/slip")
@access("member")
def slip(redemption_id: int) -> str:
    """The receipt for a printer with paper of 80 mm."""
    return render_template("counter/slip.html", receipt=counter_papers.receipt(queries.redemption(g.person, redemption_id)))


@bp.get("/<int:redemption_id>/receipt.pdf")
@access("member")
def receipt(redemption_id: int) -> Response:
    """The receipt to keep or send."""
    return counter_papers.receipt_pdf(queries.redemption(g.person, redemption_id))


@bp.get("/<int:redemption_id>/honour.pdf")
@access("member")
def honour(redemption_id: int) -> Response:
    """The certificate of an honour that was handed over. Raises NotHandedOver for anything else."""
    return counter_papers.honour_pdf(queries.redemption(g.person, redemption_id))


@bp.post("/<int:redemption_id>/undo")
@access("clerk", "admin")
@redisplay(redemption)
@writes
def undo(redemption_id: int) -> ResponseReturnValue:
    """Points and pieces go back."""
    actions.undo(by=g.person, redemption_id=redemption_id, reason=load(ReasonSchema)["reason"], at=clock.now())
    return _shown(redemption_id)


@bp.post("/<int:redemption_id>/cancel")
@access("clerk", "admin")
@redisplay(redemption)
@writes
def cancel(redemption_id: int) -> ResponseReturnValue:
    """Give a reservation up for a member who will not come."""
    holds.cancel(by=g.person, redemption_id=redemption_id, reason=load(CancelSchema)["reason"], at=clock.now())
    return _shown(redemption_id)


@bp.post("/<int:redemption_id>/return")
@access("clerk", "admin")
@redisplay(redemption)
@writes
def ask_return(redemption_id: int) -> ResponseReturnValue:
    """Write down that something is brought back; an administrator decides."""
    actions.ask_return(by=g.person, redemption_id=redemption_id, reason=load(ReasonSchema)["reason"], at=clock.now())
    return _shown(redemption_id)


@bp.post("/<int:redemption_id>/approve")
@access("admin")
@redisplay(redemption)
@writes
def approve_return(redemption_id: int) -> ResponseReturnValue:
    """Agree to a return: points go back, and pieces that can be used."""
    is_usable = load(ApprovalSchema)["is_usable"]
    actions.approve_return(by=g.person, redemption_id=redemption_id, is_usable=is_usable, at=clock.now())
    return _shown(redemption_id)


@bp.post("/<int:redemption_id>/refuse")
@access("admin")
@redisplay(redemption)
@writes
def refuse_return(redemption_id: int) -> ResponseReturnValue:
    """Disagree with a return; nothing moves."""
    actions.refuse_return(by=g.person, redemption_id=redemption_id, reason=load(ReasonSchema)["reason"], at=clock.now())
    return _shown(redemption_id)


def _shown(redemption_id: int) -> ResponseReturnValue:
    return redirect(url_for(".redemption", redemption_id=redemption_id), 303)
