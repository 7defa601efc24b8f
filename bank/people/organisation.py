"""Who may change the tree of units: the admin of the branch, and the operator at the machine (`by=None`).

Every change is written into the record of changes.
"""

import random
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from bank.db import db
from bank.people import changes
from bank.people.actions import CHANCE
from bank.people.models import Membership, Person
from bank.people.queries import forget_grants, require_role
from bank.people.rules import RoleMissing
from bank.units import actions, queries
from bank.units.models import Unit
from bank.units.rules import UnitInUse


def found_bank(*, name: str, at: datetime) -> None:
    """Add the unit that all others stand below, once."""
    if db.session.scalar(select(Unit.id).where(Unit.parent_id.is_(None), Unit.kind == "bank").limit(1)) is None:
        add_unit(by=None, name=name, kind="bank", parent_id=None, at=at)


def add_unit(
    *,
    by: Person | None,
    name: str,
    kind: str,
    parent_id: int | None,
    at: datetime,
    chance: random.Random = CHANCE,
) -> Unit:
    """Add a unit below another, with its account `issued/<key>`; only the operator adds one that stands alone.

    Raises RoleMissing unless `by` is admin there, BadUnitName, BadUnit, UnitClosed, UnitNameTaken, TooDeep.
    """
    parent = queries.unit(parent_id) if parent_id is not None else None
    if parent is not None:
        require_role(by, "admin", parent.id)
    elif by is not None:
        raise RoleMissing(role="admin")
    unit = actions.add(name=name, kind=kind, parent=parent, at=at, chance=chance)
    after = {"name": unit.name, "kind": kind, "parent": parent.name if parent else None}
    changes.record(by=by, subject=changes.of_unit(unit), what="add", before={}, after=after, at=at)
    return unit


def rename_unit(*, by: Person | None, unit_id: int, name: str, at: datetime) -> Unit:
    """Give a unit another name. Raises UnitNotFound, RoleMissing unless `by` is admin there, BadUnitName, UnitNameTaken."""
    unit = _administered(by, unit_id)
    before = unit.name
    actions.rename(unit, name=name, at=at)
    if unit.name != before:
        _record(by, unit, "rename", {"name": before}, {"name": unit.name}, at)
    return unit


def move_unit(*, by: Person | None, unit_id: int, parent_id: int, at: datetime) -> Unit:
    """Put a unit with all below it under another. Members, roles and books stay with their units and so move along.

    Raises UnitNotFound, RoleMissing unless `by` is admin at the unit, its present parent and the new one, BadUnit,
    UnitClosed, UnitBelowItself, UnitNameTaken, TooDeep.
    """
    unit = _administered(by, unit_id)
    before = unit.parent
    for each in (before, parent := queries.unit(parent_id)):
        if each is None:
            raise RoleMissing(role="admin")
        require_role(by, "admin", each.id)
    actions.move(unit, parent=parent, at=at)
    forget_grants()
    if before is not None and before.id != parent.id:
        _record(by, unit, "move", {"parent": before.name}, {"parent": parent.name}, at)
    return unit


def close_unit(*, by: Person | None, unit_id: int, at: datetime) -> Unit:
    """End a unit that nobody belongs to any more; its history and books stay.

    Raises UnitNotFound, RoleMissing unless `by` is admin above it, UnitInUse.
    """
    unit = _administered(by, unit_id)
    require_role(by, "admin", unit.parent_id or unit.id)
    if unit.closed_at is not None:
        return unit
    belongs = select(Membership.id).where(Membership.unit_id == unit.id, Membership.until_at.is_(None))
    if unit.parent_id is None or db.session.scalar(belongs.limit(1)) is not None:
        raise UnitInUse()
    actions.close(unit, at=at)
    _record(by, unit, "close", {"closed_at": None}, {"closed_at": at}, at)
    return unit


def reopen_unit(*, by: Person | None, unit_id: int, at: datetime) -> Unit:
    """Let a closed unit be used again. Raises UnitNotFound, RoleMissing unless `by` is admin above it, UnitClosed."""
    unit = _administered(by, unit_id)
    require_role(by, "admin", unit.parent_id or unit.id)
    before = unit.closed_at
    actions.reopen(unit)
    if before is not None:
        _record(by, unit, "reopen", {"closed_at": before}, {"closed_at": None}, at)
    return unit


def _administered(by: Person | None, unit_id: int) -> Unit:
    unit = queries.unit(unit_id)
    require_role(by, "admin", unit.id)
    db.session.refresh(unit, with_for_update=True)
    return unit


def _record(
    by: Person | None, unit: Unit, what: str, before: Mapping[str, object], after: Mapping[str, object], at: datetime
) -> None:
    changes.record(by=by, subject=changes.of_unit(unit), what=what, before=before, after=after, at=at)
