"""After an activity, for organizers and auditors: supplements (补录), check-outs that were forgotten, and what is late."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from marshmallow import fields

from bank import clock
from bank.activities.queries import activity, require_organizer
from bank.closing import actions, queries
from bank.closing.lateness import late
from bank.closing.models import Supplement
from bank.closing.rules import NewSupplement
from bank.closing.schemas import NewSupplementSchema, SupplementDecisionsSchema
from bank.publicity import queries as publicity
from bank.web import exports, paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("closing", __name__)
STAFF = ("organizer", "admin")
READERS = (*STAFF, "auditor")
STATE_NAMES = {"asked": _("待复核"), "agreed": _("已同意"), "refused": _("已退回")}
SUPPLEMENT_COLUMNS = (
    (_("活动"), lambda each: each.activity.name),
    (_("储户"), lambda each: each.person.name),
    (_("从"), lambda each: each.starts_at),
    (_("到"), lambda each: each.ends_at),
    (_("原因"), lambda each: each.reason),
    (_("提出人"), lambda each: each.asked_by.name),
    (_("复核人"), lambda each: each.decided_by.name if each.decided_by else None),
    (_("状态"), lambda each: STATE_NAMES[each.state]),
    (_("一天多条"), lambda each: each.is_bulk),
)
LATE_COLUMNS = (
    (_("活动"), lambda each: each.activity.name),
    (_("组织单位"), lambda each: each.activity.unit.name),
    (_("负责人"), lambda each: each.activity.leader.name),
    (_("结束"), lambda each: each.activity.ends_at),
    (_("最晚确认"), lambda each: each.due.confirm_on),
    (_("确认超期（工作日）"), lambda each: each.due.confirm_late),
    (_("最晚入账"), lambda each: each.due.post_on),
    (_("入账超期（工作日）"), lambda each: each.due.post_late),
    (_("入账日期"), lambda each: each.posted_on),
)


class SupplementFormSchema(NewSupplementSchema):
    """The form: cards that were ticked, and more that were typed, apart by blanks, commas or lines."""

    card_numbers = fields.List(fields.String(), load_default=list)
    more_cards = fields.String(load_default="")


@bp.get("/supplements")
@access(*READERS)
def supplements() -> ResponseReturnValue:
    """What waits for a second person, what was decided, and check-outs that were forgotten."""
    shown = request.args.get("show", "asked")
    wanted = queries.supplements(by=g.person, state=shown if shown in STATE_NAMES else None, is_bulk=shown == "bulk")
    if exports.is_asked():
        rows = exports.every(wanted, order=(Supplement.id,), is_descending=True)
        return exports.answer("supplements", SUPPLEMENT_COLUMNS, rows)
    page = paging.page(wanted, order=(Supplement.id,), is_descending=True, **paging.asked())
    forgotten = queries.forgotten(by=g.person, until=clock.now())
    return render_template("closing/supplements.html", page=page, shown=shown, states=STATE_NAMES, forgotten=forgotten)


@bp.post("/supplements/decisions")
@access(*STAFF)
@redisplay(supplements)
@writes
def decide() -> ResponseReturnValue:
    """Agree to what is ticked, or send it back."""
    typed = load(SupplementDecisionsSchema)
    done = actions.decide_supplements(by=g.person, at=clock.now(), **typed)
    flash(ngettext("已处理 %(num)s 条", "已处理 %(num)s 条", len(done)), "done")
    return redirect(url_for(".supplements"), 303)


@bp.get("/activities/<int:activity_id>/supplements")
@access(*STAFF)
def ask(activity_id: int) -> str:
    """Asks for whom, how long and why; who forgot to check out stands there to be ticked."""
    found = activity(activity_id)
    require_organizer(g.person, found.unit_id)
    return render_template(
        "closing/ask.html", activity=found, asked=queries.supplements_of(found.id), states=STATE_NAMES,
        candidates=queries.candidates(found), at=clock.now(),
    )  # fmt: skip


@bp.post("/activities/<int:activity_id>/supplements")
@access(*STAFF)
@redisplay(ask)
@writes
def ask_supplements(activity_id: int) -> ResponseReturnValue:
    """Ask; it counts when a second person agrees."""
    typed = load(SupplementFormSchema)
    more = typed.pop("more_cards").replace(",", " ").replace("，", " ").replace("、", " ").split()
    ids = queries.ids_of_cards([*typed.pop("card_numbers"), *more])
    new = NewSupplement(activity_id=activity_id, person_ids=ids, **typed)
    done = actions.ask_supplements(by=g.person, new=new, at=clock.now())
    flash(gettext("已提出 %(count)s 条补录，等另一位组织者或管理员复核。", count=len(done)), "done")
    return redirect(url_for(".ask", activity_id=activity_id), 303)


@bp.get("/lateness")
@access(*READERS)
def lateness() -> ResponseReturnValue:
    """What is or was confirmed or posted late in the last 92 days, in working days (Order 67, art. 11)."""
    rows = late(by=g.person, at=clock.now())
    if exports.is_asked():
        return exports.answer("lateness", LATE_COLUMNS, rows)
    return render_template("closing/lateness.html", rows=rows, is_calendar_known=all(each.is_calendar_known for each in rows))


@bp.get("/publicity")
@access("member")
def on_show() -> str:
    """Hours of my community that are public before they are posted: masked names of who agreed, numbers of who did not."""
    near = None if request.args.get("all") == "1" else g.person.unit
    return render_template("closing/on_show.html", shown=publicity.on_show(near=near, on=clock.today()), near=near)
