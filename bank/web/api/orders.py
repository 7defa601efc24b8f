"""Orders as JSON: for askers by their link, and for members who take them."""

from typing import Any

from flask import g
from flask_limiter.util import get_remote_address

from bank import clock
from bank.counter import services
from bank.db import random_key
from bank.evaluations.rules import Device
from bank.orders import actions, menu, queries, schemas
from bank.orders.models import MenuItem, Order
from bank.orders.rules import NewOrder
from bank.units.queries import unit
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.links import public_url
from bank.web.paging import Page, PageIn
from bank.web.security import limiter

bp = blueprint("orders", "Orders: what residents ask for and members take.")
ASKS, TRIES = "30 per hour", "60 per minute"


@bp.post("/units/<string:unit_key>/orders")
@limiter.limit(ASKS, key_func=get_remote_address)
@access("public")
@writes
@bp.arguments(schemas.AskSchema)
@bp.response(201, schemas.FollowedSchema)
def ask(new: dict[str, Any], unit_key: str) -> dict[str, Any]:
    """Ask without an account, by the code on a unit's notice board."""
    unit_id = queries.asking_unit(unit_key).id
    return _followed(actions.ask(by=None, new=NewOrder(unit_id=unit_id, **new), at=clock.now()))


@bp.get("/units/<string:unit_key>/menu")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@bp.response(200, schemas.MenuSchema)
def menu_of_unit(unit_key: str) -> dict[str, list[MenuItem]]:
    """What can be asked for in a unit."""
    return {"items": menu.offered(queries.asking_unit(unit_key))}


@bp.get("/order-links/<string:link>")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@bp.response(200, schemas.FollowedSchema)
def follow(link: str) -> dict[str, Any]:
    """What an asker's link shows."""
    return _followed(queries.by_link(link))


@bp.post("/order-links/<string:link>/rating")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@writes
@bp.arguments(schemas.OrderMarkSchema)
@bp.response(201, schemas.FollowedSchema)
def rate(sent: dict[str, Any], link: str) -> dict[str, Any]:
    """Say how it was, which confirms that it was."""
    return _followed(services.rate(link=link, device=Device(random_key()), by=g.person, at=clock.now(), **sent))


@bp.post("/order-links/<string:link>/cancellation")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@writes
@bp.arguments(schemas.OptionalWordsSchema)
@bp.response(201, schemas.FollowedSchema)
def cancel(sent: dict[str, str], link: str) -> dict[str, Any]:
    """No longer wanted."""
    return _followed(services.cancel(link=link, at=clock.now(), **sent))


@bp.get("/wish-tree")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@bp.response(200, schemas.PublicOrdersSchema)
def tree() -> dict[str, list[Order]]:
    """What hangs on the tree."""
    return {"orders": queries.tree()}


@bp.get("/wish-wall")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@bp.response(200, schemas.PublicOrdersSchema)
def wall() -> dict[str, list[Order]]:
    """Wishes met whose askers agreed to show them."""
    return {"orders": queries.wall()}


@bp.post("/orders")
@access("member")
@writes
@bp.arguments(schemas.NewOrderSchema)
@bp.response(201, schemas.FollowedSchema)
def ask_as_member(new: dict[str, Any]) -> dict[str, Any]:
    """Ask for oneself, or on behalf of somebody without a phone."""
    return _followed(actions.ask(by=g.person, new=own_order(new), at=clock.now()))


@bp.get("/me/open-orders")
@access("member")
@bp.arguments(PageIn, location="query")
@bp.response(200, schemas.OpenOrdersSchema)
def open_orders(asked: dict[str, Any]) -> Page:
    """What the one who asks may take."""
    return paging.page(queries.open_to(g.person), order=(Order.asked_at, Order.id), **asked)


@bp.get("/me/taken-orders")
@access("member")
@bp.response(200, schemas.PublicOrdersSchema)
def taken() -> dict[str, list[Order]]:
    """What the one who asks has taken, the unfinished first."""
    return {"orders": queries.taken_by(g.person.id)}


@bp.get("/orders/<int:order_id>")
@access("member")
@bp.response(200, schemas.SightSchema)
def order(order_id: int) -> queries.Sight:
    """An order for its dispatchers, its helper, and members who may take it; the contact for the first two."""
    return queries.sight(g.person, order_id)


@bp.post("/orders/<int:order_id>/acceptance")
@access("member")
@writes
@bp.response(201, schemas.OrderSchema)
def accept(order_id: int) -> Order:
    """Take it: of all who tap at once one gets it."""
    return actions.accept(by=g.person, order_id=order_id, at=clock.now())


@bp.post("/orders/<int:order_id>/return")
@access("member")
@writes
@bp.arguments(schemas.OrderWordsSchema)
@bp.response(201, schemas.OrderSchema)
def give_back(sent: dict[str, str], order_id: int) -> Order:
    """Give it back before it is begun, and say why."""
    return actions.give_back(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.post("/orders/<int:order_id>/start")
@access("member")
@limiter.limit("20 per minute")
@writes
@bp.arguments(schemas.ServiceCodeSchema)
@bp.response(201, schemas.OrderSchema)
def start(sent: dict[str, str], order_id: int) -> Order:
    """Begin, with the asker's digits for the start."""
    return actions.start(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.post("/orders/<int:order_id>/finish")
@access("member")
@limiter.limit("20 per minute")
@writes
@bp.arguments(schemas.EndCodeSchema)
@bp.response(201, schemas.OrderSchema)
def finish(sent: dict[str, str], order_id: int) -> Order:
    """End, with the asker's digits for the end if they are at hand."""
    return actions.finish(by=g.person, order_id=order_id, at=clock.now(), **sent)


def own_order(new: dict[str, Any]) -> NewOrder:
    """What somebody who is signed in sent: for oneself, the own name and phone stand where nothing was said."""
    is_own = new.pop("is_for_myself")
    if is_own:
        new["asker"], new["phone"] = new["asker"] or g.person.name, new["phone"] or g.person.phone or ""
    unit(new["unit_id"])
    return NewOrder(asker_id=g.person.id if is_own else None, **new)


def _followed(found: Order) -> dict[str, Any]:
    link = queries.link_of(found)
    seen = queries.followed(link)
    shown = {name: getattr(found, name) for name in ("wish", "kind", "state", "due_at", "outcome", "mark")}
    codes = {name: getattr(seen, name) for name in ("helper", "code", "start_code", "end_code")}
    return shown | codes | {"title": found.shown_title, "url": public_url("orders.follow", link=link)}
