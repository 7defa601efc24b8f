"""Words for what stands in a member's line: its kind, the kind of reason, and what took minutes or points away."""

from flask_babel import lazy_gettext as _

LINE_NAMES = {
    "deposit": _("存入"),
    "redeem": _("兑换支取"),
    "reserve": _("冻结"),
    "hand_over": _("领取"),
    "release": _("解冻"),
    "expire": _("到期失效"),
    "reversal": _("冲正"),
    "import": _("期初转入"),
}
REASON_NAMES = {
    "undone": _("兑换撤销"),
    "returned": _("退货"),
    "not_done": _("服务没有做成"),
    "supplemented": _("补录"),
    "not_mine": _("异议成立"),
}
CUT_NAMES = {
    "presence": _("在场不足计划的 60%，不计时长"),
    "overlap": _("与另一项服务重叠的时间只计一次"),
    "day_cap": _("一天最多计 8 小时"),
    "supplemented": _("补录的时长不计积分"),
    "year_cap": _("一年最多计 600 积分"),
}


def line_kind(kind: str) -> str:
    """What kind of line a member's entry is, in words."""
    return str(LINE_NAMES.get(kind, kind))


def reason(text: str | None) -> str:
    """Why an entry was made: in words when the journal only knows the kind of reason, else as it was typed."""
    return str(REASON_NAMES.get(text, text)) if text else ""
