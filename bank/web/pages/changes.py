"""The record of what administrators changed, and the table of who may do what, for those who look after the bank."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank.people import changes, queries
from bank.people.models import Change
from bank.web import exports, paging, permissions
from bank.web.auth import access
from bank.web.change_words import FIELD_NAMES, WHAT_NAMES, word
from bank.web.filters import moment
from bank.web.pages.people import ROLE_NAMES, ROLE_TASKS

bp = Blueprint("changes", __name__)

# Which parts of the program stand together in the table of who may do what.
PARTS = {
    _("首页和登录"): ("home", "sign_in", "activation", "files", "install", "health", "waiting", "api-docs", "", "bootstrap"),
    _("自己的资料和同意"): (
        "consents", "notices", "privacy", "hours", "objecting", "hour_rules", "statements", "group_statements", "certificates",
        "second_step", "tokens", "feedback",
    ),
    _("榜单和大屏"): ("boards", "display"),
    _("储户和岗位"): ("people", "belonging", "access", "cards", "enrolment", "changes"),
    _("组织架构"): ("units",),
    _("设备"): ("devices",),
    _("活动和签到"): (
        "activities", "plans", "joining", "calendar", "attendance", "door", "scanner", "check_in", "closing",
    ),
    _("评价和星级"): ("evaluations", "recipient", "ratings", "honours", "communities"),
    _("兑换"): (
        "counter", "agreement", "pick_up", "redemptions", "counter_day", "appointments", "rewards", "shelf", "catalogue_tables",
    ),
    _("账本"): ("ledger", "jobs",),
    _("微小时"): ("micro_hours",),
    _("心愿和派单"): ("orders", "open_orders", "order_board", "order_projects", "order_lists"),
    _("用法说明和外观"): ("guides", "appearance"),
}  # fmt: skip


def _told(change: Change) -> list[tuple[object, object, object]]:
    """Each field of a change with its value before and after; personal values while they are there, no blanks."""
    before, after = dict(change.before), dict(change.after)
    if change.detail is not None:
        before |= change.detail.before
        after |= change.detail.after
    values = ((name, word(name, before.get(name)), word(name, after.get(name))) for name in {**before, **after})
    return [(FIELD_NAMES.get(name, name), *both) for name, *both in values if set(both) - {None, ""}]


def _in_words(change: Change) -> str:
    return "; ".join(f"{name}: {before} → {after}" for name, before, after in _told(change))


COLUMNS: exports.Columns = (
    (_("时间"), lambda each: moment(each.changed_at)),
    (_("谁"), lambda each: each.changed_by.name if each.changed_by else ""),
    (_("做了什么"), lambda each: WHAT_NAMES.get(each.what, each.what)),
    (_("对象"), lambda each: f"{each.subject_kind} {each.subject_key}"),
    (_("改动"), _in_words),
)


@bp.get("/changes")
@access("admin", "auditor")
def record() -> ResponseReturnValue:
    """What administrators changed in the units in sight, the latest first; of one person when asked."""
    person_id = request.args.get("person_id", type=int)
    person = queries.person(by=g.person, person_id=person_id) if person_id is not None else None
    wanted, order = changes.seen_by(g.person, person_id=person_id), (Change.changed_at, Change.id)
    if exports.is_asked():
        return exports.answer("changes", COLUMNS, exports.every(wanted, order=order, is_descending=True))
    page = paging.page(wanted, order=order, is_descending=True, **paging.asked())
    return render_template("people/changes.html", page=page, person=person, names=WHAT_NAMES, told=_told)


@bp.get("/permissions")
@access("admin", "auditor")
def table() -> str:
    """Who may do what: every page and call with those whom it lets in."""
    names = {part: name for name, parts in PARTS.items() for part in parts}
    return render_template("people/permissions.html", parts=permissions.table(names), roles=ROLE_NAMES, tasks=ROLE_TASKS)
