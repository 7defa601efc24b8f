"""What to say about every refusal of `bank.attendance`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import RELOAD, Message

MESSAGES = {
    "activity_full": Message(_("名额已满。"), _("请找现场的组织者。")),
    "code_unknown": Message(_("这个码不对。"), _("请扫现场屏幕上的码，或重新输入屏幕上的 6 位签到码。")),
    "code_expired": Message(_("这个码已经过时，没有签上。"), _("屏幕上的码每 15 秒换一次，请再扫一次现在的码。")),
    "code_of_another": Message(_("这是另一项活动的码。"), _("请扫这项活动屏幕上的码。")),
    "check_in_not_open": Message(_("还没到时间，%(opens_at)s 起可以签到。"), _("请到时再扫。"), is_final=False),
    "check_in_closed": Message(_("签到、签退已在 %(closed_at)s 结束。"), _("请找现场的组织者说明情况。")),
    "already_checked_in": Message(_("您已经签到了"), _("不用再签。离开时请扫码签退。")),
    "already_checked_out": Message(_("您已经签退了"), _("不用再签。负责人确认后，时长会记入您的存折。")),
    "not_checked_in": Message(_("还没有签到，不能签退。"), _("请先扫码签到。")),
    "too_many_stays": Message(_("一项活动最多进出 %(stays_max)s 次。"), _("请找现场的组织者。")),
    "not_your_own_card": Message(_("不能用自己的卡给自己签到、签退。"), _("请和大家一样扫屏幕上的码。")),
    "own_hours_need_other": Message(_("不能确认自己的时长。"), _("请另一位组织者或管理员来确认。")),
    "confirm_too_early": Message(
        _("还有人可以签退，%(earliest_at)s 起才能确认。"), _("所有人都签退以后，活动一结束就可以确认。"), is_final=False
    ),
    "already_confirmed": Message(_("这项活动的时长已经确认，不能再改。"), RELOAD),
    "nobody_to_confirm": Message(_("还没有人既签到又签退，没有时长可以确认。"), _("请检查签到名单。")),
    "somebody_came": Message(_("已经有人签到，活动不能取消。"), _("请在结束后确认时长。")),
}  # fmt: skip
