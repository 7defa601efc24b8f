"""The catalogue and its stock, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.rewards import actions, queries, schemas
from bank.rewards.models import Reward
from bank.rewards.rules import NewBatch, NewReward
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("rewards", "Rewards and their stock.")


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
    kind, batch_id = moved.pop("kind"), moved.pop("batch_id")
    batch = NewBatch(**{name: moved.pop(name) for name in ("counter_id", "label", "best_before")})
    if kind == "received":
        return actions.receive_stock(by=g.person, reward_id=reward_id, batch=batch, at=clock.now(), **moved)
    return actions.write_off_stock(by=g.person, reward_id=reward_id, batch_id=batch_id, at=clock.now(), **moved)
