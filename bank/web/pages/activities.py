"""Activities: what is on, and for organizers publishing and calling off."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.activities import actions, queries
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.activities.schemas import NewActivitySchema, ReasonSchema
from bank.attendance import confirm as ending
from bank.attendance import queries as attendance
from bank.attendance.rules import closes_at, opens_at
from bank.clock import local_day
from bank.hours.queries import rule_set
from bank.hours.rules import CATEGORIES
from bank.web import paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.pages.attendance import people
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("activities", __name__, url_prefix="/activities")
ORDER = (Activity.starts_at, Activity.id)
STAFF = ("organizer", "admin")


@bp.context_processor
def _names() -> dict[str, Any]:
    return {"categories": CATEGORY_NAMES}


@bp.get("/")
@access("member")
def activities() -> str:
    """What is coming where I live, or anywhere."""
    is_anywhere = request.args.get("all") == "1"
    wanted = queries.upcoming(at=clock.now(), near=None if is_anywhere else g.person.unit)
    page = paging.page(wanted, order=ORDER, **paging.asked())
    return render_template("activities/activities.html", page=page, is_anywhere=is_anywhere)


@bp.get("/<int:activity_id>")
@access("member")
def activity(activity_id: int) -> str:
    """One activity, and my own part in it."""
    found = queries.activity(activity_id)
    stays = attendance.attendances_of(person_id=g.person.id, activity_id=found.id)
    in_force = rule_set(local_day(found.starts_at))
    return render_template(
        "activities/activity.html", activity=found, stays=stays, at=clock.now(),
        may_organize=queries.may_organize(g.person, found),
        opens_at=opens_at(found.starts_at, in_force), closes_at=closes_at(found.ends_at, in_force),
    )  # fmt: skip


@bp.get("/manage")
@access(*STAFF)
def manage() -> str:
    """The organizer's desk: what waits for confirmation, what is coming, what is over."""
    at = clock.now()
    mine = queries.organized(by=g.person)
    coming = paging.page(mine.where(Activity.ends_at > at), order=ORDER, limit=30)
    over = paging.page(mine.where(Activity.ends_at <= at), order=ORDER, is_descending=True, **paging.asked())
    waiting = attendance.to_confirm(by=g.person, at=at)
    return render_template("activities/manage.html", waiting=waiting, coming=coming, over=over, at=at)


@bp.get("/new")
@access(*STAFF)
def new() -> str:
    """Asks for what a record will have to say (Order 67)."""
    return render_template("activities/new.html", units=queries.organizing_units(g.person), kinds=CATEGORIES)


@bp.post("/")
@access(*STAFF)
@redisplay(new)
@writes
def publish() -> ResponseReturnValue:
    """Publish an activity."""
    typed = load(NewActivitySchema)
    leader_id = queries.leader_id(by=g.person, card_number=typed.pop("leader_card_number"))
    published = actions.publish(by=g.person, new=NewActivity(**typed, leader_id=leader_id), at=clock.now())
    return redirect(url_for("attendance.people", activity_id=published.id), 303)


@bp.post("/<int:activity_id>/cancel")
@access(*STAFF)
@redisplay(people)
@writes
def cancel(activity_id: int) -> ResponseReturnValue:
    """Call an activity off."""
    ending.call_off(by=g.person, activity_id=activity_id, at=clock.now(), **load(ReasonSchema))
    return redirect(url_for("attendance.people", activity_id=activity_id), 303)
