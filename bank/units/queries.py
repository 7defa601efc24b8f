"""What can be asked about units; who may see which is decided above, in `bank.people`."""

from sqlalchemy import select

from bank.db import db
from bank.units import rules
from bank.units.models import Unit


def unit(unit_id: int) -> Unit:
    """One unit. Raises UnitNotFound."""
    found = db.session.get(Unit, unit_id)
    if found is None:
        raise rules.UnitNotFound()
    return found


def home_units() -> list[Unit]:
    """The units where in-service members work, by name."""
    return list(db.session.scalars(select(Unit).where(Unit.kind == "home_unit").order_by(Unit.name, Unit.key)))


def top_unit() -> Unit:
    """The bank's own unit, above all others."""
    return db.session.scalars(select(Unit).where(Unit.kind == "bank", Unit.parent_id.is_(None))).one()
