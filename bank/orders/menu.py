"""What an administrator or organizer decides beforehand: the menu of services, and how long each colour may wait."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import joinedload

from bank.db import db
from bank.hours.rules import check_category
from bank.orders import queries, rules
from bank.orders.clocks import Clock
from bank.orders.models import MenuItem, OrderClock
from bank.people.models import Person
from bank.people.queries import require_any_role, require_in_whole_bank
from bank.units.models import Unit
from bank.units.queries import open_unit


def offered(unit: Unit) -> list[MenuItem]:
    """What can be asked for in a unit: the items of it and of all above it, by kind of service and name."""
    above = literal(unit.path).startswith(Unit.path)
    wanted = select(MenuItem).join(Unit, MenuItem.unit_id == Unit.id).where(above, MenuItem.is_offered)
    return list(db.session.scalars(wanted.order_by(MenuItem.category, MenuItem.name)))


def of_units(by: Person) -> list[MenuItem]:
    """Every item of the units where `by` dispatches, offered or not."""
    wanted = select(MenuItem).join(Unit, MenuItem.unit_id == Unit.id).where(queries.in_units_of(by, queries.DISPATCHERS))
    return list(
        db.session.scalars(wanted.options(joinedload(MenuItem.unit)).order_by(Unit.path, MenuItem.category, MenuItem.name))
    )


def item(menu_item_id: int, unit: Unit) -> MenuItem:
    """An item that can be asked for in a unit. Raises MenuItemNotFound."""
    found = db.session.get(MenuItem, menu_item_id)
    if found is None or not found.is_offered or not unit.path.startswith(found.unit.path):
        raise rules.MenuItemNotFound()
    return found


def add_item(*, by: Person, unit_id: int, name: str, category: str, way: str, usual_minutes: int, about: str = "") -> MenuItem:
    """Put a service on a unit's menu. Raises RoleMissing, BadMenuItem, CategoryBanned, CategoryUnknown, UnitNotFound."""
    unit = open_unit(unit_id)
    require_any_role(by, queries.DISPATCHERS, unit.id)
    _check(name=name, category=category, way=way, usual_minutes=usual_minutes, about=about)
    taken = select(MenuItem.id).where(MenuItem.unit_id == unit.id, MenuItem.name == name.strip())
    if db.session.scalar(taken) is not None:
        raise rules.BadMenuItem(field="name")
    item = MenuItem(
        unit_id=unit.id, name=name.strip(), category=category, way=way, usual_minutes=usual_minutes, about=about.strip()
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()  # The caller needs the id.
    return item


def offer_item(*, by: Person, menu_item_id: int, is_offered: bool) -> MenuItem:
    """Take an item off the menu, or put it back; orders that named it stay as they are. Raises MenuItemNotFound, RoleMissing."""
    item = db.session.get(MenuItem, menu_item_id)
    if item is None:
        raise rules.MenuItemNotFound()
    require_any_role(by, queries.DISPATCHERS, item.unit_id)
    item.is_offered = is_offered
    db.session.flush()
    return item


def set_clock(*, by: Person, clock: Clock, at: datetime) -> OrderClock:
    """Say from now on how long each colour may wait, and when there is work. Raises RoleMissing but for admins of the bank."""
    require_in_whole_bank(by, "admin")
    last = db.session.execute(select(func.coalesce(func.max(OrderClock.version), 0))).scalar_one()
    row = OrderClock(version=last + 1, set_at=at, set_by_id=by.id, **asdict(clock))
    db.session.add(row)
    db.session.flush()
    return row


def _check(*, name: str, category: str, way: str, usual_minutes: int, about: str) -> None:
    check_category(category)
    for field, is_right in (
        ("name", rules.is_words(name, 2, rules.TITLE_MAX)),
        ("way", way in rules.WAYS),
        ("usual_minutes", 15 <= usual_minutes <= rules.MINUTES_MAX),
        ("about", rules.is_words(about, 0, 200)),
    ):
        if not is_right:
            raise rules.BadMenuItem(field=field)
