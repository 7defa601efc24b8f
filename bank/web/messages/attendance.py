"""What to say about every refusal of `bank.attendance`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import RELOAD, Message

MESSAGES = {
    "activity_full": Message(_("名额已满。"), _("请找现场的组织者。")),
    "code_unknown": Message(_("这个码不对。"), _("请扫现场屏幕上的码，或重新输入屏幕上的 6 位签到码。")),
    "code_expired": Message(_("这个码已经过时，没有签上。"), _("屏幕上的码每 15 秒换一次，请再扫一次现在的码。")),
    "code_of_another": Message(_("这是另一项活动的码。"), _("请扫这项活动屏幕上的码。")),
    "checked_in": Message(_("签到成功。"), _("离开时请再扫码签退。只签到不签退，不计时长。")),
    "checked_out": Message(_("签退成功。"), _("负责人确认后，时长和积分会记入存折。")),
    "undone": Message(_("已撤销，这一次不算。"), _("原来的扫码和这次撤销都留有记录。如有需要，请重新扫码。")),
    "to_review": Message(_("已收到，等组织者核对。"), _("设备时间不对，或和别的记录有冲突。组织者核对以后才算数。")),
    "check_in_not_open": Message(_("还没到时间，%(opens_at)s 起可以签到。"), _("请到时再扫。")),
    "check_in_closed": Message(_("签到、签退已在 %(closed_at)s 结束。"), _("请找现场的组织者说明情况。")),
    "already_checked_in": Message(_("已经签到过了，%(checked_in_at)s %(gate)s"), _("不用再签。离开时请扫码签退。")),
    "already_checked_out": Message(_("已经签退过了，%(checked_out_at)s"), _("不用再签。负责人确认后，时长会记入存折。")),
    "stay_overlaps": Message(_("这次扫码早于另一次已经算上的扫码。"), _("请组织者核对先后。")),
    "member_code_expired": Message(_("手机上的码已经过时。"), _("请储户刷新手机上的动态码，再扫一次；或扫储户卡。")),
    "no_activity_open": Message(_("您组织的活动现在都不能签到。"), _("开始前 30 分钟到结束后 30 分钟可以签到。")),
    "nonce_reused": Message(_("这个编号已经用于另一次扫码。"), _("每次扫码要用新的编号。")),
    "scan_malformed": Message(_("这不是一次完整的扫码。"), _("请重新扫码；缺了编号、方向、时间或扫到的内容。")),
    "scan_reason_missing": Message(_("请写明原因，最多 200 字。"), _("没有扫码的手工登记和过后的撤销都要有原因。")),
    "scan_not_found": Message(_("没有这次扫码。"), _("请回到签到页面，看看现在的情况。")),
    "scan_undo_too_late": Message(_("扫码的设备只能在 15 分钟内撤销。"), _("过后请活动负责人或管理员写明原因来撤销。")),
    "scan_already_undone": Message(_("这次扫码已经撤销过了。"), RELOAD),
    "scan_not_to_undo": Message(_("这次扫码不能撤销。"), _("没有算上的不用撤销；后面还有签退的，先撤销签退。")),
    "scan_already_reviewed": Message(_("这次扫码已经有人核对过了。"), RELOAD),
    "own_scan_needs_other": Message(_("不能核对自己的扫码。"), _("请另一位组织者或管理员来核对。")),
    "not_checked_in": Message(_("还没有签到，不能签退。"), _("请先扫码签到。")),
    "too_many_stays": Message(_("一项活动最多进出 %(stays_max)s 次。"), _("请找现场的组织者。")),
    "not_your_own_card": Message(_("不能用自己的卡给自己签到、签退。"), _("请和大家一样扫屏幕上的码。")),
    "own_hours_need_other": Message(_("不能确认自己和家人的时长。"), _("请另一位组织者或管理员来确认。")),
    "confirm_too_early": Message(
        _("还有人可以签退，%(earliest_at)s 起才能确认。"), _("所有人都签退以后，活动一结束就可以确认。"), is_final=False
    ),
    "already_confirmed": Message(_("这项活动的时长已经确认，不能再改。"), RELOAD),
    "nobody_to_confirm": Message(_("还没有人既签到又签退，没有时长可以确认。"), _("请检查签到名单。")),
    "somebody_came": Message(_("已经有人签到，活动不能取消。"), _("请在结束后确认时长。")),
}  # fmt: skip
