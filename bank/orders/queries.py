"""What can be asked about orders: by the asker's code, as a member, and on the dispatcher's board; nothing here changes any."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import joinedload

from bank.clock import local_day
from bank.db import db
from bank.orders import code as codes
from bank.orders import rules
from bank.orders.clocks import Clock, is_soon
from bank.orders.models import Order, OrderClock, OrderContact
from bank.people.models import Membership, Person
from bank.people.queries import household_of, is_minor, paths_of, require_any_role
from bank.people.rules import mask_name
from bank.units.models import Unit

DISPATCHERS = ("organizer", "admin")
SEEING = (*DISPATCHERS, "auditor")
BOARD_MAX, MINE_MAX, WALL_MAX = 300, 50, 60
AT_UNIT = ("street", "community", "grid", "building")


@dataclass(frozen=True)
class Sight:
    """How much somebody sees of an order: the asker's contact, and whether to dispatch or to serve it."""

    order: Order
    contact: OrderContact | None
    is_dispatcher: bool
    is_helper: bool
    may_take: bool


@dataclass(frozen=True)
class Followed:
    """What the asker sees: how far it is, who comes (masked), and the digits to tell the helper while they are needed."""

    order: Order
    helper: str | None
    code: str
    start_code: str | None
    end_code: str | None


def clock_in_force() -> Clock:
    """The waits and hours of work that count now."""
    newest = db.session.scalar(select(OrderClock).order_by(OrderClock.version.desc()).limit(1))
    names = Clock.__dataclass_fields__
    return Clock(**{name: getattr(newest, name) for name in names}) if newest else Clock()


def asking_unit(key: str) -> Unit:
    """The community or grid whose notice board a code hangs on. Raises OrderCodeUnknown."""
    found = db.session.scalar(select(Unit).where(Unit.key == key, Unit.closed_at.is_(None), Unit.kind.in_(AT_UNIT)))
    if found is None:
        raise rules.OrderCodeUnknown()
    return found


def asking_units() -> list[Unit]:
    """Every open community and what else residents may ask in, in the order of the tree."""
    wanted = select(Unit).where(Unit.closed_at.is_(None), Unit.kind == "community")
    return sorted(db.session.scalars(wanted), key=lambda each: each.steps)


def by_link(link: str) -> Order:
    """The order of the asker's link. Raises OrderCodeUnknown."""
    number = codes.number(link)
    found = db.session.get(Order, number) if number is not None else None
    if found is None or not codes.is_link(link, found.id, found.key):
        raise rules.OrderCodeUnknown()
    return found


def followed(link: str) -> Followed:
    """What the asker's link opens. Raises OrderCodeUnknown."""
    order = by_link(link)
    needs_start, needs_end = order.state == "accepted", order.state == "under_way"
    return Followed(
        order=order,
        helper=mask_name(order.helper.name) if order.helper and order.state in rules.OPEN else None,
        code=codes.typed(order.key),
        start_code=codes.service_code(order.key, "start") if needs_start else None,
        end_code=codes.service_code(order.key, "end") if needs_end else None,
    )


def link_of(order: Order) -> str:
    """What stands in the address of the asker's page."""
    return codes.link(order.id, order.key)


def by_typed(text: str) -> Order:
    """The order of the ten digits that the asker was given. Raises OrderCodeUnknown."""
    digits = re.sub(r"[^0-9]", "", text)
    found = db.session.scalar(select(Order).where(Order.code_hash == codes.typed_hash(digits)))
    if found is None:
        raise rules.OrderCodeUnknown()
    return found


def sight(by: Person, order_id: int) -> Sight:
    """An order as `by` may see it: dispatchers and auditors of its unit, who serves it, and members who may take it.

    The contact is there for dispatchers and the helper, while the order is open. Raises OrderNotFound.
    """
    found = db.session.get(Order, order_id)
    if found is None:
        raise rules.OrderNotFound()
    is_dispatcher = any(found.unit.path.startswith(path) for path in _paths(by, DISPATCHERS))
    is_seen = any(found.unit.path.startswith(path) for path in _paths(by, SEEING))
    is_helper = found.helper_id == by.id
    may_take = found.state in ("dispatched", "hung") and is_reached(by, found)
    is_claimer = found.claimed_unit is not None and any(found.claimed_unit.path.startswith(p) for p in _paths(by, DISPATCHERS))
    if not (is_seen or is_helper or may_take or is_claimer or found.asker_id == by.id):
        raise rules.OrderNotFound()
    is_open = found.state in rules.OPEN
    contact = found.contact if is_open and (is_dispatcher or (is_helper and found.state in ("accepted", "under_way"))) else None
    return Sight(found, contact, is_dispatcher, is_helper, may_take)


def dispatched_by(by: Person, order_id: int) -> Order:
    """An order for a dispatcher of its unit. Raises OrderNotFound, also when out of sight."""
    found = db.session.get(Order, order_id)
    if found is None or not any(found.unit.path.startswith(path) for path in _paths(by, DISPATCHERS)):
        raise rules.OrderNotFound()
    return found


def board(by: Person, *, states: Sequence[str] = rules.OPEN, colour: str | None = None, kind: str | None = None) -> list[Order]:
    """The orders of the units where `by` dispatches or audits: what is due first stands first."""
    wanted = select(Order).join(Unit, Order.unit_id == Unit.id).where(in_units_of(by, SEEING), Order.state.in_(states))
    if colour is not None:
        wanted = wanted.where(Order.colour == colour)
    if kind is not None:
        wanted = wanted.where(Order.kind == kind)
    options = joinedload(Order.unit), joinedload(Order.helper), joinedload(Order.target), joinedload(Order.claimed_unit)
    return list(db.session.scalars(wanted.options(*options).order_by(Order.due_at, Order.id).limit(BOARD_MAX)))


def overdue(orders: Sequence[Order], at: datetime) -> list[Order]:
    """Those whose time is over."""
    return [each for each in orders if each.due_at is not None and each.due_at < at and each.state in rules.OPEN]


def due_soon(orders: Sequence[Order], at: datetime, clock: Clock) -> list[Order]:
    """Those whose time is over soon."""
    return [each for each in orders if each.due_at is not None and is_soon(each.due_at, at, clock)]


def open_to(by: Person, *, kind: str | None = None, unit: Unit | None = None) -> Select[Order]:
    """The orders that a member may take: on the tree, for his units and teams, or for himself; to be read by `due_at`, `id`."""
    mine = or_(
        Order.state == "hung",
        and_(Order.state == "dispatched", Order.target_person_id == by.id),
        and_(Order.state == "dispatched", Order.target_id.in_(_units_above(by))),
    )
    wanted = select(Order).where(mine, Order.kind != "matter").options(joinedload(Order.unit))
    wanted = wanted.where(or_(Order.level.is_(None), Order.level == "basic"))
    if kind is not None:
        wanted = wanted.where(Order.kind == kind)
    if unit is not None:
        wanted = wanted.where(Order.unit_id.in_(select(Unit.id).where(Unit.path.startswith(unit.path))))
    return wanted


def taken_by(person_id: int) -> list[Order]:
    """What a member has taken, the unfinished first."""
    wanted = select(Order).where(Order.helper_id == person_id).options(joinedload(Order.unit))
    found = list(db.session.scalars(wanted.order_by(Order.accepted_at.desc()).limit(MINE_MAX)))
    return sorted(found, key=lambda each: each.state not in ("accepted", "under_way"))


def asked_by(person_id: int) -> list[Order]:
    """What a member asked for, or asked on behalf of others, the newest first."""
    mine = or_(Order.asker_id == person_id, Order.asked_by_id == person_id)
    return list(db.session.scalars(select(Order).where(mine).order_by(Order.id.desc()).limit(MINE_MAX)))


def tree(unit: Unit | None = None) -> list[Order]:
    """The wishes, services and projects that hang on the tree now, the oldest first."""
    return _public(Order.state == "hung", unit, Order.id)


def wall(unit: Unit | None = None) -> list[Order]:
    """Wishes met whose askers agreed to show them, the newest first."""
    return _public(and_(Order.is_on_wall, Order.state.in_(rules.SERVED)), unit, Order.id.desc())


def claimable() -> list[Order]:
    """Key and flagship projects that no organisation has claimed yet."""
    wanted = select(Order).where(Order.level.in_(rules.CLAIMED_BY_UNITS), Order.state.in_(("looked_at", "dispatched", "hung")))
    return list(db.session.scalars(wanted.options(joinedload(Order.unit)).order_by(Order.id)))


def claimed_by(by: Person) -> list[Order]:
    """Projects that the units of `by` have claimed."""
    wanted = select(Order).join(Unit, Order.claimed_unit_id == Unit.id).where(in_units_of(by, DISPATCHERS))
    return list(db.session.scalars(wanted.options(joinedload(Order.unit)).order_by(Order.id.desc()).limit(MINE_MAX)))


def claiming_units(by: Person) -> list[Unit]:
    """The organisations for which `by` may claim a project."""
    wanted = select(Unit).where(in_units_of(by, DISPATCHERS), Unit.closed_at.is_(None), Unit.kind.not_in(("bank", "building")))
    return sorted(db.session.scalars(wanted), key=lambda each: each.steps)


def counts(by: Person) -> Counter[str]:
    """How many orders are in each state in the units of `by`."""
    wanted = select(Order.state, func.count()).join(Unit, Order.unit_id == Unit.id).where(in_units_of(by, SEEING))
    return Counter(dict(db.session.execute(wanted.group_by(Order.state)).all()))


def helpers(order: Order, by: Person) -> list[Unit]:
    """The units and teams that a dispatcher can send an order to: those of his own branch, near the order."""
    require_any_role(by, DISPATCHERS, order.unit_id)
    wanted = select(Unit).where(in_units_of(by, DISPATCHERS), Unit.closed_at.is_(None), Unit.kind != "building")
    return sorted(db.session.scalars(wanted), key=lambda each: each.steps)


def in_units_of(by: Person, roles: Sequence[str]) -> ColumnElement[bool]:
    """A unit in which `by` has one of the roles, or one below it; the statement must join `Unit`."""
    return or_(literal(False), *(Unit.path.startswith(path) for path in _paths(by, roles)))


def is_reached(by: Person, order: Order) -> bool:
    """Whether an order that waits is for this member too."""
    if order.state == "hung":
        return True
    if order.target_person_id is not None:
        return order.target_person_id == by.id
    return order.target_id in set(db.session.scalars(_units_above(by)))


def taker(by: Person, order: Order, at: datetime) -> rules.Taker:
    """What decides whether a member may take an order."""
    taken = select(func.count(Order.id)).where(Order.helper_id == by.id, Order.state.in_(("accepted", "under_way")))
    return rules.Taker(
        is_volunteer=by.is_volunteer and by.closed_at is None, is_minor=is_minor(by, local_day(at)),
        is_near_asker=order.asked_by_id in household_of(by.id) or is_near_asker(by, order),
        is_reached=is_reached(by, order), taken=db.session.execute(taken).scalar_one(),
    )  # fmt: skip


def is_near_asker(by: Person, order: Order) -> bool:
    """Whether `by`, or somebody of the household, is the asker, known by account or phone."""
    home = household_of(by.id)
    if order.asker_id in home:
        return True
    phone = order.contact.phone if order.contact else None
    return phone is not None and phone in set(db.session.scalars(select(Person.phone).where(Person.id.in_(home))))


def open_with_phone(phone: str) -> int:
    """How many open orders name a phone."""
    wanted = select(func.count(Order.id)).join(Order.contact).where(OrderContact.phone == phone, Order.state.in_(rules.OPEN))
    return db.session.execute(wanted).scalar_one()


def _public(what: ColumnElement[bool], unit: Unit | None, order: Any) -> list[Order]:
    wanted = select(Order).where(what).options(joinedload(Order.unit))
    if unit is not None:
        wanted = wanted.where(Order.unit_id.in_(select(Unit.id).where(Unit.path.startswith(unit.path))))
    return list(db.session.scalars(wanted.order_by(order).limit(WALL_MAX)))


def _paths(by: Person, roles: Sequence[str]) -> list[str]:
    return [path for role, path in paths_of(by) if role in roles]


def _units_above(by: Person) -> Select[int]:
    """The ids of all units a member belongs to, with those above them."""
    own = select(Unit.path).join(Membership, Membership.unit_id == Unit.id)
    own_paths = own.where(Membership.person_id == by.id, Membership.until_at.is_(None)).subquery()
    return select(Unit.id).where(select(own_paths.c.path).where(own_paths.c.path.startswith(Unit.path)).exists())
