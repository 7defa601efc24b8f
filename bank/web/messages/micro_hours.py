"""What to say about every refusal of `bank.micro_hours`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_micro_hour": Message(_("请写明做了什么、在哪里，各不超过 100 个字，写在一行里。"), CHECK_AND_SEND),
    "not_in_service": Message(_("微小时只给在职党员用。"), _("其他志愿者请参加活动，或去接居民的单。")),
    "own_micro_hour": Message(_("不能确认自己或家里人的服务。"), _("请用服务对象自己的手机扫码，或请社区工作人员电话核实。")),
    "micro_hour_needs_second": Message(
        _("您是服务对象，或者是您打的电话，不能再由您入账。"), _("请另一位组织者或管理员来确认。")
    ),
    "micro_hour_not_found": Message(_("没有这条微小时，或不归您管。"), GO_BACK),
    "micro_hour_running": Message(_("您有一项服务正在计时。"), _("请先结束那一项，再开始新的。")),
    "no_micro_hour_running": Message(_("现在没有正在计时的服务。"), RELOAD),
    "micro_hour_not_stopped": Message(_("这项服务还在计时。"), _("请志愿者先点“结束”，再请服务对象确认。")),
    "micro_hour_settled": Message(_("这条微小时已经有了结果，不能再改。"), RELOAD),
    "micro_hour_confirmed": Message(_("服务对象已经确认过了。"), RELOAD),
    "micro_hour_unconfirmed": Message(_("服务对象还没有确认。"), _("请服务对象扫码确认，或给服务对象打电话核实。")),
    "micro_link_too_old": Message(_("这个确认链接已经过期。"), _("链接在服务结束后 3 天内有效；请社区工作人员电话核实。")),
}  # fmt: skip
