"""Activities, published and called off, as JSON."""

from typing import Any

from flask import g
from marshmallow import fields, validate

from bank import clock
from bank.activities import actions, queries, schemas
from bank.activities.models import Activity, ActivityDraft
from bank.activities.rules import NewActivity
from bank.attendance import confirm as ending
from bank.fields import Day, QuerySchema, StrictInt
from bank.joining import changes
from bank.units.queries import unit
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.paging import Page, PageIn

bp = blueprint("activities", "Activities, published and called off.")
ORDER = (Activity.starts_at, Activity.id)
PARTIAL = tuple(name for name in schemas.DraftContentSchema().fields if name != "unit_id")


class ActivitiesQuery(PageIn):
    """Which activities: of one unit and those above and below it, coming or over."""

    unit_id = StrictInt(load_default=None, low=1)
    when = fields.String(load_default="upcoming", validate=validate.OneOf(("upcoming", "past")))


class CalendarQuery(QuerySchema):
    """Which days, from one on; near one unit or everywhere."""

    since = Day(required=True)
    days = StrictInt(load_default=7, low=1, high=62)
    unit_id = StrictInt(load_default=None, low=1)


@bp.post("/activities")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.NewActivitySchema)
@bp.response(201, schemas.ActivitySchema)
def publish(new: dict[str, Any]) -> Activity:
    """Publish an activity before it starts."""
    leader_id = queries.leader_id(by=g.person, card_number=new.pop("leader_card_number"))
    return actions.publish(by=g.person, new=NewActivity(**new, leader_id=leader_id), at=clock.now())


@bp.post("/activities/series")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.NewSeriesSchema)
@bp.response(201, schemas.SomeActivitiesSchema)
def publish_series(new: dict[str, Any]) -> dict[str, list[Activity]]:
    """Publish the same activity every so many weeks until a day."""
    leader_id = queries.leader_id(by=g.person, card_number=new.pop("leader_card_number"))
    repeat = {name: new.pop(name) for name in ("until_on", "every_weeks")}
    plan = NewActivity(**new, leader_id=leader_id)
    return {"activities": actions.publish_series(by=g.person, new=plan, at=clock.now(), **repeat)}


@bp.put("/activities/<int:activity_id>")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.ChangedActivitySchema)
@bp.response(200, schemas.SomeActivitiesSchema)
def change(new: dict[str, Any], activity_id: int) -> dict[str, list[Activity]]:
    """Change a plan before it begins, or it and all that follow in its series; answers those that are different now."""
    is_following, number = new.pop("is_following"), new.pop("leader_card_number")
    found = queries.activity(activity_id)
    leader_id = queries.leader_id(by=g.person, card_number=number) if number else found.leader_id
    plan = NewActivity(**new, leader_id=leader_id)
    done = changes.change(by=g.person, activity_id=found.id, new=plan, is_following=is_following, at=clock.now())
    return {"activities": done}


@bp.get("/activities/calendar")
@access("member")
@bp.arguments(CalendarQuery, location="query")
@bp.response(200, schemas.SomeActivitiesSchema)
def calendar(asked: dict[str, Any]) -> dict[str, list[Activity]]:
    """What begins in a span of at most 62 days, called off ones too; also to subscribe to, as /activities/calendar.ics."""
    near = unit(asked["unit_id"]) if asked["unit_id"] is not None else None
    return {"activities": queries.between(**queries.span(asked["since"], asked["days"]), near=near)}


@bp.get("/activity-drafts")
@access("organizer", "admin")
@bp.response(200, schemas.DraftsSchema)
def drafts() -> dict[str, list[ActivityDraft]]:
    """Plans of one's units that are not published yet."""
    return {"drafts": queries.drafts(by=g.person)}


@bp.post("/activity-drafts")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.DraftContentSchema(partial=PARTIAL))
@bp.response(201, schemas.DraftSchema)
def save_draft(content: dict[str, Any]) -> ActivityDraft:
    """Keep a plan for later; only its unit must be known."""
    return _save(content, None)


@bp.put("/activity-drafts/<int:draft_id>")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.DraftContentSchema(partial=PARTIAL))
@bp.response(200, schemas.DraftSchema)
def change_draft(content: dict[str, Any], draft_id: int) -> ActivityDraft:
    """Keep a plan in place of an earlier draft."""
    return _save(content, draft_id)


@bp.delete("/activity-drafts/<int:draft_id>")
@access("organizer", "admin")
@writes
@bp.response(204)
def drop_draft(draft_id: int) -> None:
    """Throw a draft away."""
    actions.drop_draft(by=g.person, draft_id=draft_id)


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
def cancel(asked: dict[str, Any], activity_id: int) -> Activity:
    """Call an activity off before anybody has come, or it and all that follow in its series."""
    call_off = ending.call_off_following if asked.pop("is_following") else ending.call_off
    call_off(by=g.person, activity_id=activity_id, at=clock.now(), **asked)
    return queries.activity(activity_id)


def _save(content: dict[str, Any], draft_id: int | None) -> ActivityDraft:
    kept = schemas.DraftContentSchema().dump(content)
    return actions.save_draft(by=g.person, unit_id=content["unit_id"], content=kept, draft_id=draft_id, at=clock.now())
