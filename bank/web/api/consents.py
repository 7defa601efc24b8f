"""Consents, as JSON."""

from flask import g

from bank import clock
from bank.consents import actions, schemas
from bank.consents.models import Consent
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("consents", "What each person has agreed to.")


@bp.put("/me/consents/<string:purpose>")
@access("member")
@writes
@bp.arguments(schemas.DecisionSchema)
@bp.response(200, schemas.ConsentSchema)
def decide_consent(decided: dict[str, bool], purpose: str) -> Consent:
    """Give or withdraw consent for a purpose: board, public_list, home_unit or contact."""
    return actions.decide_consent(
        by=g.person, person_id=g.person.id, purpose=purpose, is_given=decided["is_given"], at=clock.now()
    )
