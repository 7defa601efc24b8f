"""What to say about every refusal of `bank.orders`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_order": Message(_("有一项没有填好。"), _("请用几句话写明要什么，标题最多 60 个字。")),
    "bad_menu_item": Message(_("菜单项目没有填好，或同名的已经有了。"), _("名称 2 到 60 个字，时长 15 到 480 分钟。")),
    "bad_order_clock": Message(_("时限应为一年以内的整数分钟，上班时间要早于下班时间。"), CHECK_AND_SEND),
    "words_missing": Message(_("请用 2 到 300 个字说明。"), _("对方会看到这些话；请写明原因和接下来怎么办。")),
    "order_not_found": Message(_("没有这个单，或不归您管。"), GO_BACK),
    "order_code_unknown": Message(_("没有这个查询码。"), _("请核对 10 位数字，或重新扫小票上的二维码。")),
    "menu_item_not_found": Message(_("菜单里没有这一项，或这里不提供。"), RELOAD),
    "list_entry_not_found": Message(_("清单里没有这一条，或还没有公布。"), RELOAD),
    "list_entry_claimed": Message(_("这一条已经有单位认领，或已经有了结果。"), RELOAD),
    "list_entry_there": Message(_("清单里已经有这一条。"), CHECK_AND_SEND),
    "asks_too_much": Message(_("这个电话已经有 5 个没办完的单。"), _("请等办完一个再提，或给社区打电话。")),
    "order_taken": Message(_("慢了一步，已经有人接了这个单。"), _("谢谢您！请看看别的单。")),
    "order_elsewhere": Message(_("这个单现在不能这样办。"), RELOAD),
    "too_many_orders": Message(_("您手上已经有 3 个没做完的单。"), _("请先做完一个，或把做不了的退回去。")),
    "not_paid_with_points": Message(_("找社区办的事由社区答复，不计时长和积分。"), GO_BACK),
    "for_units_only": Message(_("重点项目和精品项目由单位认领，其他的由个人接单。"), GO_BACK),
    "not_posted_yet": Message(_("服务对象还没有确认。"), _("请对方评一下，或打电话回访以后再销号。")),
    "own_order": Message(_("自己或家里人提的、自己代提的，不能由您来接或来办。"), _("请另一位来办。")),
    "order_not_for_you": Message(_("这个单派给了别人，或要成年志愿者才能接。"), GO_BACK),
    "wrong_service_code": Message(
        _("四位数字不对。"), _("开始和结束各有一组，请对方看查询页，或问社区。"), is_final=False
    ),
}  # fmt: skip
