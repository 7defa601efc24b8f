"""What askers and members do with orders: ask, take, serve, rate, cancel. An action flushes and never commits."""

from datetime import datetime

from bank.db import db, random_key
from bank.documents import pictures
from bank.evaluations.rules import Device, check_mark
from bank.micro_hours import actions as micro_hours
from bank.micro_hours import queries as micro_queries
from bank.micro_hours.models import MicroHour
from bank.micro_hours.rules import NewMicroHour, NoMicroHourRunning
from bank.orders import clocks, life, menu, queries, rules
from bank.orders import code as codes
from bank.orders.models import MenuItem, Order, OrderContact, OrderPicture
from bank.people.models import Person
from bank.people.rules import BadPhone, clean_phone
from bank.units import queries as units
from bank.units.models import Unit

PLACES = ("street", "community", "grid", "building")


def ask(*, by: Person | None, new: rules.NewOrder, picture: bytes | None = None, at: datetime) -> Order:
    """Ask for something: a stranger by the code on the notice board (`by=None`), a member, or a grid worker for another.

    Strangers say how they are reached. Raises BadOrder, BadPhone, AsksTooMuch, MenuItemNotFound, UnitNotFound, UnitClosed,
    PictureUnreadable.
    """
    rules.check_new(new)
    unit, phone = units.open_unit(new.unit_id), _phone(new, by)
    if unit.kind not in PLACES and new.kind != "project":
        raise rules.BadOrder(field="unit_id")
    if phone is not None and not new.is_paid and queries.open_with_phone(phone) >= rules.ASKED_AT_ONCE:
        raise rules.AsksTooMuch()
    order = _new_order(new, unit, at=at)
    order.asked_by_id = by.id if by is not None and by.id != new.asker_id else None
    db.session.add(order)
    life.put_down(order, "asked", by=by, at=at)
    db.session.add(OrderContact(order_id=order.id, asker=_text(new.asker), phone=phone, address=_text(new.address)))
    if picture:
        db.session.add(OrderPicture(order_id=order.id, content=pictures.shrunk(picture), added_at=at))
    db.session.flush()
    return order


def cancel(*, link: str, words: str = "", at: datetime) -> Order:
    """The asker no longer wants it. Raises OrderCodeUnknown, OrderElsewhere once the service has begun."""
    order = life.locked(queries.by_link(link).id)
    order.outcome = rules.clean_words(words) if words.strip() else None
    _leave(order)
    life.move(order, "cancelled", by=None, at=at, note=order.outcome)
    return order


def accept(*, by: Person, order_id: int, at: datetime) -> Order:
    """Take an order: of any number who tap at once, one gets it and the others are told.

    Raises OrderNotFound, OrderTaken, OrderElsewhere, OwnOrder, OrderNotForYou, TooManyOrders, NotPaidWithPoints, ForUnitsOnly.
    """
    db.session.refresh(by, with_for_update={"key_share": True})  # So that nobody takes many at once beyond the limit.
    order = life.locked(order_id)
    rules.check_servable(kind=order.kind, level=order.level, by_unit=False)
    rules.next_state("accepted", order.state)
    rules.check_taker(queries.taker(by, order, at))
    order.helper_id, order.accepted_at = by.id, at
    life.move(order, "accepted", by=by, at=at, person_id=by.id)
    return order


def give_back(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """Give an order back before it is begun, and say why; it waits again where it waited. Raises OrderNotFound, WordsMissing."""
    order = _own(by, order_id)
    words = rules.clean_words(words)
    _leave(order)
    life.move(order, "given_back", by=by, at=at, note=words, state="hung" if order.is_on_tree else "dispatched")
    return order


def start(*, by: Person, order_id: int, code: str, at: datetime) -> Order:
    """Begin to serve, with the asker's four digits for the start: from now on it is a micro-hour.

    Raises OrderNotFound, WrongServiceCode, OrderElsewhere, MicroHourRunning.
    """
    order = _own(by, order_id)
    if not codes.is_service_code(code, order.key, "start"):
        raise rules.WrongServiceCode()
    rules.next_state("started", order.state)
    new = NewMicroHour(
        category=order.category, title=order.title, place=order.place or order.unit.name, unit_id=order.unit_id,
        minutes_max=order.usual_minutes, is_ordered=True,
    )  # fmt: skip
    order.micro_hour_id = micro_hours.start(by=by, new=new, at=at).id
    life.move(order, "started", by=by, at=at)
    return order


def finish(*, by: Person, order_id: int, code: str = "", at: datetime) -> Order:
    """End the service with the asker's four digits for the end; without them the asker's rating confirms it later.

    Raises OrderNotFound, WrongServiceCode, OrderElsewhere, NoMicroHourRunning.
    """
    order = _own(by, order_id)
    if code.strip() and not codes.is_service_code(code, order.key, "end"):
        raise rules.WrongServiceCode()
    rules.next_state("finished", order.state)
    running = micro_queries.running(by.id)
    if running is None or running.id != order.micro_hour_id:
        raise NoMicroHourRunning()
    stopped = micro_hours.stop(by=by, at=at)
    if code.strip():
        micro_hours.confirm(stopped, way="code", at=at)
    life.move(order, "finished", by=by, at=at)
    return order


def rate(*, link: str, mark: int, device: Device, by: Person | None, is_shown: bool = False, at: datetime) -> Order:
    """The asker says how it was, 1 to 5, which also confirms that it was; `is_shown` lets the wall of wishes met show it.

    Raises BadMark, OrderCodeUnknown, OrderElsewhere, OwnMicroHour on a device of who served.
    """
    check_mark(mark)
    order = life.locked(queries.by_link(link).id)
    rules.next_state("rated", order.state)
    micro_hour = _micro_hour(order)
    micro_queries.check_device(micro_hour, device, by)
    if micro_hour.confirmed_at is None:
        micro_hours.confirm(micro_hour, way="code", at=at)
    micro_hour.mark, micro_hour.device = mark, device.key
    order.mark, order.is_on_wall = mark, is_shown and order.kind == "wish"
    life.move(order, "rated", by=None, at=at)
    return order


def _own(by: Person, order_id: int) -> Order:
    order = life.locked(order_id)
    if order.helper_id != by.id:
        raise rules.OrderNotFound()
    return order


def _micro_hour(order: Order) -> MicroHour:
    assert order.micro_hour_id is not None, "what was served has been timed"
    return micro_hours.locked(order.micro_hour_id)


def _leave(order: Order) -> None:
    order.helper_id = order.accepted_at = order.claimed_unit_id = None


def _new_order(new: rules.NewOrder, unit: Unit, *, at: datetime) -> Order:
    item = menu.item(new.menu_item_id, unit) if new.menu_item_id is not None else None
    key = random_key()
    title = (new.title or (item.name if item else "")).strip()
    return Order(
        key=key, code_hash=codes.typed_hash(codes.typed(key)), kind=new.kind, level=new.level, way=new.way or _way(item),
        menu_item_id=item.id if item else None, unit_id=unit.id, node_id=unit.id, title=title, wish=new.wish.strip(),
        category=item.category if item else "other", usual_minutes=item.usual_minutes if item else 60,
        wanted_for=new.wanted_for, is_minor=new.is_minor, is_paid=new.is_paid, state="asked", asked_at=at,
        asker_id=new.asker_id, due_at=(due_at := clocks.answer_due_at(None, at, queries.clock_in_force())), escalate_at=due_at,
    )  # fmt: skip


def _way(item: MenuItem | None) -> str | None:
    return item.way if item else None


def _phone(new: rules.NewOrder, by: Person | None) -> str | None:
    """How the asker is reached: by the phone; members and who is asked for on the spot need none."""
    if (new.phone or "").strip():
        return clean_phone(new.phone or "")
    if by is None and new.kind != "project":
        raise BadPhone()
    return None


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None
