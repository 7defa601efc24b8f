"""Redemptions from the consent to the return, as JSON."""

from datetime import date
from typing import Any

from flask import g

from bank import clock
from bank.counter import actions, consent, holds, queries, schemas
from bank.counter.models import Redemption
from bank.counter.rules import CONSENT_LASTS, Wanted
from bank.db import random_key
from bank.people.queries import person_by_card
from bank.rewards.queries import reward, reward_by_number
from bank.rewards.rules import scanned
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.consenting import slow_to_try_pins
from bank.web.idempotency import writes
from bank.web.security import limiter

bp = blueprint("counter", "Redemptions at the counter, and what members reserve.")


@bp.post("/consents")
@access("clerk")
@limiter.limit("60 per minute")
@slow_to_try_pins
@writes
@bp.arguments(schemas.NewCounterConsentSchema)
@bp.response(201, schemas.CounterConsentSchema)
def take_consent(new: dict[str, Any]) -> dict[str, Any]:
    """Take a member's consent: by the code on the phone, the PIN, or a check of identity that is written down."""
    for_id, at = new.pop("person_id"), clock.now()
    text = consent.take(by=g.person, for_id=for_id, shown=consent.Shown(**new), at=at)
    return {"consent": text, "expires_at": at + CONSENT_LASTS}


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
    shown = consent.Shown(**{each: new.get(each) for each in ("code", "checked", "shown_by_id")})
    agreed = new.get("consent") or consent.take(by=g.person, for_id=person_id, shown=shown, at=at)
    return actions.redeem(by=g.person, wanted=wanted, agreed=agreed, key=random_key(), at=at)


@bp.get("/redemptions")
@access("member")
@bp.arguments(schemas.DayQuerySchema, location="query")
@bp.response(200, schemas.RedemptionsSchema)
def redemptions(asked: dict[str, date | None]) -> dict[str, list[Redemption]]:
    """A day's redemptions at the counters of the clerk, admin or auditor who asks; a volunteer's own, of all days."""
    return {"redemptions": queries.redemptions_seen(g.person, asked["day"] or clock.today())}


@bp.get("/redemptions/<int:redemption_id>")
@access("member")
@bp.response(200, schemas.RedemptionLifeSchema)
def redemption(redemption_id: int) -> Redemption:
    """One redemption with each step of its life."""
    return queries.redemption(g.person, redemption_id)


@bp.get("/rewards/<int:reward_id>/life")
@access("admin", "auditor")
@bp.response(200, schemas.RewardLifeSchema)
def life(reward_id: int) -> dict[str, list[Redemption]]:
    """Who took or reserved a reward; who brought it in stands in its stock."""
    return {"redemptions": queries.life_of(reward(g.person, reward_id).id)}


@bp.post("/redemptions/<int:redemption_id>/undo")
@access("clerk", "admin")
@writes
@bp.arguments(schemas.UndoSchema)
@bp.response(200, schemas.RedemptionSchema)
def undo(undone: dict[str, str], redemption_id: int) -> Redemption:
    """Give the points back and put the pieces back into stock."""
    return actions.undo(by=g.person, redemption_id=redemption_id, reason=undone["reason"], at=clock.now())


@bp.post("/redemptions/<int:redemption_id>/return")
@access("clerk", "admin")
@writes
@bp.arguments(schemas.UndoSchema)
@bp.response(200, schemas.RedemptionSchema)
def ask_return(asked: dict[str, str], redemption_id: int) -> Redemption:
    """Write down that a member brings something back; a second person decides."""
    return actions.ask_return(by=g.person, redemption_id=redemption_id, reason=asked["reason"], at=clock.now())


@bp.get("/returns")
@access("admin", "auditor")
@bp.response(200, schemas.RedemptionsSchema)
def returns() -> dict[str, list[Redemption]]:
    """The returns that wait for a decision."""
    return {"redemptions": queries.returns_asked(g.person)}


@bp.post("/redemptions/<int:redemption_id>/return/approval")
@access("admin")
@writes
@bp.arguments(schemas.ReturnApprovalSchema)
@bp.response(200, schemas.RedemptionSchema)
def approve_return(approved: dict[str, bool], redemption_id: int) -> Redemption:
    """Agree to a return that somebody else asked for."""
    return actions.approve_return(by=g.person, redemption_id=redemption_id, is_usable=approved["is_usable"], at=clock.now())


@bp.post("/redemptions/<int:redemption_id>/return/refusal")
@access("admin")
@writes
@bp.arguments(schemas.UndoSchema)
@bp.response(200, schemas.RedemptionSchema)
def refuse_return(refused: dict[str, str], redemption_id: int) -> Redemption:
    """Disagree with a return that somebody else asked for."""
    return actions.refuse_return(by=g.person, redemption_id=redemption_id, reason=refused["reason"], at=clock.now())


@bp.get("/reservations")
@access("member")
@bp.response(200, schemas.ReservationsSchema)
def reservations() -> dict[str, list[Redemption]]:
    """What the one who asks has reserved and not fetched."""
    return {"reservations": queries.reservations_of(g.person.id)}


@bp.post("/reservations")
@access("member")
@writes
@bp.arguments(schemas.NewReservationSchema)
@bp.response(201, schemas.ReservationSchema)
def reserve(new: dict[str, Any]) -> Redemption:
    """Put points and pieces aside for oneself."""
    return holds.reserve(by=g.person, wanted=Wanted(person_id=g.person.id, **new), key=random_key(), at=clock.now())


@bp.post("/redemptions/<int:redemption_id>/cancellation")
@access("member")
@writes
@bp.arguments(schemas.CancelSchema)
@bp.response(200, schemas.RedemptionSchema)
def cancel(cancelled: dict[str, str], redemption_id: int) -> Redemption:
    """Give a reservation up before it is fetched."""
    return holds.cancel(by=g.person, redemption_id=redemption_id, reason=cancelled["reason"], at=clock.now())


@bp.post("/pick-ups")
@access("clerk")
@limiter.limit("60 per minute")
@writes
@bp.arguments(schemas.PickUpSchema)
@bp.response(200, schemas.RedemptionSchema)
def collect(shown: dict[str, Any]) -> Redemption:
    """Hand a reservation over to who shows its pick-up code."""
    return holds.collect(by=g.person, at=clock.now(), **shown)
