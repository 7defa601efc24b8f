"""Units, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.people import organisation
from bank.people import queries as people
from bank.units import queries, schemas
from bank.units.models import Unit, UnitPlace
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("units", "The tree of the organisation.")


@bp.get("/units")
@access(*people.STAFF_ROLES)
@bp.response(200, schemas.UnitsSchema)
def units() -> dict[str, list[Unit]]:
    """The units where the one who asks has a role, and all below them."""
    return {"units": people.units(by=g.person)}


@bp.post("/units")
@access("admin")
@writes
@bp.arguments(schemas.NewUnitSchema)
@bp.response(201, schemas.UnitSchema)
def add_unit(new: dict[str, Any]) -> Unit:
    """Add a unit below another."""
    return organisation.add_unit(by=g.person, at=clock.now(), **new)


@bp.get("/units/<int:unit_id>/places")
@access("admin", "auditor")
@bp.response(200, schemas.PlacesSchema)
def places(unit_id: int) -> dict[str, list[UnitPlace]]:
    """What a unit was called and where it stood, the latest first."""
    people.require_any_role(g.person, ("admin", "auditor"), queries.unit(unit_id).id)
    return {"places": queries.places(unit_id)}


@bp.post("/units/<int:unit_id>/rename")
@access("admin")
@writes
@bp.arguments(schemas.RenameSchema)
@bp.response(200, schemas.UnitSchema)
def rename(new: dict[str, str], unit_id: int) -> Unit:
    """Give a unit another name."""
    return organisation.rename_unit(by=g.person, unit_id=unit_id, at=clock.now(), **new)


@bp.post("/units/<int:unit_id>/move")
@access("admin")
@writes
@bp.arguments(schemas.MoveSchema)
@bp.response(200, schemas.UnitSchema)
def move(new: dict[str, int], unit_id: int) -> Unit:
    """Put a unit, with all below it, under another."""
    return organisation.move_unit(by=g.person, unit_id=unit_id, parent_id=new["parent_id"], at=clock.now())


@bp.post("/units/<int:unit_id>/close")
@access("admin")
@writes
@bp.response(200, schemas.UnitSchema)
def close(unit_id: int) -> Unit:
    """End a unit that nobody belongs to any more."""
    return organisation.close_unit(by=g.person, unit_id=unit_id, at=clock.now())


@bp.post("/units/<int:unit_id>/reopen")
@access("admin")
@writes
@bp.response(200, schemas.UnitSchema)
def reopen(unit_id: int) -> Unit:
    """Let a closed unit be used again."""
    return organisation.reopen_unit(by=g.person, unit_id=unit_id, at=clock.now())
