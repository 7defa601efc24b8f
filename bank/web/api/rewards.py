"""The catalogue, its stock, and redemptions, as JSON."""

from datetime import date
from typing import Any

from flask import g

from bank import clock
from bank.db import random_key
from bank.people.queries import person_by_card
from bank.rewards import actions, queries, schemas
from bank.rewards.models import Redemption, Reward
from bank.rewards.rules import NewReward, scanned
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("rewards", "Rewards, their stock and redemptions.")


@bp.get("/rewards")
@access("member")
@bp.response(200, schemas.RewardsSchema)
def rewards() -> dict[str, list[Reward]]:
    """The rewards offered to the one who asks, and for staff the whole catalogue of their counters."""
    return {"rewards": queries.visible(g.person)}


@bp.post("/rewards")
@access("admin")
@writes
@bp.arguments(schemas.NewRewardSchema)
@bp.response(201, schemas.RewardSchema)
def add_reward(new: dict[str, Any]) -> Reward:
    """Add a reward to a unit's counter."""
    return actions.add_reward(by=g.person, new=NewReward(**new), at=clock.now())


@bp.post("/rewards/<int:reward_id>/stock")
@access("admin")
@writes
@bp.arguments(schemas.StockSchema)
@bp.response(200, schemas.RewardSchema)
def move_stock(moved: dict[str, Any], reward_id: int) -> Reward:
    """Receive pieces, or write them off; both keep the reason."""
    move = {"received": actions.receive_stock, "written_off": actions.write_off_stock}[moved.pop("kind")]
    return move(by=g.person, reward_id=reward_id, at=clock.now(), **moved)


@bp.post("/redemptions")
@access("clerk")
@writes
@bp.arguments(schemas.NewRedemptionSchema)
@bp.response(201, schemas.RedemptionSchema)
def redeem(new: dict[str, Any]) -> Redemption:
    """Take a member's points and hand over the reward."""
    person_id = new.get("person_id") or person_by_card(by=g.person, card_number=scanned(new["card_number"])).id
    reward_id = new.get("reward_id") or queries.reward_by_number(scanned(new["number"])).id
    return actions.redeem(
        by=g.person, person_id=person_id, reward_id=reward_id, quantity=new["quantity"], key=random_key(), at=clock.now()
    )


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
