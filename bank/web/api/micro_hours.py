"""Micro-hours as JSON: start, stop, the recipient's word, and the organizer's."""

from typing import Any

from flask import g
from flask_limiter.util import get_remote_address

from bank import clock
from bank.db import random_key
from bank.evaluations.rules import Device
from bank.micro_hours import actions, queries, schemas
from bank.micro_hours.models import MicroHour
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.links import public_url
from bank.web.pages.micro_hours import TRIES, new_micro_hour
from bank.web.security import limiter

bp = blueprint("micro_hours", "Small services between a start and a stop, confirmed by who was helped.")


@bp.get("/me/micro-hours")
@access("member")
@bp.response(200, schemas.MicroHoursSchema)
def mine() -> dict[str, Any]:
    """What runs, and the latest that are over."""
    running = queries.running(g.person.id)
    return {"running": _out(running) if running else None, "micro_hours": [_out(each) for each in queries.mine(g.person.id)]}


@bp.post("/me/micro-hours")
@access("member")
@writes
@bp.arguments(schemas.StartMicroHourSchema)
@bp.response(201, schemas.MicroHourSchema)
def start(new: dict[str, Any]) -> dict[str, Any]:
    """Begin a small service now."""
    return _out(actions.start(by=g.person, new=new_micro_hour(g.person, new), at=clock.now()))


@bp.post("/me/micro-hours/stop")
@access("member")
@writes
@bp.response(200, schemas.MicroHourSchema)
def stop() -> dict[str, Any]:
    """End what runs; under 5 minutes it is dropped."""
    return _out(actions.stop(by=g.person, at=clock.now()))


@bp.put("/me/micro-hours/<int:micro_hour_id>/words")
@access("member")
@writes
@bp.arguments(schemas.MicroHourWordsSchema)
@bp.response(200, schemas.MicroHourSchema)
def describe(words: dict[str, str], micro_hour_id: int) -> dict[str, Any]:
    """Say what was done, and where."""
    return _out(actions.describe(by=g.person, micro_hour_id=micro_hour_id, **words))


@bp.post("/me/micro-hours/<int:micro_hour_id>/drop")
@access("member")
@writes
@bp.response(200, schemas.MicroHourSchema)
def drop(micro_hour_id: int) -> dict[str, Any]:
    """Give it up; it counts nothing."""
    return _out(actions.drop(by=g.person, micro_hour_id=micro_hour_id, at=clock.now()))


@bp.get("/micro-hour-links/<key>")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@bp.response(200, schemas.MicroHourShownSchema)
def shown(key: str) -> queries.Shown:
    """What a recipient's link shows."""
    return queries.shown(key)


@bp.post("/micro-hour-links/<key>/confirmation")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@writes
@bp.arguments(schemas.MicroHourMarkSchema)
@bp.response(201, schemas.MicroHourShownSchema)
def confirm(sent: dict[str, int], key: str) -> queries.Shown:
    """It was so; with a mark from 1 to 5."""
    actions.confirm_by_link(key=key, mark=sent["mark"], device=Device(random_key()), by=g.person, at=clock.now())
    return queries.shown(key)


@bp.post("/micro-hour-links/<key>/denial")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@writes
@bp.response(201, schemas.MicroHourShownSchema)
def deny(key: str) -> queries.Shown:
    """It was not so."""
    actions.deny_by_link(key=key, device=Device(random_key()), by=g.person, at=clock.now())
    return queries.shown(key)


@bp.get("/micro-hours")
@access("organizer", "admin")
@bp.response(200, schemas.WaitingMicroHoursSchema)
def waiting() -> dict[str, list[queries.Waiting]]:
    """What waits for an organizer, confirmed ones first."""
    return {"waiting": queries.waiting(g.person)}


@bp.post("/micro-hours/record")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.MicroHourIdsSchema)
@bp.response(200, schemas.MicroHoursRecordedSchema)
def record(sent: dict[str, list[int]]) -> actions.Recorded:
    """Record confirmed ones, all at once, and deposit minutes and points."""
    return actions.record(by=g.person, micro_hour_ids=sent["micro_hour_ids"], at=clock.now())


@bp.post("/micro-hours/<int:micro_hour_id>/call")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.MicroHourCallSchema)
@bp.response(201, schemas.MicroHourSchema)
def vouch(sent: dict[str, str], micro_hour_id: int) -> dict[str, Any]:
    """Write down which recipient was called; somebody else records it then."""
    return _out(actions.vouch(by=g.person, micro_hour_id=micro_hour_id, called=sent["reason"], at=clock.now()))


@bp.post("/micro-hours/<int:micro_hour_id>/refusal")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.MicroHourCallSchema)
@bp.response(201, schemas.MicroHourSchema)
def refuse(sent: dict[str, str], micro_hour_id: int) -> dict[str, Any]:
    """Decide that it counts nothing, and why."""
    return _out(actions.refuse(by=g.person, micro_hour_id=micro_hour_id, reason=sent["reason"], at=clock.now()))


def _out(found: MicroHour) -> dict[str, Any]:
    is_open = found.state == "stopped" and found.confirmed_at is None and found.person_id == g.person.id
    names = schemas.MicroHourSchema().fields.keys() - {"url"}
    return {name: getattr(found, name) for name in names} | {
        "url": public_url("micro_hours.recipient", key=found.key) if is_open else None
    }
