"""Orders for members: what is open, what they have taken, and asking for oneself or on behalf of somebody."""

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from bank import clock
from bank.documents.pictures import MEDIA_TYPE
from bank.orders import actions, menu, queries, schemas
from bank.orders.models import Order
from bank.orders.rules import KINDS
from bank.people.queries import units
from bank.units.models import Unit
from bank.web import paging
from bank.web.api.orders import own_order
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.guessing import slow_to_prove
from bank.web.idempotency import writes
from bank.web.pages.orders import names, picture

bp = Blueprint("open_orders", __name__, url_prefix="/orders")


@bp.context_processor
def _names() -> dict[str, Any]:
    return names()


@bp.get("/")
@access("member")
def open_orders() -> str:
    """What the one who asks may take, by kind and near home; above it what is already taken."""
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else None
    near = g.person.unit if "near" in request.args else None
    wanted = queries.open_to(g.person, kind=kind, unit=near)
    page = paging.page(wanted, order=(Order.asked_at, Order.id), **paging.asked())
    taken = [each for each in queries.taken_by(g.person.id) if each.state in ("accepted", "under_way")]
    return render_template("orders/open.html", page=page, kind=kind, is_near=near is not None, taken=taken)


@bp.get("/mine")
@access("member")
def mine() -> str:
    """What one has taken, and what one has asked for."""
    asked = [(each, queries.link_of(each)) for each in queries.asked_by(g.person.id)]
    return render_template("orders/mine.html", taken=queries.taken_by(g.person.id), asked=asked)


@bp.get("/new")
@access("member")
def new_order() -> str:
    """Ask for oneself, or on behalf of somebody without a phone."""
    here = _asking_units()
    return render_template("orders/new.html", units=here, menu=menu.offered(here[0]) if here else [])


@bp.post("/new")
@access("member")
@redisplay(new_order)
@writes
def ask() -> ResponseReturnValue:
    """Ask; the page to follow it by holds the code to hand on."""
    order = actions.ask(by=g.person, new=own_order(load(schemas.NewOrderSchema)), picture=picture(), at=clock.now())
    return redirect(url_for("orders.follow", link=queries.link_of(order)), 303)


@bp.get("/<int:order_id>")
@access("member")
def order(order_id: int) -> str:
    """One order: what may be seen of it, and the one thing to do next."""
    sight = queries.sight(g.person, order_id)
    return render_template("orders/order.html", sight=sight, order=sight.order)


@bp.get("/<int:order_id>/picture")
@access("member")
def order_picture(order_id: int) -> Response:
    """What the asker took a picture of, for who must know."""
    sight = queries.sight(g.person, order_id)
    if sight.contact is None or sight.order.picture is None:
        raise NotFound()
    return Response(sight.order.picture.content, mimetype=MEDIA_TYPE)


@bp.post("/<int:order_id>/acceptance")
@access("member")
@redisplay(order)
@writes
def accept(order_id: int) -> ResponseReturnValue:
    """Take it."""
    actions.accept(by=g.person, order_id=order_id, at=clock.now())
    return redirect(url_for(".order", order_id=order_id), 303)


@bp.post("/<int:order_id>/return")
@access("member")
@redisplay(order)
@writes
def give_back(order_id: int) -> ResponseReturnValue:
    """Give it back, and say why."""
    actions.give_back(by=g.person, order_id=order_id, words=load(schemas.OrderWordsSchema)["words"], at=clock.now())
    return redirect(url_for(".open_orders"), 303)


@bp.post("/<int:order_id>/start")
@access("member")
@redisplay(order)
@slow_to_prove
@writes
def start(order_id: int) -> ResponseReturnValue:
    """Begin, with the asker's digits."""
    actions.start(by=g.person, order_id=order_id, code=load(schemas.ServiceCodeSchema)["code"], at=clock.now())
    return redirect(url_for(".order", order_id=order_id), 303)


@bp.post("/<int:order_id>/finish")
@access("member")
@redisplay(order)
@slow_to_prove
@writes
def finish(order_id: int) -> ResponseReturnValue:
    """End, with the asker's digits if they are at hand."""
    actions.finish(by=g.person, order_id=order_id, code=load(schemas.EndCodeSchema)["code"], at=clock.now())
    return redirect(url_for(".order", order_id=order_id), 303)


def _asking_units() -> list[Unit]:
    """The own community or grid first, then those where one has work."""
    places = [g.person.unit, *([g.person.host_unit] if g.person.host_unit else []), *units(by=g.person)]
    return list({each.id: each for each in places if each.kind in queries.AT_UNIT and each.closed_at is None}.values())
