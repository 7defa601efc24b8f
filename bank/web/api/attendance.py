"""Who came, and the confirmation of their hours, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.attendance import confirm as ending
from bank.attendance import queries, schemas
from bank.attendance.confirm import Confirmation
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.links import public_url

bp = blueprint("attendance", "The code at the door, who came, and confirmed hours.")


@bp.get("/activities/<int:activity_id>/code")
@access("organizer", "admin")
@bp.response(200, schemas.CodesSchema)
def code(activity_id: int) -> dict[str, Any]:
    """The code to show at the door now; it changes every 15 seconds."""
    codes = queries.codes_for(by=g.person, activity_id=activity_id, at=clock.now())
    return {**vars(codes), "url": public_url("check_in.scan", code=codes.code)}


@bp.get("/activities/<int:activity_id>/attendances")
@access("organizer", "admin")
@bp.response(200, schemas.PresencesSchema)
def attendances(activity_id: int) -> dict[str, Any]:
    """Who came, with the hours recorded or foreseen."""
    return {"presences": queries.presences(by=g.person, activity_id=activity_id)}


@bp.post("/activities/<int:activity_id>/confirmation")
@access("organizer", "admin")
@writes
@bp.response(200, schemas.ConfirmationSchema)
def confirm(activity_id: int) -> Confirmation:
    """Confirm the hours of all who checked in and out, except one's own, and deposit them."""
    return ending.confirm(by=g.person, activity_id=activity_id, at=clock.now())
