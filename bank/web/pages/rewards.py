"""What a member can have, and the catalogue behind it."""

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.counter.choices import choices
from bank.ledger.queries import balance
from bank.people import queries as people
from bank.rewards import actions, queries
from bank.rewards.rules import NewReward
from bank.rewards.schemas import NewRewardSchema, StockSchema
from bank.web.auth import access
from bank.web.errors import refusal_in_words
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("rewards", __name__, url_prefix="/rewards")


@bp.get("/")
@access("member")
def catalogue() -> str:
    """What I can have, and how far away the rest is."""
    available = balance(g.person.points_account_id)
    found = choices(g.person, at=clock.now())
    return render_template("rewards/catalogue.html", choices=found, available=available, why=refusal_in_words)


@bp.get("/manage")
@access("admin", "clerk", "auditor")
def manage() -> str:
    """All rewards of the counters in sight, hidden ones too."""
    return render_template("rewards/manage.html", rewards=queries.visible(g.person))


@bp.get("/manage/new")
@access("admin")
def new_reward() -> str:
    """Asks for what a reward needs."""
    return render_template("rewards/new.html", units=queries.counter_units(g.person))


@bp.post("/manage")
@access("admin")
@redisplay(new_reward)
@writes
def add_reward() -> ResponseReturnValue:
    """Put a reward into the catalogue."""
    actions.add_reward(by=g.person, new=NewReward(**load(NewRewardSchema)), at=clock.now())
    return redirect(url_for(".manage"), 303)


@bp.get("/manage/<int:reward_id>")
@access("admin", "clerk", "auditor")
def reward(reward_id: int) -> str:
    """One reward, what came into its stock and what left it."""
    found = queries.reward(g.person, reward_id)
    can_change = people.has_role(g.person, "admin", found.unit_id)
    return render_template("rewards/reward.html", reward=found, movements=queries.movements(reward_id), can_change=can_change)


@bp.post("/manage/<int:reward_id>/stock")
@access("admin")
@redisplay(reward)
@writes
def move_stock(reward_id: int) -> ResponseReturnValue:
    """Receive pieces or write them off."""
    moved = load(StockSchema)
    move = {"received": actions.receive_stock, "written_off": actions.write_off_stock}[moved.pop("kind")]
    move(by=g.person, reward_id=reward_id, quantity=moved["quantity"], reason=moved["reason"], at=clock.now())
    return redirect(url_for(".reward", reward_id=reward_id), 303)


@bp.post("/manage/<int:reward_id>/hide")
@access("admin")
@redisplay(reward)
@writes
def hide(reward_id: int) -> ResponseReturnValue:
    """Take a reward out of the offer."""
    actions.hide(by=g.person, reward_id=reward_id)
    return redirect(url_for(".reward", reward_id=reward_id), 303)


@bp.post("/manage/<int:reward_id>/offer")
@access("admin")
@redisplay(reward)
@writes
def offer(reward_id: int) -> ResponseReturnValue:
    """Let a hidden reward be taken again."""
    actions.offer(by=g.person, reward_id=reward_id)
    return redirect(url_for(".reward", reward_id=reward_id), 303)
