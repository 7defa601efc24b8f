"""Joining and leaving activities, waiting lists and teams, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.joining import actions, queries, schemas
from bank.joining.models import Join
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("joining", "Who takes part in an activity: places, waiting lists, teams.")


@bp.get("/me/joins")
@access("member")
@bp.response(200, schemas.OwnJoinsSchema)
def mine() -> dict[str, list[Join]]:
    """What the one who asks has joined or waits for."""
    return {"joins": queries.mine(g.person.id, at=clock.now())}


@bp.get("/activities/<int:activity_id>/joins")
@access("organizer", "admin")
@bp.response(200, schemas.ParticipantsSchema)
def participants(activity_id: int) -> dict[str, list[Join]]:
    """Who has a place, then who waits."""
    return {"joins": queries.participants(by=g.person, activity_id=activity_id)}


@bp.post("/activities/<int:activity_id>/joins")
@access("member")
@writes
@bp.arguments(schemas.NewActivityJoinSchema)
@bp.response(201, schemas.ActivityJoinSchema)
def join(new: dict[str, Any], activity_id: int) -> Join:
    """Take part, or wait where no place is left; for a child of one's own with its `person_id`."""
    return actions.join(by=g.person, activity_id=activity_id, at=clock.now(), **new)


@bp.post("/activities/<int:activity_id>/joins/members")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.CardJoinSchema)
@bp.response(201, schemas.ParticipantSchema)
def join_member(new: dict[str, Any], activity_id: int) -> Join:
    """Take somebody in as the organizer, by card."""
    return actions.join_member(by=g.person, activity_id=activity_id, at=clock.now(), **new)


@bp.post("/activities/<int:activity_id>/joins/teams")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.TeamJoinSchema)
@bp.response(201, schemas.ActivityJoinsSchema)
def bring(new: dict[str, Any], activity_id: int) -> dict[str, list[Join]]:
    """Bring members of a team, all or none; those beyond the last place wait."""
    return {"joins": actions.bring(by=g.person, activity_id=activity_id, at=clock.now(), **new)}


@bp.post("/activities/<int:activity_id>/leave")
@access("member")
@writes
@bp.arguments(schemas.ActivityLeaveSchema)
@bp.response(204)
def leave(asked: dict[str, Any], activity_id: int) -> None:
    """Give a place up before the activity begins; whoever waits longest moves up."""
    actions.leave(by=g.person, activity_id=activity_id, at=clock.now(), **asked)


@bp.delete("/activities/<int:activity_id>/joins/<int:person_id>")
@access("organizer", "admin")
@writes
@bp.response(204)
def remove(activity_id: int, person_id: int) -> None:
    """Take somebody off the list as the organizer."""
    actions.remove(by=g.person, activity_id=activity_id, person_id=person_id, at=clock.now())
