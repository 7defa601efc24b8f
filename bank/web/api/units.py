"""Units, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.people import organisation
from bank.people import queries as people
from bank.units import schemas
from bank.units.models import Unit
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
