"""The dispatcher's board as JSON: look, send on, hang on the tree, answer, end, strike off."""

from typing import Any

from flask import g

from bank import clock
from bank.counter import services
from bank.orders import dispatch, projects, queries, schemas
from bank.orders.models import Order
from bank.orders.rules import OPEN, Look
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.pages.order_projects import activity_source

bp = blueprint("order_board", "Orders: what dispatchers do with them, and projects of organisations.")
DISPATCHERS = queries.DISPATCHERS


@bp.get("/orders")
@access("organizer", "admin", "auditor")
@bp.arguments(schemas.OrderBoardQuerySchema, location="query")
@bp.response(200, schemas.OrderBoardSchema)
def board(asked: dict[str, Any]) -> dict[str, Any]:
    """The orders of one's units, what is due first before the rest."""
    states = (asked["state"],) if asked["state"] else OPEN
    found, at = queries.board(g.person, states=states, colour=asked["colour"], kind=asked["kind"]), clock.now()
    soon = queries.due_soon(found, at, queries.clock_in_force())
    late = queries.overdue(found, at)
    ids = {"overdue_ids": [each.id for each in late], "soon_ids": [each.id for each in soon]}
    return {"orders": found, "counts": queries.counts(g.person)} | ids


@bp.post("/orders/<int:order_id>/look")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.LookSchema)
@bp.response(200, schemas.OrderSchema)
def look(sent: dict[str, Any], order_id: int) -> Order:
    """Say what may be shown of an order, and colour it."""
    return dispatch.look(by=g.person, order_id=order_id, look=Look(**sent), at=clock.now())


@bp.post("/orders/<int:order_id>/dispatch")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.DispatchSchema)
@bp.response(200, schemas.OrderSchema)
def send(sent: dict[str, Any], order_id: int) -> Order:
    """Send it to a unit, a team or a person."""
    card_number = sent["card_number"] or None
    return dispatch.dispatch(
        by=g.person, order_id=order_id, unit_id=sent["unit_id"], card_number=card_number, at=clock.now()
    )  # fmt: skip


@bp.post("/orders/<int:order_id>/hang")
@access(*DISPATCHERS)
@writes
@bp.response(200, schemas.OrderSchema)
def hang(order_id: int) -> Order:
    """Hang it on the tree."""
    return dispatch.hang(by=g.person, order_id=order_id, at=clock.now())


@bp.post("/orders/<int:order_id>/answer")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OrderWordsSchema)
@bp.response(200, schemas.OrderSchema)
def answer(sent: dict[str, str], order_id: int) -> Order:
    """Answer a matter for the office."""
    return dispatch.answer(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.post("/orders/<int:order_id>/refusal")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OrderWordsSchema)
@bp.response(200, schemas.OrderSchema)
def refuse(sent: dict[str, str], order_id: int) -> Order:
    """It cannot be done here, and why."""
    return services.refuse(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.post("/orders/<int:order_id>/not-met")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OrderWordsSchema)
@bp.response(200, schemas.OrderSchema)
def not_met(sent: dict[str, str], order_id: int) -> Order:
    """Nobody could do it, and why."""
    return services.not_met(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.post("/orders/<int:order_id>/repeat")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.FirstOrderSchema)
@bp.response(200, schemas.OrderSchema)
def repeat(sent: dict[str, int], order_id: int) -> Order:
    """It repeats another."""
    return dispatch.repeat(by=g.person, order_id=order_id, first_id=sent["first_id"], at=clock.now())


@bp.post("/orders/<int:order_id>/call")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OrderCallSchema)
@bp.response(200, schemas.OrderSchema)
def rate_on_call(sent: dict[str, Any], order_id: int) -> Order:
    """What the asker said on the phone."""
    return services.rate_on_call(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.post("/orders/<int:order_id>/posting")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OptionalWordsSchema)
@bp.response(200, schemas.OrderSchema)
def post(sent: dict[str, str], order_id: int) -> Order:
    """Strike it off: the helper's time is recorded and deposited."""
    return services.post(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.get("/projects")
@access("organizer", "admin")
@bp.response(200, schemas.PublicOrdersSchema)
def claimable() -> dict[str, list[Order]]:
    """Key and flagship projects that no organisation has claimed."""
    return {"orders": queries.claimable()}


@bp.post("/projects/<int:order_id>/claim")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.ClaimSchema)
@bp.response(201, schemas.OrderSchema)
def claim(sent: dict[str, int], order_id: int) -> Order:
    """Claim one for an organisation."""
    return projects.claim(by=g.person, order_id=order_id, unit_id=sent["unit_id"], at=clock.now())


@bp.post("/projects/<int:order_id>/activity")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.CarryOutSchema)
@bp.response(200, schemas.OrderSchema)
def carry_out(sent: dict[str, int], order_id: int) -> Order:
    """Say which activity carries it out."""
    source = activity_source(sent["activity_id"])
    return projects.carry_out(by=g.person, order_id=order_id, source=source, at=clock.now())


@bp.post("/projects/<int:order_id>/outcome")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OrderWordsSchema)
@bp.response(200, schemas.OrderSchema)
def conclude(sent: dict[str, str], order_id: int) -> Order:
    """Say what came of it."""
    return projects.conclude(by=g.person, order_id=order_id, at=clock.now(), **sent)


@bp.post("/projects/<int:order_id>/return")
@access(*DISPATCHERS)
@writes
@bp.arguments(schemas.OrderWordsSchema)
@bp.response(200, schemas.OrderSchema)
def give_back(sent: dict[str, str], order_id: int) -> Order:
    """Give it back before it is begun."""
    return projects.give_back(by=g.person, order_id=order_id, at=clock.now(), **sent)
