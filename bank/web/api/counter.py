"""Redemptions, as JSON."""

from datetime import date
from typing import Any

from flask import g

from bank import clock
from bank.counter import actions, consent, queries, schemas
from bank.counter.models import Redemption
from bank.counter.rules import Wanted
from bank.db import random_key
from bank.people.queries import person_by_card
from bank.rewards.queries import reward_by_number
from bank.rewards.rules import scanned
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("counter", "Redemptions at the counter.")


@bp.post("/redemptions")
@access("clerk")
@writes
@bp.arguments(schemas.NewRedemptionSchema)
@bp.response(201, schemas.RedemptionSchema)
def redeem(new: dict[str, Any]) -> Redemption:
    """Take a member's points and hand over the reward."""
    at = clock.now()
    person_id = new.get("person_id") or person_by_card(by=g.person, card_number=scanned(new["card_number"])).id
    reward_id = new.get("reward_id") or reward_by_number(scanned(new["number"])).id
    wanted = Wanted(person_id=person_id, reward_id=reward_id, quantity=new["quantity"], counter_id=new["counter_id"])
    shown = consent.Shown(**{each: new.get(each) for each in ("code", "pin", "checked", "shown_by_id")})
    agreed = consent.take(by=g.person, for_id=person_id, shown=shown, at=at)
    return actions.redeem(by=g.person, wanted=wanted, agreed=agreed, key=random_key(), at=at)


@bp.post("/redemptions/<int:redemption_id>/undo")
@access("clerk", "admin")
@writes
@bp.arguments(schemas.UndoSchema)
@bp.response(200, schemas.RedemptionSchema)
def undo(undone: dict[str, str], redemption_id: int) -> Redemption:
    """Give the points back and put the pieces back into stock."""
    return actions.undo(by=g.person, redemption_id=redemption_id, reason=undone["reason"], at=clock.now())


@bp.get("/redemptions")
@access("member")
@bp.arguments(schemas.DayQuerySchema, location="query")
@bp.response(200, schemas.RedemptionsSchema)
def redemptions(asked: dict[str, date | None]) -> dict[str, list[Redemption]]:
    """A day's redemptions at the counters of the clerk, admin or auditor who asks; a volunteer's own, of all days."""
    return {"redemptions": queries.redemptions_seen(g.person, asked["day"] or clock.today())}
