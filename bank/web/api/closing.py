"""After an activity, as JSON: supplements, publicity, objections, and what is late."""

from typing import Any

from flask import g
from marshmallow import fields, validate

from bank import clock
from bank.closing import actions, queries
from bank.closing import schemas as closing
from bank.closing.lateness import Lateness, late
from bank.closing.models import Supplement
from bank.closing.rules import STATES, NewSupplement
from bank.fields import QuerySchema, StrictInt
from bank.publicity import objections, schemas
from bank.publicity import queries as publicity
from bank.publicity.models import Objection, PublicPart
from bank.units.queries import unit
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.paging import Page, PageIn

bp = blueprint("closing", "After an activity: supplements, publicity, objections, lateness.")
STAFF = ("organizer", "admin")
READERS = (*STAFF, "auditor")


class SupplementsQuery(PageIn):
    """Which supplements: in one state, or all."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class OwnQuery(QuerySchema):
    """Whose: one's own, or those of a child for whom one answers."""

    person_id = StrictInt(load_default=None, low=1)


class PublicityQuery(QuerySchema):
    """What is on show near one unit, or everywhere."""

    unit_id = StrictInt(load_default=None, low=1)


@bp.get("/supplements")
@access(*READERS)
@bp.arguments(SupplementsQuery, location="query")
@bp.response(200, closing.SupplementsPageSchema)
def supplements(asked: dict[str, Any]) -> Page:
    """Supplements in sight, the newest first."""
    wanted = queries.supplements(by=g.person, state=asked.pop("state"))
    return paging.page(wanted, order=(Supplement.id,), is_descending=True, **asked)


@bp.post("/activities/<int:activity_id>/supplements")
@access(*STAFF)
@writes
@bp.arguments(closing.NewSupplementSchema)
@bp.response(201, closing.SupplementsSchema)
def ask_supplements(new: dict[str, Any], activity_id: int) -> dict[str, list[Supplement]]:
    """Ask for time without scans; a second person agrees."""
    ids = queries.ids_of_cards(new.pop("card_numbers"))
    wanted = NewSupplement(activity_id=activity_id, person_ids=ids, **new)
    return {"supplements": actions.ask_supplements(by=g.person, new=wanted, at=clock.now())}


@bp.post("/supplements/decisions")
@access(*STAFF)
@writes
@bp.arguments(closing.SupplementDecisionsSchema)
@bp.response(200, closing.SupplementsSchema)
def decide_supplements(asked: dict[str, Any]) -> dict[str, list[Supplement]]:
    """Agree to supplements or refuse them as the second person."""
    return {"supplements": actions.decide_supplements(by=g.person, at=clock.now(), **asked)}


@bp.get("/lateness")
@access(*READERS)
@bp.response(200, closing.LateSchema)
def lateness() -> dict[str, list[Lateness]]:
    """What is or was confirmed or posted late in the last 92 days."""
    return {"late": late(by=g.person, at=clock.now())}


@bp.get("/publicity")
@access("member")
@bp.arguments(PublicityQuery, location="query")
@bp.response(200, schemas.PublicitySchema)
def on_show(asked: dict[str, Any]) -> dict[str, Any]:
    """What is on show before it is posted; names are masked and of those who agreed."""
    near = unit(asked["unit_id"]) if asked["unit_id"] is not None else None
    return {"shown": publicity.on_show(near=near, on=clock.today())}


@bp.get("/me/shown-hours")
@access("member")
@bp.arguments(OwnQuery, location="query")
@bp.response(200, schemas.PartsSchema)
def shown_hours(asked: dict[str, Any]) -> dict[str, list[PublicPart]]:
    """Hours on show of one's own, or of a child for whom one answers."""
    person = publicity.own_or_ward(g.person, asked["person_id"], on=clock.today())
    return {"parts": publicity.waiting_of(person.id)}


@bp.post("/me/records/<int:record_id>/objection")
@access("member")
@writes
@bp.arguments(schemas.ObjectionWordsSchema)
@bp.response(201, schemas.ObjectionSchema)
def object_to_record(asked: dict[str, Any], record_id: int) -> Objection:
    """Say that a posted record is not one's own, or not of the child for whom one answers."""
    return objections.object_to_record(by=g.person, record_id=record_id, at=clock.now(), **asked)


@bp.post("/me/shown-hours/<int:part_id>/objection")
@access("member")
@writes
@bp.arguments(schemas.ObjectionWordsSchema)
@bp.response(201, schemas.ObjectionSchema)
def object_to_part(asked: dict[str, Any], part_id: int) -> Objection:
    """Say that hours on show are not one's own, or not of the child for whom one answers."""
    return objections.object_to_part(by=g.person, part_id=part_id, at=clock.now(), **asked)


@bp.get("/me/objections")
@access("member")
@bp.response(200, schemas.ObjectionsSchema)
def own_objections() -> dict[str, list[Objection]]:
    """Objections to one's own hours or raised for a child, and their answers."""
    return {"objections": publicity.objections_of(g.person.id)}


@bp.get("/objections")
@access(*READERS)
@bp.arguments(PageIn, location="query")
@bp.response(200, schemas.ObjectionsPageSchema)
def all_objections(asked: dict[str, Any]) -> Page:
    """Objections in sight, what is due first at the top."""
    return paging.page(publicity.objections(by=g.person), order=(Objection.due_on, Objection.id), **asked)


@bp.post("/objections/<int:objection_id>/answer")
@access(*STAFF)
@writes
@bp.arguments(schemas.ObjectionAnswerSchema)
@bp.response(200, schemas.ObjectionSchema)
def answer(asked: dict[str, Any], objection_id: int) -> Objection:
    """Decide about an objection, with reasons."""
    return objections.answer(by=g.person, objection_id=objection_id, at=clock.now(), **asked)
