"""What can be asked about units; who may see which is decided above, in `bank.people`."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from bank.db import db
from bank.units import rules
from bank.units.models import Unit, UnitPlace


def unit(unit_id: int) -> Unit:
    """One unit. Raises UnitNotFound."""
    found = db.session.get(Unit, unit_id)
    if found is None:
        raise rules.UnitNotFound()
    return found


def open_unit(unit_id: int) -> Unit:
    """One unit that can be used. Raises UnitNotFound, UnitClosed."""
    found = unit(unit_id)
    if found.closed_at is not None:
        raise rules.UnitClosed()
    return found


def top_unit() -> Unit:
    """The bank's own unit, above all others."""
    return db.session.scalars(select(Unit).where(Unit.kind == "bank", Unit.parent_id.is_(None))).one()


def home_units() -> list[Unit]:
    """The open units where in-service members work, by name."""
    wanted = select(Unit).where(Unit.kind == "home_unit", Unit.closed_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Unit.name, Unit.key)))


def places(unit_id: int) -> list[UnitPlace]:
    """What a unit was called and where it stood, latest first."""
    wanted = select(UnitPlace).where(UnitPlace.unit_id == unit_id).options(joinedload(UnitPlace.parent))
    return list(db.session.scalars(wanted.order_by(UnitPlace.since_at.desc(), UnitPlace.id.desc())))


def names_at(unit_ids: Collection[int], at: datetime) -> dict[int, str]:
    """What units were called at an instant, by their ids; those that came later by their present name."""
    named = select(UnitPlace.unit_id, UnitPlace.name).where(UnitPlace.unit_id.in_(unit_ids), UnitPlace.since_at <= at)
    names = {each.id: each.name for each in db.session.scalars(select(Unit).where(Unit.id.in_(unit_ids)))}
    then = db.session.execute(named.order_by(UnitPlace.since_at, UnitPlace.id))
    return names | {row.unit_id: row.name for row in then}


def places_at(at: datetime) -> Select[int, int | None]:
    """(unit, the unit above it) of all that stood at an instant."""
    place = select(UnitPlace.unit_id, UnitPlace.parent_id)
    return place.where(UnitPlace.since_at <= at, or_(UnitPlace.until_at.is_(None), UnitPlace.until_at > at))


def below_at(unit_id: int, at: datetime) -> Select[int]:
    """The ids of a unit and all that stood below it at an instant, as a subquery."""
    then = places_at(at).cte("place_then")
    tree = select(then.c.unit_id).where(then.c.unit_id == unit_id).cte("tree_then", recursive=True)
    tree = tree.union(select(then.c.unit_id).where(then.c.parent_id == tree.c.unit_id))
    return select(tree.c.unit_id)
