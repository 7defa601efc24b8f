"""What dispatchers do with orders: look, send on, hang on the tree, answer, end, and strike off what was served."""

from datetime import datetime

from bank.db import db
from bank.evaluations import actions as evaluations
from bank.evaluations.rules import Call, check_mark
from bank.hours.queries import records_of_service, service_of
from bank.hours.rules import check_category
from bank.micro_hours import actions as micro_hours
from bank.micro_hours.queries import minutes
from bank.notices.actions import tell
from bank.orders import clocks, life, queries, rules
from bank.orders.models import Order
from bank.people import queries as people
from bank.people.models import Grant, Person
from bank.people.queries import has_role
from bank.units import queries as units


def look(*, by: Person, order_id: int, look: rules.Look, at: datetime) -> Order:
    """Read an order, say what may be shown of it, and colour it; its due time follows from the colour.

    Raises OrderNotFound, OwnOrder, BadOrder, OrderElsewhere.
    """
    order = life.dispatched(by, order_id)
    rules.check_look(look)
    check_category(look.category)
    order.title, order.place = look.title.strip(), (look.place or "").strip() or None
    order.category, order.usual_minutes = look.category, look.usual_minutes
    order.colour = rules.colour(is_urgent=look.is_urgent, is_important=look.is_important)
    life.move(order, "looked_at", by=by, at=at, note=order.colour)
    return order


def dispatch(
    *, by: Person, order_id: int, unit_id: int | None = None, card_number: str | None = None, at: datetime
) -> Order:  # fmt: skip
    """Send an order to a unit or team, or to the member of a card.

    Raises OrderNotFound, OwnOrder, BadOrder, OrderElsewhere, UnitNotFound, UnitClosed, PersonNotFound, OrderNotForYou.
    """
    order = life.dispatched(by, order_id)
    if (unit_id is None) == (card_number is None):
        raise rules.BadOrder(field="unit_id")
    target = units.open_unit(unit_id) if unit_id is not None else None
    person = people.person_by_card(by=by, card_number=card_number or "") if target is None else None
    if person is not None and queries.is_near_asker(person, order):
        raise rules.OwnOrder()
    order.target_id, order.target_person_id = target.id if target else None, person.id if person else None
    order.is_on_tree = False
    life.move(order, "dispatched", by=by, at=at, unit_id=order.target_id, person_id=order.target_person_id)
    return order


def hang(*, by: Person, order_id: int, at: datetime) -> Order:
    """Hang an order on the tree, where everybody sees it. Raises OrderNotFound, OwnOrder, OrderElsewhere, NotPaidWithPoints."""
    order = life.dispatched(by, order_id)
    if order.kind == "matter":
        raise rules.NotPaidWithPoints()
    order.is_on_tree, order.target_id, order.target_person_id = True, None, None
    life.move(order, "hung", by=by, at=at)
    return order


def answer(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """Answer a matter for the office, in words that the asker reads. Raises OrderNotFound, OwnOrder, BadOrder, WordsMissing."""
    order = life.dispatched(by, order_id)
    if order.kind != "matter":
        raise rules.BadOrder(field="kind")
    return _end(order, "answered", words, by=by, at=at)


def refuse(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """Say that it cannot be done here, why, and what to do instead. Raises OrderNotFound, OwnOrder, WordsMissing."""
    return _end(life.dispatched(by, order_id), "refused", words, by=by, at=at)


def not_met(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """Say that nobody could do it, and why. Raises OrderNotFound, OwnOrder, WordsMissing, OrderElsewhere."""
    order = life.dispatched(by, order_id)
    if order.micro_hour_id is not None:
        micro_hours.abandon(order.micro_hour_id, at=at)
    return _end(order, "not_met", words, by=by, at=at)


def repeat(*, by: Person, order_id: int, first_id: int, at: datetime) -> Order:
    """Say that an order repeats another, which the asker may follow instead. Raises OrderNotFound, OwnOrder, BadOrder."""
    order = life.dispatched(by, order_id)
    first = queries.dispatched_by(by, first_id)
    if first.id == order.id or first.state == "repeated" or order.is_paid:
        raise rules.BadOrder(field="first_id")
    order.repeat_of_id = first.id
    life.move(order, "repeated", by=by, at=at, note=str(first.id))
    return order


def rate_on_call(*, by: Person, order_id: int, mark: int, called: str, at: datetime) -> Order:
    """Write down what the asker said on the phone, and who was called: the service was, and how it was, 1 to 5.

    Time that only a call confirms counts as supplemented. Raises BadMark, WordsMissing, OrderNotFound, OwnOrder, OrderElsewhere.
    """
    check_mark(mark)
    order = life.dispatched(by, order_id)
    rules.next_state("rated", order.state)
    words = rules.clean_words(called)[:200]
    _refuse_helpers_home(by, order)
    if order.micro_hour_id is not None and not _is_confirmed(order):
        micro_hours.vouch(by=by, micro_hour_id=order.micro_hour_id, called=words, at=at)
    order.mark, order.rated_by_id = mark, by.id
    life.move(order, "rated", by=by, at=at, note=words)
    return order


def post(*, by: Person, order_id: int, words: str = "", at: datetime) -> Order:
    """Strike an order off: the helper's time becomes a service record, with the asker's mark, and is deposited.

    Raises OrderNotFound, OwnOrder, OrderElsewhere, NotPostedYet, MicroHourNeedsSecond, RoleMissing.
    """
    order = life.dispatched(by, order_id)
    rules.next_state("posted", order.state)
    _refuse_helpers_home(by, order)
    order.outcome = rules.clean_words(words) if words.strip() else order.outcome
    if order.micro_hour_id is not None:
        if not _is_confirmed(order):
            raise rules.NotPostedYet()
        _record(order, order.micro_hour_id, by=by, at=at)
    life.move(order, "posted", by=by, at=at, note=order.outcome)
    return order


def escalate(*, at: datetime) -> int:
    """Pass every order whose time is over to the unit above; answers how many. Run again it finds nothing left to do."""
    wanted = db.select(Order.id).where(Order.state.in_(rules.OPEN), Order.escalate_at < at).order_by(Order.id)
    clock, count = queries.clock_in_force(), 0
    for order_id in db.session.scalars(wanted).all():
        order = life.locked(order_id)
        above = order.node.parent
        order.escalate_at = clocks.answer_due_at(order.colour, at, clock) if above is not None else None
        if above is not None:
            order.node_id = above.id
            life.put_down(order, "escalated", by=None, at=at, unit_id=above.id)
            _tell_above(order, at)
            count += 1
    db.session.flush()
    return count


def _tell_above(order: Order, at: datetime) -> None:
    """Those who dispatch in the unit that it was passed to learn of it."""
    of_unit = (Grant.unit_id == order.node_id, Grant.role.in_(queries.DISPATCHERS), Grant.revoked_at.is_(None))
    person_ids = db.session.scalars(db.select(Grant.person_id).where(*of_unit)).all()
    key = f"order:{order.id}:escalated:{order.node_id}"
    tell(person_ids=person_ids, kind="order_overdue", facts={"order": order.shown_title}, key=key, at=at)


def _end(order: Order, step: str, words: str, *, by: Person, at: datetime) -> Order:
    order.outcome = rules.clean_words(words)
    life.move(order, step, by=by, at=at, note=order.outcome)
    return order


def _record(order: Order, micro_hour_id: int, *, by: Person, at: datetime) -> None:
    """The helper's time becomes a service record; what took no whole minute is struck off without one."""
    if not minutes(micro_hours.locked(micro_hour_id)):
        micro_hours.abandon(micro_hour_id, at=at)
        return
    micro_hours.record(by=by, micro_hour_ids=[micro_hour_id], is_ordered=True, at=at)
    order.source = micro_hours.source(micro_hour_id)
    _pass_call_on(order, by=by, at=at)


def _is_confirmed(order: Order) -> bool:
    """Whether the asker has confirmed the service in any way."""
    return order.micro_hour is not None and order.micro_hour.confirmed_at is not None


def _refuse_helpers_home(by: Person, order: Order) -> None:
    if order.helper_id is not None and people.same_household(by.id, order.helper_id):
        raise rules.OwnOrder()


def _pass_call_on(order: Order, *, by: Person, at: datetime) -> None:
    """A mark told on the phone becomes the recipient's mark, given by who called; not if that is also who leads."""
    caller = order.rated_by
    service = service_of(order.source or "")
    if caller is None or order.mark is None or service is None or caller.id == by.id:
        return
    if any(has_role(caller, role, order.unit_id) for role in queries.DISPATCHERS):
        [record] = records_of_service(service.id)
        called = next((each.note for each in reversed(order.steps) if each.kind == "rated"), None)
        call = Call(mark=order.mark, called=called or f"#{order.id}")
        evaluations.record_call(by=caller, record_id=record.id, call=call, at=at)
