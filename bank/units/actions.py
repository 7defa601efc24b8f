"""Everything that changes the tree of units; who may do so is decided above, in `bank.people.organisation`."""

import random
from datetime import datetime

from sqlalchemy import select, update

from bank.db import db
from bank.ledger import actions as ledger
from bank.units import rules
from bank.units.models import Unit, UnitPlace


def add(*, name: str, kind: str, parent: Unit | None, at: datetime, chance: random.Random) -> Unit:
    """Add a unit below another, or one that stands alone, with its account `issued/<key>`.

    Raises BadUnitName, BadUnit, UnitClosed, UnitNameTaken, TooDeep.
    """
    name = rules.clean_unit_name(name)
    rules.check_place(
        kind=kind,
        parent_kind=parent.kind if parent else None,
        is_parent_closed=parent is not None and parent.closed_at is not None,
    )
    parent_id = parent.id if parent else None
    _refuse_taken(name, parent_id)
    key = f"{chance.getrandbits(80):020x}"
    account_id = ledger.open_account(code=f"issued/{key}", unit="points", has_floor=False, at=at)
    unit = Unit(key=key, parent_id=parent_id, kind=kind, name=name, path="", issued_account_id=account_id, added_at=at)
    db.session.add(unit)
    db.session.flush()  # The path ends in the unit's own id.
    unit.path = rules.moved_path(f"/{unit.id}/", old="/", new=parent.path if parent else "/")
    db.session.add(UnitPlace(unit_id=unit.id, parent_id=parent_id, name=name, since_at=at))
    db.session.flush()
    return unit


def rename(unit: Unit, *, name: str, at: datetime) -> None:
    """Give a unit another name; the old one stays in its history. Raises BadUnitName, UnitNameTaken."""
    name = rules.clean_unit_name(name)
    if name == unit.name:
        return
    _refuse_taken(name, unit.parent_id)
    unit.name = name
    _begin_place(unit, at)


def move(unit: Unit, *, parent: Unit, at: datetime) -> None:
    """Put a unit, with all below it, under another; where it stood before stays in its history.

    Raises BadUnit, UnitClosed, UnitBelowItself, UnitNameTaken, TooDeep.
    """
    # Two moves at once could each find no ring and together make one, so they follow each other.
    db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).with_for_update()).all()
    db.session.refresh(unit)
    db.session.refresh(parent)
    rules.check_place(kind=unit.kind, parent_kind=parent.kind, is_parent_closed=parent.closed_at is not None)
    if parent.path.startswith(unit.path):
        raise rules.UnitBelowItself()
    if parent.id == unit.parent_id:
        return
    _refuse_taken(unit.name, parent.id)
    unit.parent_id, old = parent.id, unit.path
    for each in db.session.scalars(select(Unit).where(Unit.path.startswith(old))).all():
        each.path = rules.moved_path(each.path, old=old, new=f"{parent.path}{unit.id}/")
    _begin_place(unit, at)


def close(unit: Unit, *, at: datetime) -> None:
    """End a unit; closing it again changes nothing. Raises UnitInUse while an open unit stands below it."""
    if unit.closed_at is not None:
        return
    if db.session.scalar(select(Unit.id).where(Unit.parent_id == unit.id, Unit.closed_at.is_(None)).limit(1)) is not None:
        raise rules.UnitInUse()
    unit.closed_at = at
    db.session.flush()


def reopen(unit: Unit) -> None:
    """Let a closed unit be used again. Raises UnitClosed below a closed one."""
    if unit.parent is not None and unit.parent.closed_at is not None:
        raise rules.UnitClosed()
    unit.closed_at = None
    db.session.flush()


def _refuse_taken(name: str, parent_id: int | None) -> None:
    there = select(Unit.id).where(Unit.parent_id.is_not_distinct_from(parent_id), Unit.name == name)
    if db.session.scalar(there.limit(1)) is not None:
        raise rules.UnitNameTaken()


def _begin_place(unit: Unit, at: datetime) -> None:
    is_open = (UnitPlace.unit_id == unit.id, UnitPlace.until_at.is_(None))
    db.session.execute(update(UnitPlace).where(*is_open).values(until_at=at))
    db.session.add(UnitPlace(unit_id=unit.id, parent_id=unit.parent_id, name=unit.name, since_at=at))
    db.session.flush()
