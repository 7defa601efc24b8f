"""The end of a counter's day: what was handed over, what lies on the shelf, and the name below it."""

from datetime import date

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock
from bank.counter import day as days
from bank.counter.forms import CountSchema, ReasonSchema
from bank.counter.schemas import DayQuerySchema
from bank.rewards import actions as rewards
from bank.rewards import queries
from bank.rewards.models import Counter
from bank.rewards.rules import CounterNotFound
from bank.web import desk, exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("counter_day", __name__, url_prefix="/counter/day")
COLUMNS: exports.Columns = (
    (_("兑换点"), lambda each: f"{each.counter.unit.name} {each.counter.name}"),
    (_("笔数"), lambda each: each.figures.redemptions),
    (_("件数"), lambda each: each.figures.pieces),
    (_("积分"), lambda each: exports.points(each.figures.points)),
    (_("撤销"), lambda each: each.figures.undone),
    (_("退货"), lambda each: each.figures.returned),
    (_("已盘物品"), lambda each: each.figures.counted),
    (_("盘点差异"), lambda each: each.figures.differences),
    (_("已签字"), lambda each: each.is_closed),
)


@bp.get("/")
@access("clerk", "admin", "auditor")
def counters() -> ResponseReturnValue:
    """A day at every counter in sight, with what is signed off and what is not."""
    day = _day()
    found = days.reports(g.person, day)
    if exports.is_asked():
        return exports.answer(f"counters-{day}", COLUMNS, found)
    return desk.page("counter/days.html", day=day, today=clock.today(), reports=found)


@bp.get("/<int:counter_id>")
@access("clerk", "admin", "auditor")
def counter(counter_id: int) -> str:
    """One counter's day: figures, what is still to be counted, what was counted, and who signed."""
    found, day = _seen(counter_id), _day()
    can_sign = day == clock.today() and queries.is_clerk(g.person, found)
    return desk.page("counter/day.html", report=days.report(found, day), can_sign=can_sign)


@bp.post("/<int:counter_id>/count")
@access("clerk")
@redisplay(counter)
@writes
def count(counter_id: int) -> ResponseReturnValue:
    """Write down what lies there; a difference is booked with its reason."""
    rewards.count_stock(by=g.person, counter_id=counter_id, at=clock.now(), **load(CountSchema))
    return redirect(url_for(".counter", counter_id=counter_id), 303)


@bp.post("/<int:counter_id>/close")
@access("clerk")
@redisplay(counter)
@writes
def close(counter_id: int) -> ResponseReturnValue:
    """Sign today off."""
    days.close(by=g.person, counter_id=counter_id, at=clock.now())
    return redirect(url_for(".counter", counter_id=counter_id), 303)


@bp.post("/<int:counter_id>/reopen")
@access("clerk")
@redisplay(counter)
@writes
def reopen(counter_id: int) -> ResponseReturnValue:
    """Open today again, for a reason that stays in the record."""
    days.reopen(by=g.person, counter_id=counter_id, reason=load(ReasonSchema)["reason"], at=clock.now())
    return redirect(url_for(".counter", counter_id=counter_id), 303)


def _day() -> date:
    return DayQuerySchema(unknown="exclude").load(request.args)["day"] or clock.today()


def _seen(counter_id: int) -> Counter:
    found = queries.counter(counter_id)
    if not queries.is_seen(g.person, found.unit.path):
        raise CounterNotFound()
    return found
