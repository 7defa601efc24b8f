"""The catalogue and its stock, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.people.models import Grant
from bank.people.schemas import RoleSchema
from bank.rewards import actions, queries, schemas, stock
from bank.rewards.models import Counter, Reward, StockCount
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


@bp.put("/rewards/<int:reward_id>")
@access("admin")
@writes
@bp.arguments(schemas.NewRewardSchema)
@bp.response(200, schemas.RewardSchema)
def change_reward(new: dict[str, Any], reward_id: int) -> Reward:
    """Give a reward other words, conditions or price; number, unit, kind and stock stay as they are."""
    return actions.change_reward(by=g.person, reward_id=reward_id, new=NewReward(**new), at=clock.now())


@bp.put("/rewards/<int:reward_id>/offer")
@access("admin")
@writes
@bp.arguments(schemas.RewardOfferSchema)
@bp.response(200, schemas.RewardSchema)
def show(shown: dict[str, bool], reward_id: int) -> Reward:
    """Hide a reward, or let it be taken again."""
    return (actions.offer if shown["is_offered"] else actions.hide)(by=g.person, reward_id=reward_id, at=clock.now())


@bp.put("/rewards/<int:reward_id>/places")
@access("admin")
@writes
@bp.arguments(schemas.RewardPlacesSchema)
@bp.response(200, schemas.RewardSchema)
def set_places(places: dict[str, list[int]], reward_id: int) -> Reward:
    """Say at which counters a reward can be had."""
    return actions.set_places(by=g.person, reward_id=reward_id, at=clock.now(), **places)


@bp.get("/rewards/<int:reward_id>/stock")
@access("admin", "clerk", "auditor")
@bp.response(200, schemas.StockReportSchema)
def stock_report(reward_id: int) -> dict[str, Any]:
    """A reward's batches, movements of stock and prices."""
    found = queries.reward(g.person, reward_id)
    return {"batches": stock.batches(found.id), "movements": queries.movements(found.id), "prices": queries.prices(found.id)}


@bp.get("/counters")
@access("admin", "clerk", "auditor")
@bp.response(200, schemas.CountersSchema)
def counters() -> dict[str, list[Counter]]:
    """The open counters where the one who asks is staff."""
    return {"counters": queries.counters_of(g.person, *queries.STAFF)}


@bp.post("/counters")
@access("admin")
@writes
@bp.arguments(schemas.NewCounterSchema)
@bp.response(201, schemas.CounterSchema)
def open_counter(new: dict[str, Any]) -> Counter:
    """Open a further counter at a unit."""
    return actions.open_counter(by=g.person, at=clock.now(), **new)


@bp.post("/counters/<int:counter_id>/closing")
@access("admin")
@writes
@bp.response(200, schemas.CounterSchema)
def close_counter(counter_id: int) -> Counter:
    """Give a counter up."""
    return actions.close_counter(by=g.person, counter_id=counter_id, at=clock.now())


@bp.post("/counters/<int:counter_id>/clerks")
@access("admin")
@writes
@bp.arguments(schemas.PostSchema)
@bp.response(201, RoleSchema)
def post_clerk(posted: dict[str, int], counter_id: int) -> Grant:
    """Let a person hand out at one counter and no other."""
    return actions.post_clerk(by=g.person, counter_id=counter_id, at=clock.now(), **posted)


@bp.post("/counters/<int:counter_id>/counts")
@access("clerk")
@writes
@bp.arguments(schemas.StockCountSchema)
@bp.response(201, schemas.CountedSchema)
def count_stock(counted: dict[str, Any], counter_id: int) -> StockCount:
    """Write down how many pieces of a reward lie at a counter; a difference is booked with its reason."""
    return actions.count_stock(by=g.person, counter_id=counter_id, at=clock.now(), **counted)


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
