"""Everything that changes the tree of units; who may do so is decided above, in `bank.people.organisation`."""

import random
from datetime import datetime

from sqlalchemy import select

from bank.db import db
from bank.ledger import actions as ledger
from bank.units import rules
from bank.units.models import Unit


def add(*, name: str, kind: str, parent: Unit | None, at: datetime, chance: random.Random) -> Unit:
    """Add a unit below another, or one that stands alone, with its account `issued/<key>`.

    Raises BadUnitName, BadUnit, UnitNameTaken.
    """
    name = rules.clean_unit_name(name)
    if kind not in rules.PARENT_KINDS or (parent is not None and parent.kind not in rules.PARENT_KINDS[kind]):
        raise rules.BadUnit(kind=kind)
    parent_id = parent.id if parent else None
    if db.session.scalar(select(Unit.id).where(Unit.parent_id.is_not_distinct_from(parent_id), Unit.name == name)) is not None:
        raise rules.UnitNameTaken()
    key = f"{chance.getrandbits(80):020x}"
    account_id = ledger.open_account(code=f"issued/{key}", unit="points", has_floor=False, at=at)
    unit = Unit(key=key, parent_id=parent_id, kind=kind, name=name, path="", issued_account_id=account_id, added_at=at)
    db.session.add(unit)
    db.session.flush()  # The path ends in the unit's own id.
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.flush()
    return unit
