"""What a day or a week came to, by unit: counted by the clock, kept for good, and written anew never."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bank.clock import local_instant
from bank.db import db
from bank.orders.models import Order, OrderFigures, OrderStep
from bank.orders.rules import UNSERVED
from bank.people.models import Person
from bank.people.queries import paths_of
from bank.units.models import Unit

ONE_DAY = timedelta(days=1)
DAYS = {"day": 1, "week": 7}
COUNTED_UNITS = ("bank", "street", "community")
SHOWN_MAX = 30


def make_up(*, until: date, at: datetime) -> int:
    """Count the week of days that ends on a day, and every whole week (Monday to Sunday) of the last two, if not done yet."""
    days = [until - number * ONE_DAY for number in range(7)]
    mondays = [each for each in (until - number * ONE_DAY for number in range(6, 20)) if each.weekday() == 0]
    made = sum(count(period="day", starts_on=each, at=at) for each in days)
    return made + sum(count(period="week", starts_on=each, at=at) for each in mondays)


def count(*, period: str, starts_on: date, at: datetime) -> int:
    """Count a day or week for every bank, street and community in which something happened; answers for how many units.

    What was counted before stays as it is.
    """
    begin, end = (local_instant(each, time()) for each in (starts_on, starts_on + DAYS[period] * ONE_DAY))
    steps = select(OrderStep, Order, Unit.path).join(Order, OrderStep.order_id == Order.id).join(Unit, Order.unit_id == Unit.id)
    rows = db.session.execute(steps.where(OrderStep.at >= begin, OrderStep.at < end)).all()
    known = set(
        db.session.scalars(select(OrderFigures.unit_id).where(OrderFigures.period == period, OrderFigures.starts_on == starts_on))
    )
    made = 0
    for unit in db.session.scalars(select(Unit).where(Unit.kind.in_(COUNTED_UNITS)).order_by(Unit.id)):
        inside = [(step, order) for step, order, path in rows if path.startswith(unit.path)]
        if inside and unit.id not in known:
            figures = summed(inside)
            db.session.add(
                OrderFigures(unit_id=unit.id, period=period, starts_on=starts_on, figures=figures, counted_at=at)
            )  # fmt: skip
            made += 1
    db.session.flush()
    return made


def summed(steps: Sequence[tuple[OrderStep, Order]]) -> dict[str, int | dict[str, int]]:
    """How many of each kind of step; `minutes_to_answer` is the mean until somebody took one."""
    kinds = Counter(step.kind for step, _ in steps)
    taken = [(step, order) for step, order in steps if step.kind in ("accepted", "claimed", "answered")]
    waits = [(step.at - order.asked_at) // timedelta(minutes=1) for step, order in taken]
    asked = [order for step, order in steps if step.kind == "asked"]
    return {
        "asked": kinds["asked"],
        "accepted": len(taken),
        "posted": kinds["posted"],
        "unserved": sum(kinds[each] for each in UNSERVED),
        "escalated": kinds["escalated"],
        "minutes_to_answer": sum(waits) // len(waits) if waits else 0,
        "kinds": dict(Counter(each.kind for each in asked)),
        "categories": dict(Counter(each.category for each in asked).most_common(5)),
    }


def latest(by: Person, *, period: str) -> list[tuple[Unit, OrderFigures]]:
    """The latest figures of the units where `by` dispatches or audits, the newest first."""
    paths = [path for role, path in paths_of(by) if role in ("organizer", "admin", "auditor")]
    rows = select(Unit, OrderFigures).join(OrderFigures, OrderFigures.unit_id == Unit.id).where(OrderFigures.period == period)
    found = db.session.execute(rows.order_by(OrderFigures.starts_on.desc(), Unit.path).limit(SHOWN_MAX * 20)).all()
    return [(unit, each) for unit, each in found if any(unit.path.startswith(path) for path in paths)][:SHOWN_MAX]
