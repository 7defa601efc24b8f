"""Sheets for the home unit, as JSON."""

from flask import g

from bank import clock
from bank.feedback import actions, queries, schemas
from bank.feedback.models import FeedbackSheet
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("feedback", "Quarterly feedback to the home unit: with consent, seen first, withdrawable.")


@bp.get("/me/feedback")
@access("member")
@bp.response(200, schemas.FeedbackSheetsSchema)
def own() -> dict[str, list[FeedbackSheet]]:
    """One's own sheets, also those that have not left yet."""
    return {"sheets": queries.sheets_of(g.person.id)}


@bp.post("/me/feedback/<int:sheet_id>/hold-back")
@access("member")
@writes
@bp.response(200, schemas.FeedbackSheetSchema)
def hold_back(sheet_id: int) -> FeedbackSheet:
    """Keep a sheet from the home unit, also after it has left."""
    return actions.hold_back(by=g.person, sheet_id=sheet_id, at=clock.now())


@bp.get("/feedback")
@access("admin")
@bp.response(200, schemas.FeedbackSheetsSchema)
def outside() -> dict[str, list[FeedbackSheet]]:
    """The sheets that have left for home units of one's own, whose members still agree."""
    return {"sheets": queries.outside(by=g.person)}
