"""Consents, as JSON."""

from flask import g

from bank import clock
from bank.consents import actions, queries, schemas
from bank.consents.models import Consent
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("consents", "What each person has agreed to.")


@bp.get("/me/consents")
@access("member")
@bp.response(200, schemas.ConsentHistorySchema)
def history() -> dict[str, list[Consent]]:
    """Every decision of the one who asks, oldest first."""
    return {"consents": queries.history(g.person.id)}


@bp.put("/persons/<int:person_id>/consents/<string:purpose>")
@access("admin")
@writes
@bp.arguments(schemas.DecisionSchema)
@bp.response(200, schemas.DecidedConsentSchema)
def record_paper(decided: dict[str, bool], person_id: int, purpose: str) -> Consent:
    """Write down at the desk what a person, or a child's guardian, has decided on paper."""
    return actions.record_paper(by=g.person, person_id=person_id, purpose=purpose, at=clock.now(), **decided)


@bp.put("/me/consents/<string:purpose>")
@access("member")
@writes
@bp.arguments(schemas.DecisionSchema)
@bp.response(200, schemas.DecidedConsentSchema)
def decide_consent(decided: dict[str, bool], purpose: str) -> Consent:
    """Give or withdraw consent for a purpose: board, public_list, home_unit or contact."""
    return actions.decide_consent(
        by=g.person, person_id=g.person.id, purpose=purpose, is_given=decided["is_given"], at=clock.now()
    )
