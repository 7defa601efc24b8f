"""The catalogue behind the counters: rewards with their terms, pictures, places and batches, and each one's whole life."""

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock
from bank.counter.queries import life_of
from bank.documents.pictures import MEDIA_TYPE, shrunk
from bank.people import queries as people
from bank.rewards import actions, queries
from bank.rewards.forms import CounterSchema, PlacesSchema, TermsSchema
from bank.rewards.models import Reward
from bank.rewards.rules import BadPicture, CounterNotFound, NewBatch, NewReward
from bank.rewards.schemas import NewRewardSchema, StockSchema
from bank.rewards.stock import batches
from bank.web import counter_papers, exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("shelf", __name__, url_prefix="/rewards/manage")
MOVEMENTS_SHOWN = 10
KINDS = {"service": _("社区服务"), "honour": _("荣誉"), "goods": _("实物")}
COLUMNS: exports.Columns = (
    (_("物品编号"), lambda each: each.number),
    (_("名称"), lambda each: each.name),
    (_("种类"), lambda each: KINDS[each.kind]),
    (_("积分"), lambda each: exports.points(each.points)),
    (_("库存"), lambda each: each.stock),
    (_("每月限兑"), lambda each: each.monthly_limit),
    (_("兑换点"), lambda each: "; ".join(f"{at.unit.name} {at.name}" for at in each.counters if not at.closed_at)),
    (_("可兑换"), lambda each: each.is_offered),
)


@bp.get("/")
@access("admin", "clerk", "auditor")
def manage() -> ResponseReturnValue:
    """All rewards of the counters in sight, hidden ones too."""
    found = queries.visible(g.person)
    if exports.is_asked():
        return exports.answer("rewards", COLUMNS, found)
    shown = {"rewards": found, "counters": queries.counters_of(g.person, *queries.STAFF)}
    return render_template("rewards/manage.html", **shown, units=queries.counter_units(g.person))


@bp.get("/new")
@access("admin")
def new_reward() -> str:
    """Asks for what a reward needs."""
    return render_template("rewards/new.html", units=queries.counter_units(g.person))


@bp.post("/")
@access("admin")
@redisplay(new_reward)
@writes
def add_reward() -> ResponseReturnValue:
    """Put a reward into the catalogue."""
    added = actions.add_reward(by=g.person, new=NewReward(**load(NewRewardSchema)), at=clock.now())
    return redirect(url_for(".reward", reward_id=added.id), 303)


@bp.post("/counters")
@access("admin")
@redisplay(manage)
@writes
def open_counter() -> ResponseReturnValue:
    """Open a further counter at a unit."""
    actions.open_counter(by=g.person, at=clock.now(), **load(CounterSchema))
    return redirect(url_for(".manage"), 303)


@bp.post("/counters/<int:counter_id>/close")
@access("admin")
@redisplay(lambda counter_id: manage())
@writes
def close_counter(counter_id: int) -> ResponseReturnValue:
    """Give a counter up."""
    actions.close_counter(by=g.person, counter_id=counter_id, at=clock.now())
    return redirect(url_for(".manage"), 303)


@bp.get("/prices/<int:counter_id>.pdf")
@access("admin", "clerk", "auditor")
def price_list(counter_id: int) -> Response:
    """What a counter offers today, with bar codes, for the wall."""
    counter = next((each for each in queries.counters_of(g.person, *queries.STAFF) if each.id == counter_id), None)
    if counter is None:
        raise CounterNotFound()
    offered = [each for each in queries.visible(g.person) if each.is_offered and counter in each.counters]
    return counter_papers.price_list_pdf(counter, offered, at=clock.now())


@bp.get("/<int:reward_id>")
@access("admin", "clerk", "auditor")
def reward(reward_id: int) -> str:
    """One reward: its terms, what lies where, and what can be done with it."""
    found = queries.reward(g.person, reward_id)
    places = [each for each in queries.counters_of(g.person, *queries.STAFF) if each.unit.path.startswith(found.unit.path)]
    shown = {
        "movements": queries.movements(reward_id)[:MOVEMENTS_SHOWN],
        "reward": found, "places": places, "batches": batches(reward_id), "prices": queries.prices(reward_id),
        "has_picture": bool(queries.pictured([reward_id])), "can_change": people.has_role(g.person, "admin", found.unit_id),
    }  # fmt: skip
    return render_template("rewards/reward.html", today=clock.today(), **shown)


@bp.get("/<int:reward_id>/life")
@access("admin", "auditor")
def life(reward_id: int) -> str:
    """A reward's whole life: who brought pieces in, who took them, what was counted and what it cost."""
    found = queries.reward(g.person, reward_id)
    shown = {"movements": queries.movements(reward_id), "counts": queries.counts(reward_id), "prices": queries.prices(reward_id)}
    return render_template("rewards/life.html", reward=found, redemptions=life_of(reward_id), **shown)


@bp.post("/<int:reward_id>/terms")
@access("admin")
@redisplay(reward)
@writes
def change_reward(reward_id: int) -> ResponseReturnValue:
    """Other words, conditions or another price from now on."""
    new = _with_terms(queries.reward(g.person, reward_id))
    actions.change_reward(by=g.person, reward_id=reward_id, new=new, at=clock.now())
    return _shown(reward_id)


@bp.post("/<int:reward_id>/places")
@access("admin")
@redisplay(reward)
@writes
def set_places(reward_id: int) -> ResponseReturnValue:
    """Say at which counters it can be had."""
    actions.set_places(by=g.person, reward_id=reward_id, at=clock.now(), **load(PlacesSchema))
    return _shown(reward_id)


@bp.post("/<int:reward_id>/picture")
@access("admin")
@redisplay(reward)
@writes
def set_picture(reward_id: int) -> ResponseReturnValue:
    """Give it a picture, made small and written anew."""
    file = request.files.get("picture")
    if file is None or not file.filename:
        raise BadPicture()
    content = shrunk(file.stream.read())
    actions.set_picture(by=g.person, reward_id=reward_id, content=content, media_type=MEDIA_TYPE, at=clock.now())
    return _shown(reward_id)


@bp.post("/<int:reward_id>/stock")
@access("admin")
@redisplay(reward)
@writes
def move_stock(reward_id: int) -> ResponseReturnValue:
    """Receive pieces as a batch, or write them off."""
    moved = load(StockSchema)
    same = {"by": g.person, "reward_id": reward_id, "quantity": moved["quantity"], "reason": moved["reason"], "at": clock.now()}
    if moved["kind"] == "written_off":
        actions.write_off_stock(batch_id=moved["batch_id"], **same)
    else:
        batch = NewBatch(counter_id=moved["counter_id"], label=moved["label"], best_before=moved["best_before"])
        actions.receive_stock(batch=batch, **same)
    return _shown(reward_id)


@bp.post("/<int:reward_id>/hide")
@access("admin")
@redisplay(reward)
@writes
def hide(reward_id: int) -> ResponseReturnValue:
    """Take a reward out of the offer."""
    actions.hide(by=g.person, reward_id=reward_id, at=clock.now())
    return _shown(reward_id)


@bp.post("/<int:reward_id>/offer")
@access("admin")
@redisplay(reward)
@writes
def offer(reward_id: int) -> ResponseReturnValue:
    """Let a hidden reward be taken again."""
    actions.offer(by=g.person, reward_id=reward_id, at=clock.now())
    return _shown(reward_id)


def _with_terms(found: Reward) -> NewReward:
    """The reward with the terms of the present form; unit, kind, number, stock and whether it is offered stay."""
    kept: dict[str, Any] = {"unit_id": found.unit_id, "kind": found.kind, "number": found.number, "is_offered": found.is_offered}
    return NewReward(**kept, stock=0 if found.is_counted else None, **load(TermsSchema))


def _shown(reward_id: int) -> ResponseReturnValue:
    return redirect(url_for(".reward", reward_id=reward_id), 303)
