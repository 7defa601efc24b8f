"""Key and flagship projects: an organisation claims one, carries it out as an activity, and tells what came of it."""

from datetime import datetime

from bank.orders import life, queries, rules
from bank.orders.models import Order
from bank.people.models import Person
from bank.people.queries import require_any_role
from bank.units.queries import open_unit


def claim(*, by: Person, order_id: int, unit_id: int, at: datetime) -> Order:
    """Claim a project for an organisation of `by`; of several one gets it.

    Raises OrderNotFound, OrderTaken, OrderElsewhere, ForUnitsOnly, RoleMissing, UnitNotFound, UnitClosed.
    """
    unit = open_unit(unit_id)
    require_any_role(by, queries.DISPATCHERS, unit.id)
    order = life.locked(order_id)
    rules.check_servable(kind=order.kind, level=order.level, by_unit=True)
    rules.next_state("claimed", order.state)
    order.claimed_unit_id, order.accepted_at = unit.id, at
    life.move(order, "claimed", by=by, at=at, unit_id=unit.id)
    return order


def carry_out(*, by: Person, order_id: int, source: str, at: datetime) -> Order:
    """Say which activity carries a claimed project out (`activity:17`). Raises OrderNotFound, OrderElsewhere."""
    order = _claimed(by, order_id)
    order.source = source
    life.move(order, "started", by=by, at=at, note=source)
    return order


def conclude(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """Say what came of a project that was carried out; its dispatcher strikes it off then. Raises OrderNotFound, WordsMissing."""
    order = _claimed(by, order_id)
    order.outcome = rules.clean_words(words)
    life.move(order, "finished", by=by, at=at, note=order.outcome)
    return order


def give_back(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """Give a claimed project back before it is begun, and say why. Raises OrderNotFound, WordsMissing, OrderElsewhere."""
    order = _claimed(by, order_id)
    words = rules.clean_words(words)
    order.claimed_unit_id = order.accepted_at = None
    life.move(order, "given_back", by=by, at=at, note=words, state="hung" if order.is_on_tree else "dispatched")
    return order


def _claimed(by: Person, order_id: int) -> Order:
    """A project, locked, for those who organise in the unit that claimed it. Raises OrderNotFound."""
    order = life.locked(order_id)
    if order.claimed_unit_id is None:
        raise rules.OrderNotFound()
    require_any_role(by, queries.DISPATCHERS, order.claimed_unit_id)
    return order
