"""Asking, following and rating without an account; the tree, and the wall of wishes met."""

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.counter import services
from bank.errors import BankError
from bank.evaluations.rules import MARKS
from bank.orders import actions, menu, queries, schemas
from bank.orders.rules import NewOrder
from bank.units.models import Unit
from bank.web import order_texts, rating_device
from bank.web.auth import access, load_person
from bank.web.errors import answer_status, refusal_in_words
from bank.web.forms import load, redisplay
from bank.web.guessing import slow_to_guess
from bank.web.idempotency import writes
from bank.web.links import public_url
from bank.web.qr import qr
from bank.web.security import limiter
from bank.web.texts import CATEGORY_NAMES, MARK_NAMES

bp = Blueprint("orders", __name__)
ASKS = "30 per hour; 100 per day"  # A whole community's office may ask from one address; a program does so no faster.
TRIES = "60 per minute"


@bp.context_processor
def _names() -> dict[str, Any]:
    return names()


@bp.get("/ask")
@access("public")
def choose() -> str:
    """In which community?"""
    return render_template("orders/choose.html", units=queries.asking_units())


@bp.get("/ask/<string:unit_key>")
@limiter.limit(TRIES)
@access("public")
def ask(unit_key: str) -> str:
    """One page with large type: what is wanted, and a phone."""
    unit = queries.asking_unit(unit_key)
    return render_template("orders/ask.html", unit=unit, menu=menu.offered(unit), kind=request.args.get("kind", "wish"))


@bp.post("/ask/<string:unit_key>")
@limiter.limit(ASKS)
@access("public")
@redisplay(ask)
@writes
def send(unit_key: str) -> ResponseReturnValue:
    """Ask; the answer is the page to follow it by."""
    order = actions.ask(by=None, new=_typed(queries.asking_unit(unit_key)), picture=picture(), at=clock.now())
    return redirect(url_for(".follow", link=queries.link_of(order)), 303)


@bp.get("/o")
@access("public")
def type_code() -> str:
    """Ten digits instead of the link."""
    return render_template("orders/type_code.html")


@bp.post("/o")
@limiter.limit(TRIES)
@access("public")
@redisplay(type_code)
@slow_to_guess
@writes
def find() -> ResponseReturnValue:
    """The page of the digits that were typed."""
    order = queries.by_typed(request.form.get("code", "")[:40])
    return redirect(url_for(".follow", link=queries.link_of(order)), 303)


@bp.get("/o/<string:link>")
@limiter.limit(TRIES)
@access("public")
def follow(link: str) -> str:
    """How far it is, the digits to tell the helper, and five rows of stars once it is done."""
    seen = queries.followed(link)
    address = public_url(".follow", link=link)
    return render_template(
        "orders/follow.html", seen=seen, order=seen.order, link=link, code=qr(address), marks=MARKS, names=MARK_NAMES
    )  # fmt: skip


@bp.post("/o/<string:link>/rating")
@limiter.limit(TRIES)
@access("public")
@writes
def rate(link: str) -> ResponseReturnValue:
    """The row of stars that was tapped."""
    device = rating_device.current()
    try:
        services.rate(link=link, device=device, by=g.person, at=clock.now(), **load(schemas.OrderMarkSchema))
    except BankError as refusal:
        return refused(refusal)
    return rating_device.keep(make_response(redirect(url_for(".follow", link=link), 303)))


@bp.post("/o/<string:link>/cancellation")
@limiter.limit(TRIES)
@access("public")
@writes
def cancel(link: str) -> ResponseReturnValue:
    """No longer wanted."""
    try:
        services.cancel(link=link, at=clock.now(), **load(schemas.OptionalWordsSchema))
    except BankError as refusal:
        return refused(refusal)
    return redirect(url_for(".follow", link=link), 303)


@bp.get("/wishes")
@limiter.limit(TRIES)
@access("public")
def tree() -> str:
    """What hangs on the tree."""
    return render_template("orders/tree.html", orders=queries.tree())


@bp.get("/wishes/met")
@limiter.limit(TRIES)
@access("public")
def wall() -> str:
    """Wishes met whose askers agreed to show them."""
    return render_template("orders/wall.html", orders=queries.wall())


def names() -> dict[str, Any]:
    """Words that every page of orders may need."""
    return {
        "kind_names": order_texts.KIND_NAMES, "level_names": order_texts.LEVEL_NAMES, "way_names": order_texts.WAY_NAMES,
        "colour_names": order_texts.COLOUR_NAMES, "colour_icons": order_texts.COLOUR_ICONS,
        "state_names": order_texts.STATE_NAMES, "state_kinds": order_texts.STATE_KINDS, "step_names": order_texts.STEP_NAMES,
        "follow_words": order_texts.FOLLOW_WORDS, "category_names": CATEGORY_NAMES,
    }  # fmt: skip


def picture() -> bytes | None:
    """The picture that came with a form, if any."""
    file = request.files.get("picture")
    return file.read() or None if file else None


def refused(refusal: BankError) -> Response:
    """The big answer when it is no."""
    load_person()
    page = render_template("evaluations/refused.html", words=refusal_in_words(refusal))
    return make_response(page, answer_status(refusal))


def _typed(unit: Unit) -> NewOrder:
    return NewOrder(unit_id=unit.id, **load(schemas.AskSchema))
