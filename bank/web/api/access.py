"""PINs, as JSON."""

from flask import g

from bank import clock
from bank.access import actions, schemas
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("access", "How somebody proves who he is.")


@bp.post("/persons/<int:person_id>/pin")
@access("admin")
@writes
@bp.arguments(schemas.PinSchema)
@bp.response(204)
def set_pin(new: dict[str, str], person_id: int) -> None:
    """Set the PIN with which a person signs in."""
    actions.set_pin(by=g.person, person_id=person_id, pin=new["pin"], at=clock.now())
