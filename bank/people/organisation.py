"""Who may change the tree of units: the admin of the branch, and the operator at the machine (`by=None`)."""

import random
from datetime import datetime

from sqlalchemy import select

from bank.db import db
from bank.people.actions import CHANCE
from bank.people.models import Person
from bank.people.queries import require_role
from bank.people.rules import RoleMissing
from bank.units import actions, queries
from bank.units.models import Unit


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

    Raises RoleMissing unless `by` is admin there, BadUnitName, BadUnit, UnitNameTaken.
    """
    parent = queries.unit(parent_id) if parent_id is not None else None
    if parent is not None:
        require_role(by, "admin", parent.id)
    elif by is not None:
        raise RoleMissing(role="admin")
    return actions.add(name=name, kind=kind, parent=parent, at=at, chance=chance)
