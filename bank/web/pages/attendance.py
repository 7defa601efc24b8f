"""For organizers: who came to an activity, and confirming their hours."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.activities.queries import activity
from bank.attendance import confirm as ending
from bank.attendance import queries, rules, scans
from bank.clock import local_day
from bank.hours.queries import rule_set
from bank.statements.words import CUT_NAMES
from bank.web import exports
from bank.web.auth import access
from bank.web.filters import clock_time, day
from bank.web.forms import redisplay
from bank.web.idempotency import writes

bp = Blueprint("attendance", __name__, url_prefix="/activities")
STAFF = ("organizer", "admin")


STATE_NAMES = {"confirmed": _("已确认"), "shown": _("公示中"), "in": _("没有签退"), "out": _("待确认")}


def _stays(presence: queries.Presence) -> str:
    spans = ((each.checked_in_at, each.checked_out_at) for each in presence.attendances)
    return "; ".join(f"{clock_time(came)}–{clock_time(left) if left else ''}" for came, left in spans)


COLUMNS: exports.Columns = (
    (_("姓名"), lambda each: each.person.name),
    (_("卡号"), lambda each: each.person.card_number),
    (_("签到 – 签退"), _stays),
    (_("在场（分钟）"), lambda each: each.hours.present_minutes if each.hours else None),
    (_("计入时长（分钟）"), lambda each: each.hours.minutes if each.hours else None),
    (_("积分"), lambda each: exports.points(each.hours.points) if each.hours else None),
    (_("状态"), lambda each: STATE_NAMES[each.state]),
)


@bp.get("/<int:activity_id>/people")
@access(*STAFF)
def people(activity_id: int) -> ResponseReturnValue:
    """Who came, who is in, and what their hours are or would be."""
    found, at = activity(activity_id), clock.now()
    presences = queries.presences(by=g.person, activity_id=activity_id)
    shown = request.args.get("show", "all")
    if exports.is_asked():
        return exports.answer("attendance", COLUMNS, (each for each in presences if shown in ("all", each.state)))
    return render_template(
        "attendance/people.html", activity=found, presences=presences, shown=shown, at=at, cuts=CUT_NAMES,
        counts=queries.counts(presences), refusal=queries.confirm_refusal(found, by=g.person, presences=presences, at=at),
        look_count=len(scans.to_look_at(by=g.person, activity_id=activity_id)),
        closes_at=rules.closes_at(found.ends_at, rule_set(local_day(found.starts_at))),
    )  # fmt: skip


@bp.post("/<int:activity_id>/confirm")
@access(*STAFF)
@redisplay(people)
@writes
def confirm(activity_id: int) -> ResponseReturnValue:
    """Confirm the hours of all who checked in and out."""
    done = ending.confirm(by=g.person, activity_id=activity_id, at=clock.now())
    if done.shown_until:
        flash(gettext("已确认 %(count)s 人的时长，公示到 %(day)s", count=done.record_count, day=day(done.shown_until)), "done")
    else:
        flash(ngettext("已确认 %(num)s 人的时长并入账", "已确认 %(num)s 人的时长并入账", done.record_count), "done")
    if done.left_out_ids:
        flash(gettext("您自己和家人的时长要由另一位组织者或管理员确认。"), "waiting")
    return redirect(url_for(".people", activity_id=activity_id), 303)
