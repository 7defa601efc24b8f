"""The dispatcher's board: columns by state, colours with their due times, keys and drag; every deed a button as well."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.counter import services
from bank.hours.rules import CATEGORIES
from bank.orders import code as codes
from bank.orders import dispatch, figures, queries, schemas
from bank.orders.models import Order
from bank.orders.rules import COLOURS, ENDED, KINDS, OPEN, Look
from bank.web import exports
from bank.web.auth import access
from bank.web.filters import moment
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.links import is_only_here, public_url
from bank.web.order_texts import COLOUR_NAMES, KIND_NAMES, STATE_NAMES
from bank.web.pages.orders import names
from bank.web.qr import qr

bp = Blueprint("order_board", __name__, url_prefix="/orders/board")
DISPATCHERS = queries.DISPATCHERS
FIGURE_COLUMNS: exports.Columns = (
    (_("日期"), lambda each: each[1].starts_on),
    (_("单位"), lambda each: each[0].name),
    (_("点单"), lambda each: each[1].figures.asked),
    (_("接单"), lambda each: each[1].figures.accepted),
    (_("销号"), lambda each: each[1].figures.posted),
    (_("没办成"), lambda each: each[1].figures.unserved),
    (_("超时上报"), lambda each: each[1].figures.escalated),
    (_("平均多久有人接（分钟）"), lambda each: each[1].figures.minutes_to_answer if each[1].figures.accepted else None),
)
LANES = (("asked",), ("looked_at",), ("dispatched", "hung"), ("accepted", "under_way"), ("done", "rated"))


@bp.context_processor
def _names() -> dict[str, Any]:
    return names()


@bp.get("/")
@access("organizer", "admin", "auditor")
def board() -> ResponseReturnValue:
    """What is due first stands first, in a column for each state."""
    choices = {"colour": COLOURS, "kind": KINDS}
    asked = {name: request.args[name] for name, known in choices.items() if request.args.get(name) in known}
    found, at = queries.board(g.person, states=ENDED if "ended" in request.args else OPEN, **asked), clock.now()
    if exports.is_asked():
        return exports.answer("orders", _columns(), found)
    late, soon = queries.overdue(found, at), queries.due_soon(found, at, queries.clock_in_force())
    lanes = [(lane, [each for each in found if each.state in lane]) for lane in LANES]
    return render_template(
        "orders/board.html", lanes=lanes, found=found, late=late, soon=soon, asked=asked, colours=COLOURS, kinds=KINDS,
        is_ended="ended" in request.args, units=queries.claiming_units(g.person),
    )  # fmt: skip


@bp.get("/<int:order_id>")
@access("organizer", "admin", "auditor")
def card(order_id: int) -> str:
    """One order with everything that can be done about it, and its whole life."""
    sight = queries.sight(g.person, order_id)
    found = sight.order
    digits = {what: codes.service_code(found.key, what) for what in ("start", "end")} if sight.is_dispatcher else {}
    typed = codes.typed(found.key) if sight.is_dispatcher else None
    return render_template(
        "orders/card.html", sight=sight, order=found, units=queries.helpers(found, g.person) if sight.is_dispatcher else [],
        categories=CATEGORIES, trail=services.trail(found), digits=digits, typed=typed,
        link=public_url("orders.follow", link=queries.link_of(found)) if sight.is_dispatcher else None,
    )  # fmt: skip


@bp.post("/<int:order_id>/look")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def look(order_id: int) -> ResponseReturnValue:
    """Say what may be shown of it, and colour it."""
    dispatch.look(by=g.person, order_id=order_id, look=Look(**load(schemas.LookSchema)), at=clock.now())
    return redirect(url_for(".card", order_id=order_id), 303)


@bp.post("/<int:order_id>/dispatch")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def send(order_id: int) -> ResponseReturnValue:
    """Send it to a unit, a team or a person."""
    sent = load(schemas.DispatchSchema)
    card_number = sent["card_number"] or None
    dispatch.dispatch(by=g.person, order_id=order_id, unit_id=sent["unit_id"], card_number=card_number, at=clock.now())
    return _back(order_id)


@bp.post("/<int:order_id>/hang")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def hang(order_id: int) -> ResponseReturnValue:
    """Hang it on the tree."""
    dispatch.hang(by=g.person, order_id=order_id, at=clock.now())
    return _back(order_id)


@bp.post("/<int:order_id>/answer")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def answer(order_id: int) -> ResponseReturnValue:
    """Answer a matter for the office."""
    dispatch.answer(by=g.person, order_id=order_id, words=load(schemas.OrderWordsSchema)["words"], at=clock.now())
    return _back(order_id)


@bp.post("/<int:order_id>/refusal")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def refuse(order_id: int) -> ResponseReturnValue:
    """It cannot be done here, and why."""
    services.refuse(by=g.person, order_id=order_id, words=load(schemas.OrderWordsSchema)["words"], at=clock.now())
    return _back(order_id)


@bp.post("/<int:order_id>/not-met")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def not_met(order_id: int) -> ResponseReturnValue:
    """Nobody could do it, and why."""
    services.not_met(by=g.person, order_id=order_id, words=load(schemas.OrderWordsSchema)["words"], at=clock.now())
    return _back(order_id)


@bp.post("/<int:order_id>/repeat")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def repeat(order_id: int) -> ResponseReturnValue:
    """It repeats another."""
    dispatch.repeat(by=g.person, order_id=order_id, first_id=load(schemas.FirstOrderSchema)["first_id"], at=clock.now())
    return _back(order_id)


@bp.post("/<int:order_id>/call")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def rate_on_call(order_id: int) -> ResponseReturnValue:
    """What the asker said on the phone."""
    services.rate_on_call(by=g.person, order_id=order_id, at=clock.now(), **load(schemas.OrderCallSchema))
    return _back(order_id)


@bp.post("/<int:order_id>/posting")
@access(*DISPATCHERS)
@redisplay(card)
@writes
def post(order_id: int) -> ResponseReturnValue:
    """Strike it off."""
    services.post(by=g.person, order_id=order_id, words=load(schemas.OptionalWordsSchema)["words"], at=clock.now())
    flash(gettext("已销号，时长和积分已入账。"), "done")
    return _back(order_id)


@bp.get("/notice")
@access("organizer", "admin", "auditor")
def notices() -> str:
    """The codes to be printed and hung on notice boards: one for each community and grid."""
    places = [each for each in queries.claiming_units(g.person) if each.kind in ("community", "grid")]
    drawn = [(each, qr(public_url("orders.ask", unit_key=each.key))) for each in places[:60]]
    return render_template("orders/notices.html", drawn=drawn, is_only_here=is_only_here())


@bp.get("/figures")
@access("organizer", "admin", "auditor")
def all_figures() -> ResponseReturnValue:
    """What days and weeks came to, as the clock counted them."""
    if exports.is_asked():
        period = "week" if request.args.get("table") == "week" else "day"
        return exports.answer(f"orders-{period}", FIGURE_COLUMNS, figures.latest(g.person, period=period))
    return render_template(
        "orders/figures.html", days=figures.latest(g.person, period="day"), weeks=figures.latest(g.person, period="week")
    )  # fmt: skip


def _back(order_id: int) -> ResponseReturnValue:
    return redirect(url_for(".card", order_id=order_id), 303)


def _columns() -> exports.Columns:
    """What a file of the board holds: never how the asker is reached."""
    return (
        (gettext("编号"), lambda each: each.id),
        (gettext("类别"), lambda each: KIND_NAMES[each.kind]),
        (gettext("内容"), _title),
        (gettext("社区"), lambda each: each.unit.name),
        (gettext("地点"), lambda each: each.shown_place),
        (gettext("颜色"), lambda each: COLOUR_NAMES[each.colour] if each.colour else None),
        (gettext("状态"), lambda each: STATE_NAMES[each.state]),
        (gettext("提交"), lambda each: each.asked_at),
        (gettext("时限"), lambda each: moment(each.due_at) if each.due_at else None),
        (gettext("结果"), lambda each: each.outcome),
    )


def _title(order: Order) -> str:
    return order.shown_title
