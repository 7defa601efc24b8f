"""A wish that alice's neighbour asks for by the code on the board; bob dispatches, alice takes it, carol is nobody here."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bank.db import transaction
from bank.evaluations.rules import Device
from bank.orders import actions, dispatch, queries
from bank.orders import code as codes
from bank.orders.models import Order
from bank.orders.rules import Look, NewOrder
from bank.people.models import Person
from bank.units.models import Unit

MINUTE = timedelta(minutes=1)
PHONE = Device("a" * 20)
STRANGER = "13911112222"
LOOK = Look(title="修门锁", is_urgent=True, is_important=False, place="幸福路", category="repairs", usual_minutes=60)


@pytest.fixture
def ask(community: Unit, at: datetime) -> Callable[..., Order]:
    """What the form on the phone does: `ask(wish="门锁坏了")`."""

    def send(*, by: Person | None = None, at: datetime = at, picture: bytes | None = None, **changes: object) -> Order:
        values: dict[str, object] = {
            "kind": "wish", "unit_id": community.id, "wish": "门锁坏了，我叫王秀兰", "asker": "王秀兰", "phone": STRANGER,
            "address": "2号楼301",
        }  # fmt: skip
        with transaction():
            return actions.ask(by=by, new=NewOrder(**(values | changes)), picture=picture, at=at)  # type: ignore[arg-type]

    return send


@pytest.fixture
def look(bob: Person, at: datetime) -> Callable[..., Order]:
    """The dispatcher has read it and coloured it yellow."""

    def read(order: Order, *, by: Person = bob, look: Look = LOOK, at: datetime = at) -> Order:
        with transaction():
            return dispatch.look(by=by, order_id=order.id, look=look, at=at)

    return read


@pytest.fixture
def hung(ask: Callable[..., Order], look: Callable[..., Order], bob: Person, at: datetime) -> Callable[..., Order]:
    """An order on the tree."""

    def hang(**changes: object) -> Order:
        order = look(ask(**changes))
        with transaction():
            return dispatch.hang(by=bob, order_id=order.id, at=at)

    return hang


@pytest.fixture
def accept(at: datetime) -> Callable[..., Order]:
    """A member's tap: `accept(alice, order)`."""

    def tap(by: Person, order: Order, *, at: datetime = at) -> Order:
        with transaction():
            return actions.accept(by=by, order_id=order.id, at=at)

    return tap


@pytest.fixture
def serve(at: datetime) -> Callable[..., Order]:
    """From the start code to the end code: `serve(alice, order, minutes=50)`."""

    def work(by: Person, order: Order, *, minutes: int = 50, has_end_code: bool = True, at: datetime = at) -> Order:
        key = order.key
        with transaction():
            actions.start(by=by, order_id=order.id, code=codes.service_code(key, "start"), at=at)
        end = codes.service_code(key, "end") if has_end_code else ""
        with transaction():
            return actions.finish(by=by, order_id=order.id, code=end, at=at + minutes * MINUTE)

    return work


@pytest.fixture
def rate(at: datetime) -> Callable[..., Order]:
    """The asker's tap on a row of stars: `rate(order, 5)`."""

    def tap(order: Order, mark: int = 5, *, device: Device = PHONE, by: Person | None = None, **other: bool) -> Order:
        link = queries.link_of(order)
        with transaction():
            return actions.rate(link=link, mark=mark, device=device, by=by, at=at + 60 * MINUTE, **other)

    return tap


@pytest.fixture
def post(bob: Person, at: datetime) -> Callable[..., Order]:
    """The dispatcher strikes it off."""

    def press(order: Order, *, by: Person = bob) -> Order:
        with transaction():
            return dispatch.post(by=by, order_id=order.id, at=at + 90 * MINUTE)

    return press
