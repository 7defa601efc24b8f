"""Activities: what is on, and for organizers publishing, the screen at the door, who came, and confirming their hours."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.activities import actions, queries, rules
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.activities.schemas import CardSchema, NewActivitySchema, ReasonSchema
from bank.clock import local_day
from bank.hours.queries import rule_set
from bank.hours.rules import CATEGORIES
from bank.web import paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.links import is_only_here, public_url
from bank.web.qr import qr
from bank.web.texts import CATEGORY_NAMES, CUT_NAMES

bp = Blueprint("activities", __name__, url_prefix="/activities")
ORDER = (Activity.starts_at, Activity.id)
STAFF = ("organizer", "admin")


@bp.context_processor
def _names() -> dict[str, Any]:
    return {"categories": CATEGORY_NAMES, "cuts": CUT_NAMES}


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
    stays = queries.attendances_of(person_id=g.person.id, activity_id=found.id)
    in_force = rule_set(local_day(found.starts_at))
    return render_template(
        "activities/activity.html", activity=found, stays=stays, at=clock.now(),
        may_organize=queries.may_organize(g.person, found),
        opens_at=rules.opens_at(found.starts_at, in_force), closes_at=rules.closes_at(found.ends_at, in_force),
    )  # fmt: skip


@bp.get("/manage")
@access(*STAFF)
def manage() -> str:
    """The organizer's desk: what waits for confirmation, what is coming, what is over."""
    at = clock.now()
    mine = queries.organized(by=g.person)
    coming = paging.page(mine.where(Activity.ends_at > at), order=ORDER, limit=30)
    over = paging.page(mine.where(Activity.ends_at <= at), order=ORDER, is_descending=True, **paging.asked())
    waiting = queries.to_confirm(by=g.person, at=at)
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
    return redirect(url_for(".people", activity_id=published.id), 303)


@bp.get("/<int:activity_id>/people")
@access(*STAFF)
def people(activity_id: int) -> str:
    """Who came, who is in, and what their hours are or would be."""
    found, at = queries.activity(activity_id), clock.now()
    presences = queries.presences(by=g.person, activity_id=activity_id)
    shown = request.args.get("show", "all")
    return render_template(
        "activities/people.html", activity=found, presences=presences, shown=shown, at=at,
        counts=queries.counts(presences), refusal=queries.confirm_refusal(found, by=g.person, presences=presences, at=at),
        closes_at=rules.closes_at(found.ends_at, rule_set(local_day(found.starts_at))),
    )  # fmt: skip


@bp.post("/<int:activity_id>/cards")
@access(*STAFF)
@redisplay(people)
@writes
def card(activity_id: int) -> ResponseReturnValue:
    """Check a member in or out by card."""
    typed = load(CardSchema)
    deed = actions.check_out_member if typed["is_leaving"] else actions.check_in_member
    attendance = deed(by=g.person, activity_id=activity_id, card_number=typed["card_number"], at=clock.now())
    said = _("%(name)s 已签退") if typed["is_leaving"] else _("%(name)s 已签到")
    flash(str(said) % {"name": attendance.person.name}, "done")
    return redirect(url_for(".people", activity_id=activity_id), 303)


@bp.post("/<int:activity_id>/confirm")
@access(*STAFF)
@redisplay(people)
@writes
def confirm(activity_id: int) -> ResponseReturnValue:
    """Confirm the hours of all who checked in and out."""
    done = actions.confirm(by=g.person, activity_id=activity_id, at=clock.now())
    flash(ngettext("已确认 %(num)s 人的时长并入账", "已确认 %(num)s 人的时长并入账", done.record_count), "done")
    if done.left_out_ids:
        flash(gettext("您自己的时长要由另一位组织者或管理员确认。"), "waiting")
    return redirect(url_for(".people", activity_id=activity_id), 303)


@bp.post("/<int:activity_id>/cancel")
@access(*STAFF)
@redisplay(people)
@writes
def cancel(activity_id: int) -> ResponseReturnValue:
    """Call an activity off."""
    actions.cancel(by=g.person, activity_id=activity_id, at=clock.now(), **load(ReasonSchema))
    return redirect(url_for(".people", activity_id=activity_id), 303)


@bp.get("/<int:activity_id>/screen")
@access(*STAFF)
def screen(activity_id: int) -> str:
    """The changing code for a screen at the door."""
    return render_template("activities/screen.html", **_shown(activity_id), is_only_here=is_only_here())


@bp.get("/<int:activity_id>/screen/code")
@access(*STAFF)
def screen_code(activity_id: int) -> str:
    """The part of the screen that changes, fetched anew by the page itself."""
    return render_template("activities/_code.html", **_shown(activity_id))


def _shown(activity_id: int) -> dict[str, Any]:
    codes = queries.codes_for(by=g.person, activity_id=activity_id, at=clock.now())
    found = queries.activity(activity_id)
    link = public_url("check_in.scan", code=codes.code)
    return {"activity": found, "codes": codes, "picture": qr(link), "count": queries.head_count(activity_id)}
