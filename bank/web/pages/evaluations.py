"""Evaluation for those who lead, organize and audit, and for members what they were given."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.evaluations import actions, fairness, invitations, queries, rules, schemas, staff
from bank.evaluations.fairness import Wanted
from bank.evaluations.models import Evaluation, RatingInvitation
from bank.evaluations.rules import BulkMarks, Call, NewMark
from bank.hours.models import Service, ServiceRecord
from bank.web import exports, fairness_tables, paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.links import is_only_here, public_url
from bank.web.qr import qr
from bank.web.texts import MARK_NAMES, MARK_ROLE_NAMES, MARK_WAY_NAMES, WITHDRAWAL_REASON_NAMES

bp = Blueprint("evaluations", __name__, url_prefix="/evaluations")
STAFF = staff.STAFF
ROW_COLUMNS: exports.Columns = (
    (_("志愿者"), lambda each: each.record.person.name),
    (_("服务"), lambda each: each.record.service.name),
    (_("服务日期"), lambda each: each.record.service.served_on),
    (_("谁评"), lambda each: MARK_ROLE_NAMES[each.role]),
    (_("评分"), lambda each: each.mark),
    (_("怎么评的"), lambda each: MARK_WAY_NAMES[each.way]),
    (_("评分人"), lambda each: each.given_by.name if each.given_by else ""),
    (_("时间"), lambda each: each.given_at),
)
NEWEST_FIRST = (Service.served_on, Service.id)
SERVICE_COLUMNS: exports.Columns = (
    (_("服务"), lambda each: each.name),
    (_("服务日期"), lambda each: each.served_on),
    (_("地点"), lambda each: each.place),
    (_("组织单位"), lambda each: each.unit.name),
    (_("负责人"), lambda each: each.leader.name),
)


@bp.context_processor
def _names() -> dict[str, Any]:
    return {
        "marks": rules.MARKS, "mark_names": MARK_NAMES, "role_names": MARK_ROLE_NAMES, "way_names": MARK_WAY_NAMES,
        "reason_names": WITHDRAWAL_REASON_NAMES,
    }  # fmt: skip


@bp.get("/")
@access("member")
def desk() -> ResponseReturnValue:
    """What waits: services to rate, comments to read, withdrawals to agree to."""
    wanted = staff.services(g.person, today=clock.today(), is_waiting="all" not in request.args)
    if exports.is_asked():
        return exports.answer("services", SERVICE_COLUMNS, exports.every(wanted, order=NEWEST_FIRST, is_descending=True))
    page = paging.page(wanted, order=NEWEST_FIRST, is_descending=True, **paging.asked())
    pending, asked = staff.comments(g.person, state="pending"), staff.open_withdrawals(g.person)
    return render_template("evaluations/desk.html", page=page, pending=pending, asked=asked)


@bp.get("/services/<int:service_id>")
@access("member")
def service(service_id: int) -> str:
    """Everybody in a service: default marks, exceptions, send."""
    lines = staff.lines(g.person, service_id, at=clock.now())
    return render_template("evaluations/service.html", service=staff.service_led(g.person, service_id), lines=lines)


@bp.post("/services/<int:service_id>")
@access("member")
@redisplay(service)
@writes
def rate_service(service_id: int) -> ResponseReturnValue:
    """Give the leader's marks for everybody."""
    sent = load(schemas.BulkMarksSchema)
    exceptions = tuple(NewMark(**each) for each in sent["exceptions"])
    marks = BulkMarks(leader=sent["leader"], completion=sent["completion"], exceptions=exceptions)
    given = actions.rate_service(by=g.person, service_id=service_id, marks=marks, at=clock.now())
    flash(ngettext("已记下 %(num)s 个评分", "已记下 %(num)s 个评分", given.mark_count), "done")
    return redirect(url_for(".service", service_id=service_id), 303)


@bp.get("/services/<int:service_id>/codes")
@access("member")
def codes(service_id: int) -> str:
    """Slips with a code for each recipient, to be printed and cut."""
    lines = staff.lines(g.person, service_id, at=clock.now())
    slips = [(each, qr(_link(each.invitation))) for each in lines if each.invitation is not None]
    found = staff.service_led(g.person, service_id)
    return render_template("evaluations/codes.html", service=found, slips=slips, is_only_here=is_only_here())


@bp.post("/services/<int:service_id>/codes")
@access("member")
@redisplay(service)
@writes
def invite_all(service_id: int) -> ResponseReturnValue:
    """Make the codes that are missing."""
    actions.invite_all(by=g.person, service_id=service_id, at=clock.now())
    return redirect(url_for(".codes", service_id=service_id), 303)


@bp.get("/records/<int:record_id>")
@access("member")
def record(record_id: int) -> str:
    """One record: every mark with who gave it and how, the recipient's link, the phone call, and taking a mark back."""
    found, at = staff.record_led(g.person, record_id), clock.now()
    [line] = [each for each in staff.lines(g.person, found.service_id, at=at) if each.record.id == record_id]
    rows = staff.history(g.person, line)
    return render_template(
        "evaluations/record.html", record=found, line=line, rows=rows, texts=staff.texts([each.row.id for each in rows]),
        link=_link(line.invitation) if line.invitation else None, is_staff=staff.is_staff(g.person, found.service.unit_id),
    )  # fmt: skip


@bp.post("/records/<int:record_id>/code")
@access("member")
@redisplay(record)
@writes
def invite(record_id: int) -> ResponseReturnValue:
    """A new link for one recipient."""
    actions.invite(by=g.person, record_id=record_id, at=clock.now())
    return redirect(url_for(".record", record_id=record_id), 303)


@bp.post("/records/<int:record_id>/call")
@access(*STAFF)
@redisplay(record)
@writes
def record_call(record_id: int) -> ResponseReturnValue:
    """What the recipient said on the phone."""
    actions.record_call(by=g.person, record_id=record_id, call=Call(**load(schemas.RecipientCallSchema)), at=clock.now())
    return redirect(url_for(".record", record_id=record_id), 303)


@bp.post("/records/<int:record_id>/marks/<int:evaluation_id>/withdrawal")
@access("member")
@redisplay(record)
@writes
def ask_withdrawal(record_id: int, evaluation_id: int) -> ResponseReturnValue:
    """Ask for a mark to be taken back."""
    reason = load(schemas.NewMarkWithdrawalSchema)["reason"]
    actions.ask_withdrawal(by=g.person, evaluation_id=evaluation_id, reason=reason, at=clock.now())
    flash(gettext("已申请撤回，等另一位工作人员同意。"), "waiting")
    return redirect(url_for(".record", record_id=record_id), 303)


@bp.post("/withdrawals/<int:withdrawal_id>")
@access(*STAFF)
@writes
def decide_withdrawal(withdrawal_id: int) -> ResponseReturnValue:
    """The second person says yes or no."""
    is_agreed = load(schemas.WithdrawalAgreementSchema)["is_agreed"]
    actions.decide_withdrawal(by=g.person, withdrawal_id=withdrawal_id, is_agreed=is_agreed, at=clock.now())
    return redirect(url_for(".desk"), 303)


@bp.get("/comments")
@access(*STAFF)
def comments() -> str:
    """Comments to read before they are shown, and those that were decided."""
    state = schemas.MarkCommentQuerySchema(unknown="exclude").load(request.args)["state"]
    return render_template("evaluations/comments.html", comments=staff.comments(g.person, state=state), state=state)


@bp.post("/comments/<int:evaluation_id>")
@access(*STAFF)
@redisplay(comments)
@writes
def moderate(evaluation_id: int) -> ResponseReturnValue:
    """Let a comment be seen, or refuse it."""
    is_shown = load(schemas.MarkModerationSchema)["is_shown"]
    actions.moderate(by=g.person, evaluation_id=evaluation_id, is_shown=is_shown, at=clock.now())
    return redirect(url_for(".comments"), 303)


@bp.get("/mine")
@access("member")
def received() -> str:
    """The marks I was given, and the means they come to."""
    at = clock.now()
    page = paging.page(queries.rated_records(g.person.id), order=(ServiceRecord.id,), is_descending=True, **paging.asked())
    seen = queries.received(page.items, at=at)
    return render_template("evaluations/received.html", page=page, received=seen, means=queries.means(g.person.id, at=at))


@bp.get("/fairness")
@access("auditor")
def fairness_lists() -> ResponseReturnValue:
    """What an auditor may want to look into."""
    year = schemas.MarkYearQuerySchema(unknown="exclude").load(request.args)["year"] or clock.today().year
    if exports.is_asked():
        return fairness_tables.answer(g.person, year)
    return render_template(
        "evaluations/fairness.html", year=year, this_year=clock.today().year, outliers=fairness.outliers(g.person, year=year),
        pairs=fairness.mutual_pairs(g.person, year=year), phones=fairness.phones(g.person, year=year),
    )  # fmt: skip


@bp.get("/fairness/marks")
@access("auditor")
def rows() -> ResponseReturnValue:
    """The marks that a line of the lists rests on."""
    asked = schemas.MarkRowsQuerySchema(unknown="exclude").load(request.args)
    wanted = Wanted(**asked | {"year": asked["year"] or clock.today().year})
    if exports.is_asked():
        found = exports.every(fairness.rows(g.person, wanted), order=(Evaluation.id,), is_descending=True)
        return exports.answer("marks", ROW_COLUMNS, found)
    page = paging.page(fairness.rows(g.person, wanted), order=(Evaluation.id,), is_descending=True, **paging.asked())
    return render_template("evaluations/rows.html", page=page, wanted=wanted)


def _link(invitation: RatingInvitation) -> str:
    return public_url("recipient.start", code=invitations.code_of(invitation))
