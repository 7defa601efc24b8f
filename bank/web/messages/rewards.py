"""What to say about every refusal of `bank.rewards`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_reward": Message(_("这件物品的资料有误。"), _("编号为 2 到 8 位数字；名称、积分、库存、每月限量请逐项核对。")),
    "bad_quantity": Message(_("数量应为 1 到 %(most)s 的整数。"), CHECK_AND_SEND),
    "reason_missing": Message(_("请写明原因，最多 %(most)s 个字。"), CHECK_AND_SEND),
    "reward_not_found": Message(_("没有这件物品。"), _("请核对物品编号，或在列表中点选。")),
    "redemption_not_found": Message(_("没有这笔兑换，或不在您的兑换点。"), GO_BACK),
    "number_taken": Message(_("编号 %(number)s 已经用于另一件物品。"), _("请换一个编号，或留空由系统编号。")),
    "out_of_stock": Message(_("库存不够，只剩 %(stock)s 件。"), _("请减少数量或换一件；到货后请管理员登记入库。")),
    "monthly_limit_reached": Message(
        _("本月限兑 %(limit)s 件，已经兑了 %(taken)s 件。"), _("请减少数量，或换一件，或下个月再来。")
    ),
    "reward_not_offered": Message(_("这件物品现在不兑换。"), _("请换一件，或请管理员重新上架。")),
    "stock_not_counted": Message(_("这件物品不计库存。"), _("服务和荣誉类物品不用登记入库。")),
    "undo_too_late": Message(
        _("只有经手的柜员能撤销，而且要在 15 分钟以内；这笔是 %(handed_over_at)s 兑换的。"), _("请找管理员撤销。")
    ),
    "already_undone": Message(_("这笔兑换已经在 %(undone_at)s 撤销过了。"), RELOAD),
    "not_for_yourself": Message(_("不能给自己兑换或撤销。"), _("请另一位柜员来办。")),
    "not_served_here": Message(_("这位储户属于%(unit)s，这件物品不对那里兑换。"), _("请到储户所在社区的兑换点，或换一件。")),
}  # fmt: skip
