"""One's own data, and the end of an account, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.people.models import Person
from bank.privacy import actions, queries, schemas
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("privacy", "Own data, and the end of an account.")


@bp.get("/me/data")
@access("member")
@bp.response(200, schemas.OwnDataSchema)
def own_data() -> dict[str, Any]:
    """All that the bank holds about the one who asks."""
    return {"data": queries.own_data(g.person)}


@bp.post("/persons/<int:person_id>/end")
@access("admin")
@writes
@bp.arguments(schemas.EndSchema)
@bp.response(200, schemas.EndedSchema)
def end(asked: dict[str, str], person_id: int) -> Person:
    """Close a person's account, or close it and forget who it belonged to; points left go to the public welfare pool."""
    act = actions.erase if asked["how"] == "erase" else actions.close_account
    return act(by=g.person, person_id=person_id, at=clock.now())
