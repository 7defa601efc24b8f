"""Every step of an order's life goes through here: the rules say whether it may follow, and the record keeps it."""

from datetime import datetime

from sqlalchemy import delete, select, update

from bank.db import db
from bank.notices.actions import tell
from bank.orders import clocks, queries, rules
from bank.orders.models import Order, OrderContact, OrderPicture, OrderStep
from bank.people.models import Person

FORGOTTEN = "*"
TOLD = ("accepted", "done", "answered", "refused", "not_met", "repeated", "posted")


def locked(order_id: int) -> Order:
    """The order, kept from changing until the end: who takes it, who sends it on and who cancels queue up here."""
    wanted = select(Order).where(Order.id == order_id).with_for_update(of=Order)
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise rules.OrderNotFound()
    return found


def dispatched(by: Person, order_id: int) -> Order:
    """The order, locked, for a dispatcher of its unit who neither asked for it nor lives with the asker or who serves it.

    Raises OrderNotFound, OwnOrder.
    """
    order = locked(queries.dispatched_by(by, order_id).id)
    if queries.is_near_asker(by, order):
        raise rules.OwnOrder()
    return order


def move(
    order: Order,
    step: str,
    *,
    by: Person | None,
    at: datetime,
    note: str | None = None,
    unit_id: int | None = None,
    person_id: int | None = None,
    state: str | None = None,
) -> None:
    """Take an order one step on and write the step down; `state` only where the step may lead to several.

    Raises OrderElsewhere, OrderTaken.
    """
    follows = rules.next_state(step, order.state)
    with db.session.no_autoflush:  # Half a step is not yet what the database lets pass.
        clock = queries.clock_in_force()
    order.state = state or follows
    order.ended_at = at if order.state in rules.ENDED else None
    _set_clock(order, clock, at)
    put_down(order, step, by=by, at=at, note=note, unit_id=unit_id, person_id=person_id)
    _tell(order, at)
    if order.state in rules.ENDED:
        forget_asker(order)


def put_down(
    order: Order,
    step: str,
    *,
    by: Person | None,
    at: datetime,
    note: str | None = None,
    unit_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Write a step of an order's life."""
    db.session.flush()  # The first step needs the order's id, and the database has the last word on each.
    db.session.add(
        OrderStep(
            order_id=order.id, kind=step, state=order.state, at=at, by_id=by.id if by else None, unit_id=unit_id,
            person_id=person_id, note=note,
        )
    )  # fmt: skip
    db.session.flush()


def forget_asker(order: Order) -> None:
    """Remove name, phone, address and picture: an order that is over needs none of them."""
    db.session.execute(delete(OrderContact).where(OrderContact.order_id == order.id))
    db.session.execute(delete(OrderPicture).where(OrderPicture.order_id == order.id))
    db.session.expire(order, ["contact", "picture"])


def forget_person(person_id: int) -> None:
    """Forget what somebody asked for, in the asker's own words and pictures; what may be shown of it and its life stay."""
    for order in db.session.scalars(select(Order).where(Order.asker_id == person_id)).all():
        order.wish = FORGOTTEN
        forget_asker(order)
    db.session.flush()


def forget_old(*, before: datetime) -> int:
    """Forget the askers' own words of orders that ended before an instant; answers how many there were."""
    old = update(Order).where(Order.ended_at < before, Order.wish != FORGOTTEN).values(wish=FORGOTTEN)
    return db.session.connection().execute(old).rowcount


def _tell(order: Order, at: datetime) -> None:
    """Tell the asker, if that is a member, how far it is; and whom it was sent to that it waits."""
    facts, key = {"order": order.shown_title}, f"order:{order.id}:{order.state}:{int(at.timestamp())}"
    if order.asker_id is not None and order.state in TOLD:
        tell(person_ids=[order.asker_id], kind="order_changed", facts=facts, key=key, at=at)
    if order.state == "dispatched" and order.target_person_id is not None:
        tell(person_ids=[order.target_person_id], kind="order_offered", facts=facts, key=f"{key}:offer", at=at)


def _set_clock(order: Order, clock: clocks.Clock, at: datetime) -> None:
    if order.state in rules.WAITING:
        order.due_at = clocks.answer_due_at(order.colour, order.asked_at, clock)
    elif order.state in ("accepted", "under_way"):
        order.due_at = clocks.done_due_at(order.accepted_at or at, order.wanted_for, clock)
    elif order.state in ("done", "rated"):
        order.due_at = clocks.done_due_at(at, None, clock)
    else:
        order.due_at = None
    order.escalate_at = max(order.due_at, at) if order.due_at else None
