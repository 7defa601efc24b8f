"""Lists of needs, problems and services by unit and quarter; the menu of services; how long each colour may wait."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.counter import services
from bank.hours.rules import CATEGORIES
from bank.orders import list_schemas, lists, menu, queries, rules, schemas
from bank.orders.clocks import Clock
from bank.people.queries import roles
from bank.web import exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.order_texts import LIST_KIND_NAMES, LIST_STATE_NAMES, WAY_NAMES
from bank.web.pages.orders import names
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("order_lists", __name__, url_prefix="/lists")
DISPATCHERS = queries.DISPATCHERS
QUARTERS_SHOWN = 5
MENU_COLUMNS: exports.Columns = (
    (_("单位"), lambda each: each.unit.name),
    (_("名称"), lambda each: each.name),
    (_("服务类别"), lambda each: CATEGORY_NAMES[each.category]),
    (_("方式"), lambda each: WAY_NAMES[each.way]),
    (_("大约要（分钟）"), lambda each: each.usual_minutes),
    (_("上架"), lambda each: each.is_offered),
)


@bp.context_processor
def _names() -> dict[str, Any]:
    return names() | {"list_kinds": LIST_KIND_NAMES, "list_states": LIST_STATE_NAMES, "categories": CATEGORIES}


@bp.get("/")
@access("member")
def all_lists() -> ResponseReturnValue:
    """The lists of a quarter, with what fits each line."""
    quarter = _asked_quarter()
    found = lists.lines(g.person, quarter=quarter)
    if exports.is_asked():
        return exports.answer("lists", _columns(), found)
    mine = queries.claiming_units(g.person)
    return render_template(
        "orders/lists.html", lines=found, quarter=quarter, quarters=_quarters(), units=mine, own_ids={each.id for each in mine},
        has_drafts=any(not each.entry.is_published for each in found),
    )  # fmt: skip


@bp.post("/")
@access(*DISPATCHERS)
@redisplay(all_lists)
@writes
def add() -> ResponseReturnValue:
    """Put a line on a unit's list."""
    entry = lists.add(by=g.person, new=rules.NewListEntry(**load(list_schemas.NewListEntrySchema)), at=clock.now())
    return redirect(url_for(".all_lists", quarter=entry.quarter), 303)


@bp.post("/publication")
@access(*DISPATCHERS)
@redisplay(all_lists)
@writes
def publish() -> ResponseReturnValue:
    """Let everybody who is signed in see them."""
    sent = load(list_schemas.PublishListsSchema)
    count = lists.publish(by=g.person, **sent)
    flash(ngettext("已公布 %(num)s 条", "已公布 %(num)s 条", count), "done")
    return redirect(url_for(".all_lists", quarter=sent["quarter"]), 303)


@bp.post("/<int:entry_id>/claim")
@access(*DISPATCHERS)
@redisplay(all_lists)
@writes
def claim(entry_id: int) -> ResponseReturnValue:
    """Claim a line for a unit."""
    entry = lists.claim(by=g.person, entry_id=entry_id, unit_id=load(schemas.ClaimSchema)["unit_id"], at=clock.now())
    return redirect(url_for(".all_lists", quarter=entry.quarter), 303)


@bp.post("/<int:entry_id>/outcome")
@access(*DISPATCHERS)
@redisplay(all_lists)
@writes
def conclude(entry_id: int) -> ResponseReturnValue:
    """Say what came of it."""
    entry = lists.conclude(by=g.person, entry_id=entry_id, at=clock.now(), **load(list_schemas.ListOutcomeSchema))
    return redirect(url_for(".all_lists", quarter=entry.quarter), 303)


@bp.get("/menu")
@access(*DISPATCHERS)
def all_items() -> ResponseReturnValue:
    """The menu of one's units, and how long each colour may wait."""
    items = menu.of_units(g.person)
    if exports.is_asked():
        return exports.answer("menu", MENU_COLUMNS, items)
    return render_template(
        "orders/menu.html", items=items, units=queries.claiming_units(g.person), ways=rules.WAYS,
        clock=queries.clock_in_force(), is_admin="admin" in roles(g.person), rewards=services.services_of(g.person),
    )  # fmt: skip


@bp.post("/menu")
@access(*DISPATCHERS)
@redisplay(all_items)
@writes
def add_item() -> ResponseReturnValue:
    """Put a service on the menu."""
    menu.add_item(by=g.person, **load(schemas.MenuItemInSchema))
    return redirect(url_for(".all_items"), 303)


@bp.post("/menu/<int:menu_item_id>/offer")
@access(*DISPATCHERS)
@redisplay(all_items)
@writes
def offer_item(menu_item_id: int) -> ResponseReturnValue:
    """Take it off the menu, or put it back."""
    menu.offer_item(by=g.person, menu_item_id=menu_item_id, **load(schemas.OfferSchema))
    return redirect(url_for(".all_items"), 303)


@bp.post("/menu/rewards/<int:reward_id>")
@access("admin")
@redisplay(all_items)
@writes
def link_menu(reward_id: int) -> ResponseReturnValue:
    """Let a service of the catalogue open an order when it is redeemed, or not."""
    services.link_menu(by=g.person, reward_id=reward_id, **load(schemas.MenuLinkSchema))
    return redirect(url_for(".all_items"), 303)


@bp.post("/menu/clock")
@access("admin")
@redisplay(all_items)
@writes
def set_clock() -> ResponseReturnValue:
    """Say how long each colour may wait from now on."""
    menu.set_clock(by=g.person, clock=Clock(**load(schemas.ClockSchema)), at=clock.now())
    flash(gettext("已保存，从现在起生效。"), "done")
    return redirect(url_for(".all_items"), 303)


def _asked_quarter() -> date:
    asked = request.args.get("quarter", "")
    try:
        return rules.quarter_of(date.fromisoformat(asked)) if asked else rules.quarter_of(clock.today())
    except ValueError:
        return rules.quarter_of(clock.today())


def _quarters() -> list[date]:
    """The next quarter, the present one, and some before."""
    found = [rules.quarter_of(rules.quarter_of(clock.today()) + timedelta(days=100))]
    while len(found) < QUARTERS_SHOWN:
        found.append(rules.quarter_of(found[-1] - timedelta(days=1)))
    return found


def _columns() -> exports.Columns:
    return (
        (gettext("单位"), lambda each: each.entry.unit.name),
        (gettext("清单"), lambda each: LIST_KIND_NAMES[each.entry.kind]),
        (gettext("类别"), lambda each: CATEGORY_NAMES[each.entry.category]),
        (gettext("内容"), lambda each: each.entry.title),
        (gettext("说明"), lambda each: each.entry.about),
        (gettext("状态"), lambda each: LIST_STATE_NAMES[each.entry.state]),
        (gettext("认领单位"), lambda each: each.entry.claimed_unit.name if each.entry.claimed_unit else None),
        (gettext("结果"), lambda each: each.entry.outcome),
        (gettext("可以对接"), lambda each: "; ".join(f"{fit.unit.name} {fit.title}" for fit in each.fits)),
    )
