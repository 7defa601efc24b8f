"""The menu, the waits by colour, and the lists of needs, problems and services, as JSON."""

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import g

from bank import clock
from bank.counter import services
from bank.orders import list_schemas, lists, menu, queries, schemas
from bank.orders.clocks import Clock
from bank.orders.models import ListEntry, MenuItem
from bank.orders.rules import NewListEntry
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("order_lists", "The menu of services, waits by colour, and lists by unit and quarter.")
DISPATCHERS = queries.DISPATCHERS


@bp.get("/menu-items")
@access(*DISPATCHERS)
@bp.response(200, schemas.MenuSchema)
def items() -> dict[str, list[MenuItem]]:
    """Every item of one's units, offered or not."""
    return {"items": menu.of_units(g.person)}


@bp.post("/menu-items")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.MenuItemInSchema)
@bp.response(201, schemas.MenuItemSchema)
def add_item(new: dict[str, Any]) -> MenuItem:
    """Put a service on the menu."""
    return menu.add_item(by=g.person, **new)


@bp.put("/menu-items/<int:menu_item_id>/offer")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OfferSchema)
@bp.response(200, schemas.MenuItemSchema)
def offer_item(sent: dict[str, bool], menu_item_id: int) -> MenuItem:
    """Take it off the menu, or put it back."""
    return menu.offer_item(by=g.person, menu_item_id=menu_item_id, is_offered=sent["is_offered"])


@bp.put("/rewards/<int:reward_id>/menu-item")
@access("admin")
@writes
@bp.arguments(schemas.MenuLinkSchema)
@bp.response(200, schemas.MenuLinkSchema)
def link_menu(sent: dict[str, int | None], reward_id: int) -> dict[str, int | None]:
    """Let a service of the catalogue stand for an item of the menu: redeeming it opens an order."""
    services.link_menu(by=g.person, reward_id=reward_id, menu_item_id=sent["menu_item_id"])
    return sent


@bp.get("/order-clock")
@access("member")
@bp.response(200, schemas.ClockSchema)
def in_force() -> dict[str, Any]:
    """How long each colour may wait now."""
    return asdict(queries.clock_in_force())


@bp.put("/order-clock")
@access("admin")
@writes
@bp.arguments(schemas.ClockSchema)
@bp.response(200, schemas.ClockSchema)
def set_clock(sent: dict[str, Any]) -> dict[str, Any]:
    """Say how long each colour may wait from now on."""
    menu.set_clock(by=g.person, clock=Clock(**sent), at=clock.now())
    return sent


@bp.get("/lists")
@access("member")
@bp.arguments(list_schemas.ListsQuerySchema, location="query")
@bp.response(200, list_schemas.ListsSchema)
def all_lists(asked: dict[str, date | None]) -> dict[str, list[lists.Line]]:
    """The lists of a quarter that one may see, with what fits each line."""
    return {"lines": lists.lines(g.person, quarter=asked["quarter"] or clock.today())}


@bp.post("/lists")
@access(*DISPATCHERS)
@writes
@bp.arguments(list_schemas.NewListEntrySchema)
@bp.response(201, list_schemas.ListEntrySchema)
def add_entry(new: dict[str, Any]) -> ListEntry:
    """Put a line on a unit's list."""
    return lists.add(by=g.person, new=NewListEntry(**new), at=clock.now())


@bp.post("/lists/publication")
@access(*DISPATCHERS)
@writes
@bp.arguments(list_schemas.PublishListsSchema)
@bp.response(200, list_schemas.ListsPublishedSchema)
def publish(sent: dict[str, Any]) -> dict[str, int]:
    """Let everybody who is signed in see a unit's lists of a quarter."""
    return {"published": lists.publish(by=g.person, **sent)}


@bp.post("/lists/<int:entry_id>/claim")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.ClaimSchema)
@bp.response(200, list_schemas.ListEntrySchema)
def claim(sent: dict[str, int], entry_id: int) -> ListEntry:
    """Claim a line for a unit."""
    return lists.claim(by=g.person, entry_id=entry_id, unit_id=sent["unit_id"], at=clock.now())


@bp.post("/lists/<int:entry_id>/outcome")
@access(*DISPATCHERS)
@writes
@bp.arguments(list_schemas.ListOutcomeSchema)
@bp.response(200, list_schemas.ListEntrySchema)
def conclude(sent: dict[str, Any], entry_id: int) -> ListEntry:
    """Say what came of it."""
    return lists.conclude(by=g.person, entry_id=entry_id, at=clock.now(), **sent)
