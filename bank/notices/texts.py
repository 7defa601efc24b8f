"""The words of every kind of notice, in one place: a title, and what to say. Whoever tells a new matter adds a line here."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from bank import wording


@dataclass(frozen=True)
class Kind:
    """How a matter is told; `%(name)s` stands for a fact that comes with it."""

    title: LazyString | str
    body: LazyString | str


@dataclass(frozen=True)
class Words:
    """A notice in the reader's language, with its facts filled in."""

    title: str
    body: str


KINDS = {
    "statement_ready": Kind(_("%(month)s的对账单出来了"), _("请在存折里查看；月末余额 %(closing_points)s 分。")),
    "points_expiring": Kind(
        _("%(points)s 分将在 %(expires_on)s 到期"), _("到期前可以兑换；预约兑换的积分不会到期。服务时长不受影响。")
    ),
    "hold_ending": Kind(_("您预约的“%(reward)s”快到期了"), _("请在 %(ends_on)s 前凭兑换码领取，过期积分退回。")),
    "hold_ended": Kind(_("您预约的“%(reward)s”已过期"), _("%(points)s 分已退回您的账户。")),
    "activity_changed": Kind(_("活动“%(activity)s”有变动"), _("现定于 %(starts_at)s，地点：%(place)s。")),
    "activity_cancelled": Kind(_("活动“%(activity)s”取消了"), _("原定 %(starts_at)s 举行，请不必前往。%(reason)s")),
    "activity_place_free": Kind(_("活动“%(activity)s”有空位，轮到您了"), _("%(starts_at)s 开始，地点：%(place)s。")),
    "activity_left": Kind(_("您已不在活动“%(activity)s”的名单里"), _("原定 %(starts_at)s 开始。如有疑问，请联系组织者。")),
    "check_out_forgotten": Kind(
        _("您在活动“%(activity)s”没有签退"), _("这段时长暂不计入，待核实。请告诉组织者，由两位工作人员核对后补录。")
    ),
    "supplement_agreed": Kind(
        _("为您补录了“%(activity)s”的时长"),
        _("由两位工作人员登记，%(minutes)s。如果不是您，请在“我的服务记录”里点“不是我”。"),
    ),
    "supplements_many": Kind(_("一天之内补录了 %(count)s 条时长"), _("由同一位工作人员提出，请在“补录”里核查。")),
    "activity_reminder": Kind(_("活动“%(activity)s”即将开始"), _("%(starts_at)s 开始，地点：%(place)s，请记得签到。")),
    "record_added": Kind(
        _("您有一条新的服务记录：%(activity)s"),
        _("由工作人员登记，%(minutes)s，%(points)s 分。如有不符，请在服务记录里提出异议。"),
    ),
    "record_corrected": Kind(_("您的服务记录“%(activity)s”有更正"), _("更正后为 %(minutes)s，%(points)s 分。")),
    "attendance_decided": Kind(_("活动“%(activity)s”的签到已核实"), _("认定时长 %(minutes)s。")),
    "objection_answered": Kind(_("您对“%(activity)s”的异议有答复了"), _("请在服务记录里查看答复和理由。")),
    "order_changed": Kind(_("您的心愿“%(order)s”有新进展"), _("请在“我的心愿”里查看。")),
    "order_offered": Kind(_("有一个心愿等您来接：%(order)s"), _("请在“接单”里查看。")),
    "order_overdue": Kind(_("有一个单超时了：%(order)s"), _("已上报到您这一级，请在“派单台”里尽快安排。")),
    "award_given": Kind(_("您获得了新的星级"), _("请在“我的星级”里查看，谢谢您的付出。")),
    "feedback_shown": Kind(_("给所在单位的反馈单请您过目"), _("%(leaves_on)s 发出，此前可以撤回同意。")),
}  # fmt: skip


def words(kind: str, facts: Mapping[str, str | int]) -> Words:
    """A notice in words of the present language; a kind that this release no longer knows has its plain name."""
    shown = defaultdict(str, {name: _shown(name, value) for name, value in facts.items()})
    known = KINDS.get(kind)
    return Words(str(known.title) % shown, str(known.body) % shown) if known else Words(kind, "")


def _shown(name: str, value: str | int) -> str:
    if isinstance(value, int):
        if name.endswith("points"):
            return wording.points(value)
        return wording.minutes(value) if name.endswith("minutes") else str(value)
    if name.endswith("_at"):
        at = datetime.fromisoformat(value)
        return f"{wording.weekday(at)} {wording.clock_time(at)}"
    if name.endswith("_on"):
        return wording.day(date.fromisoformat(value))
    return wording.month(date.fromisoformat(value)) if name.endswith("month") else value
