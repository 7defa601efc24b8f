"""The record of what administrators changed, and the table of who may do what, for those who look after the bank."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank.people import changes, queries
from bank.people.models import Change
from bank.web import exports, paging, permissions
from bank.web.auth import access
from bank.web.filters import moment
from bank.web.pages.consents import PURPOSE_NAMES
from bank.web.pages.people import ROLE_NAMES, ROLE_TASKS
from bank.web.pages.units import KIND_NAMES

bp = Blueprint("changes", __name__)

WHAT_NAMES = {
    "add": _("新增"),
    "rename": _("改名"),
    "move": _("调动"),
    "close": _("停用或销户"),
    "reopen": _("恢复使用"),
    "enrol": _("开户"),
    "edit": _("修改资料"),
    "grant_role": _("设岗位"),
    "revoke_role": _("收回岗位"),
    "consent_on_paper": _("登记纸质同意"),
    "set_home_unit": _("改所在单位"),
    "set_host_unit": _("改报到社区"),
    "join_team": _("加入服务队"),
    "leave_team": _("离开服务队"),
    "join_household": _("加入家庭"),
    "leave_household": _("离开家庭"),
    "set_guardian": _("登记监护人"),
    "erase": _("删除个人资料"),
    "set_pin": _("重设密码"),
    "change_to_pin": _("改密码"),
    "change_to_password": _("改用长密码"),
    "award_star": _("评定星级"),
    "withdraw_star": _("取消星级"),
    "refuse_proposal": _("不同意评星提议"),
    "invite": _("发激活码"),
    "revoke_invitation": _("作废激活码"),
    "activate": _("激活"),
    "turn_on_second_step": _("开启两步验证"),
    "turn_off_second_step": _("关闭两步验证"),
    "reset_second_step": _("代为关闭两步验证"),
    "renew_recovery_codes": _("换备用码"),
    "revoke_token": _("停用接口令牌"),
    "add_device": _("添加设备"),
    "revoke_device": _("停用设备"),
    "give_address": _("大屏换网址"),
    "add_reward": _("上架物品"),
    "change_reward": _("改物品"),
    "offer": _("上下架"),
    "set_picture": _("换图片"),
    "set_places": _("改兑换地点"),
    "open_counter": _("开设兑换点"),
    "close_counter": _("停用兑换点"),
    "add_rating_rules": _("改评星规则"),
    "add_rule_set": _("改计分规则"),
    "moderate": _("处理评语"),
}
FIELD_NAMES = {
    "name": _("名称或姓名"),
    "parent": _("上级单位"),
    "unit": _("单位"),
    "team": _("服务队"),
    "role": _("岗位"),
    "phone": _("手机号"),
    "contact": _("其他联系方式"),
    "sex": _("性别"),
    "born_on": _("出生日期"),
    "area": _("居住区域"),
    "skills": _("专业技能"),
    "service_kinds": _("服务类别"),
    "is_volunteer": _("志愿者"),
    "is_in_service": _("在职党员"),
    "id_number": _("身份证号码"),
    "kind": _("类别"),
    "purpose": _("同意事项"),
    "is_given": _("同意"),
    "is_by_guardian": _("监护人代签"),
    "household": _("家庭"),
    "guardian_name": _("监护人姓名"),
    "guardian_phone": _("监护人手机号"),
    "relation": _("关系"),
    "closed_at": _("停用时间"),
    "erased_at": _("删除时间"),
}


# Which parts of the program stand together in the table of who may do what.
PARTS = {
    _("首页和登录"): ("home", "sign_in", "activation", "files", "install", "health", "api-docs", "", "bootstrap"),
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
}  # fmt: skip


WORDS = {**KIND_NAMES, **PURPOSE_NAMES, **ROLE_NAMES}


def _told(change: Change) -> list[tuple[object, object, object]]:
    """Each field of a change with its value before and after; personal values while they are there."""
    before, after = dict(change.before), dict(change.after)
    if change.detail is not None:
        before |= change.detail.before
        after |= change.detail.after
    return [(FIELD_NAMES.get(name, name), _word(before.get(name)), _word(after.get(name))) for name in {**before, **after}]


def _word(value: object) -> object:
    """What stands for a code or a truth value on a page."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return WORDS.get(value, value) if isinstance(value, str) else value


def _in_words(change: Change) -> str:
    return "; ".join(f"{name}: {before} → {after}" for name, before, after in _told(change))


COLUMNS: exports.Columns = (
    (_("时间"), lambda each: moment(each.changed_at)),
    (_("谁"), lambda each: each.changed_by.name if each.changed_by else ""),
    (_("做了什么"), lambda each: WHAT_NAMES.get(each.what, each.what)),
    (_("对象"), lambda each: f"{each.subject_kind} {each.subject_key}"),
    (_("内容"), _in_words),
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
