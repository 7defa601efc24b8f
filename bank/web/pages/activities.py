"""Activities: what is on, and for organizers the desk, and calling off."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock
from bank.activities import queries
from bank.activities.models import Activity
from bank.activities.schemas import ReasonSchema
from bank.attendance import confirm as ending
from bank.attendance import queries as attendance
from bank.attendance.rules import closes_at, opens_at
from bank.clock import local_day
from bank.hours.queries import rule_set
from bank.joining import queries as joining
from bank.web import exports, paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.pages.attendance import people
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("activities", __name__, url_prefix="/activities")
ORDER = (Activity.starts_at, Activity.id)
STAFF = ("organizer", "admin")
STATE_NAMES = {"published": _("已发布"), "confirmed": _("已确认"), "cancelled": _("已取消")}
COLUMNS: exports.Columns = (
    (_("活动"), lambda each: each.name),
    (_("开始"), lambda each: each.starts_at),
    (_("结束"), lambda each: each.ends_at),
    (_("地点"), lambda each: each.place),
    (_("组织单位"), lambda each: each.unit.name),
    (_("状态"), lambda each: STATE_NAMES.get(each.state, each.state)),
)


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
    return render_template(
        "activities/activities.html", page=page, is_anywhere=is_anywhere, places=joining.places(page.items),
        mine=joining.mine(g.person.id, at=clock.now()), calendar_id=None if is_anywhere else g.person.unit_id,
    )  # fmt: skip


@bp.get("/<int:activity_id>")
@access("member")
def activity(activity_id: int) -> str:
    """One activity, and my own part in it."""
    found, at = queries.activity(activity_id), clock.now()
    stays = attendance.attendances_of(person_id=g.person.id, activity_id=found.id)
    in_force = rule_set(local_day(found.starts_at))
    return render_template(
        "activities/activity.html", activity=found, stays=stays, at=at, categories=CATEGORY_NAMES, **_taking_part(found),
        may_organize=queries.may_organize(g.person, found),
        opens_at=opens_at(found.starts_at, in_force), closes_at=closes_at(found.ends_at, in_force),
    )  # fmt: skip


@bp.get("/manage")
@access(*STAFF)
def manage() -> ResponseReturnValue:
    """The organizer's desk: what waits for confirmation, what is coming, what is over."""
    at = clock.now()
    mine = queries.organized(by=g.person)
    if exports.is_asked():
        return exports.answer("activities", COLUMNS, exports.every(mine, order=ORDER, is_descending=True))
    coming = paging.page(mine.where(Activity.ends_at > at), order=ORDER, limit=30)
    over = paging.page(mine.where(Activity.ends_at <= at), order=ORDER, is_descending=True, **paging.asked())
    waiting = attendance.to_confirm(by=g.person, at=at)
    return render_template(
        "activities/manage.html", waiting=waiting, coming=coming, over=over, at=at, drafts=queries.drafts(by=g.person),
        places=joining.places(coming.items),
    )  # fmt: skip


@bp.post("/<int:activity_id>/cancel")
@access(*STAFF)
@redisplay(people)
@writes
def cancel(activity_id: int) -> ResponseReturnValue:
    """Call an activity off, or it and all that follow in its series; who has joined is told."""
    typed = load(ReasonSchema)
    call_off = ending.call_off_following if typed.pop("is_following") else ending.call_off
    call_off(by=g.person, activity_id=activity_id, at=clock.now(), **typed)
    return redirect(url_for("attendance.people", activity_id=activity_id), 303)


def _taking_part(activity: Activity) -> dict[str, Any]:
    """One's own place and those of one's children, and what stands in the way of joining."""
    children = joining.children(g.person, on=local_day(activity.starts_at))
    joins = [(each, joining.join_of(each.id, activity.id)) for each in (g.person, *children)]
    return {
        "joins": joins,
        "lines": {join.id: joining.number_in_line(join) for _, join in joins if join and join.state == "waiting"},
        "places": joining.places([activity])[activity.id],
        "asks_workplace": joining.asks_workplace(g.person, activity),
    }
