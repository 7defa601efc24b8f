"""Key and flagship projects: organisations claim one, carry it out as an activity, and tell what came of it."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.activities import queries as activities
from bank.activities.models import Activity
from bank.orders import projects, queries, schemas
from bank.web import paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.pages.orders import names

bp = Blueprint("order_projects", __name__, url_prefix="/projects")
SHOWN = 30


@bp.context_processor
def _names() -> dict[str, Any]:
    return names()


@bp.get("/")
@access(*queries.DISPATCHERS)
def all_projects() -> str:
    """Projects to be claimed, and those that one's organisations have claimed."""
    mine = paging.page(
        activities.organized(by=g.person), order=(Activity.starts_at, Activity.id), is_descending=True, limit=SHOWN
    )
    return render_template(
        "orders/projects.html", claimable=queries.claimable(), claimed=queries.claimed_by(g.person),
        units=queries.claiming_units(g.person), activities=mine.items,
    )  # fmt: skip


@bp.post("/<int:order_id>/claim")
@access(*queries.DISPATCHERS)
@redisplay(all_projects)
@writes
def claim(order_id: int) -> ResponseReturnValue:
    """Claim one for an organisation."""
    projects.claim(by=g.person, order_id=order_id, unit_id=load(schemas.ClaimSchema)["unit_id"], at=clock.now())
    return redirect(url_for(".all_projects"), 303)


@bp.post("/<int:order_id>/activity")
@access(*queries.DISPATCHERS)
@redisplay(all_projects)
@writes
def carry_out(order_id: int) -> ResponseReturnValue:
    """Say which activity carries it out."""
    source = activity_source(load(schemas.CarryOutSchema)["activity_id"])
    projects.carry_out(by=g.person, order_id=order_id, source=source, at=clock.now())
    return redirect(url_for(".all_projects"), 303)


@bp.post("/<int:order_id>/outcome")
@access(*queries.DISPATCHERS)
@redisplay(all_projects)
@writes
def conclude(order_id: int) -> ResponseReturnValue:
    """Say what came of it."""
    projects.conclude(by=g.person, order_id=order_id, words=load(schemas.OrderWordsSchema)["words"], at=clock.now())
    return redirect(url_for(".all_projects"), 303)


@bp.post("/<int:order_id>/return")
@access(*queries.DISPATCHERS)
@redisplay(all_projects)
@writes
def give_back(order_id: int) -> ResponseReturnValue:
    """Give it back before it is begun."""
    projects.give_back(by=g.person, order_id=order_id, words=load(schemas.OrderWordsSchema)["words"], at=clock.now())
    return redirect(url_for(".all_projects"), 303)


def activity_source(activity_id: int) -> str:
    """What names the service of an activity that is there. Raises ActivityNotFound."""
    return activities.source(activities.activity(activity_id))
