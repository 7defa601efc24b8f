"""Activities, published and called off, as JSON."""

from typing import Any

from flask import g
from marshmallow import fields, validate

from bank import clock
from bank.activities import actions, queries, schemas
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.attendance import confirm as ending
from bank.fields import StrictInt
from bank.units.queries import unit
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.paging import Page, PageIn

bp = blueprint("activities", "Activities, published and called off.")
ORDER = (Activity.starts_at, Activity.id)


class ActivitiesQuery(PageIn):
    """Which activities: of one unit and those above and below it, coming or over."""

    unit_id = StrictInt(load_default=None, low=1)
    when = fields.String(load_default="upcoming", validate=validate.OneOf(("upcoming", "past")))


@bp.post("/activities")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.NewActivitySchema)
@bp.response(201, schemas.ActivitySchema)
def publish(new: dict[str, Any]) -> Activity:
    """Publish an activity before it starts."""
    leader_id = queries.leader_id(by=g.person, card_number=new.pop("leader_card_number"))
    return actions.publish(by=g.person, new=NewActivity(**new, leader_id=leader_id), at=clock.now())


@bp.get("/activities")
@access("member")
@bp.arguments(ActivitiesQuery, location="query")
@bp.response(200, schemas.ActivitiesSchema)
def activities(asked: dict[str, Any]) -> Page:
    """Activities that are coming, the next first; or past ones, the latest first."""
    unit_id, is_past = asked.pop("unit_id"), asked.pop("when") == "past"
    near = unit(unit_id) if unit_id is not None else None
    wanted = (queries.past if is_past else queries.upcoming)(at=clock.now(), near=near)
    return paging.page(wanted, order=ORDER, is_descending=is_past, **asked)


@bp.get("/activities/<int:activity_id>")
@access("member")
@bp.response(200, schemas.ActivitySchema)
def activity(activity_id: int) -> Activity:
    """One activity."""
    return queries.activity(activity_id)


@bp.post("/activities/<int:activity_id>/cancellation")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.ReasonSchema)
@bp.response(200, schemas.ActivitySchema)
def cancel(asked: dict[str, str], activity_id: int) -> Activity:
    """Call an activity off before anybody has come."""
    return ending.call_off(by=g.person, activity_id=activity_id, at=clock.now(), **asked)
