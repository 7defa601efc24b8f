"""What to say about every refusal of `bank.rewards`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_reward": Message(_("这件物品的资料有误。"), _("编号为 2 到 8 位数字；名称、积分、库存、每月限量请逐项核对。")),
    "bad_number": Message(_("请填数字。"), CHECK_AND_SEND),
    "bad_quantity": Message(_("数量应为 1 到 %(most)s 的整数。"), CHECK_AND_SEND),
    "bad_batch": Message(_("批次资料有误。"), _("批号最多 40 个字；保质期不能早于今天。")),
    "bad_counter": Message(_("兑换点的名称应为 2 到 60 个字。"), CHECK_AND_SEND),
    "bad_picture": Message(_("这不是可用的图片。"), _("请用 PNG、JPEG 或 WebP 图片，不超过 1 MB。")),
    "reason_missing": Message(_("请写明原因，最多 %(most)s 个字。"), CHECK_AND_SEND),
    "reward_not_found": Message(_("没有这件物品。"), _("请核对物品编号，或在列表中点选。")),
    "counter_not_found": Message(_("没有这个兑换点。"), GO_BACK),
    "batch_not_found": Message(_("这件物品没有这个批次。"), RELOAD),
    "number_taken": Message(_("编号 %(number)s 已经用于另一件物品。"), _("请换一个编号，或留空由系统编号。")),
    "out_of_stock": Message(_("库存不够，只剩 %(stock)s 件。"), _("请减少数量或换一件；到货后请管理员登记入库。")),
    "batch_outdated": Message(
        _("没过保质期的只剩 %(stock)s 件，另有 %(outdated)s 件已经过期，不能兑换。"),
        _("请减少数量或换一件；过期的请管理员报损。")
    ),
    "count_below_held": Message(_("盘点数少于已经预留的 %(held)s 件。"), _("请再点一遍；确实缺货的，先取消预留再盘点。")),
    "monthly_limit_reached": Message(
        _("本月限兑 %(limit)s 件，已经兑了 %(taken)s 件。"), _("请减少数量，或换一件，或下个月再来。")
    ),
    "reward_not_offered": Message(_("这件物品现在不兑换。"), _("请换一件，或请管理员重新上架。")),
    "not_offered_yet": Message(_("这件物品从%(from_on)s起才能兑换。"), _("请换一件，或那时再来。")),
    "no_longer_offered": Message(_("这件物品只兑换到%(until_on)s，已经结束。"), _("请换一件。")),
    "not_had_here": Message(_("这件物品不在这个兑换点兑换。"), _("请到这些兑换点：%(place)s。")),
    "stars_missing": Message(
        _("这件物品要 %(stars)s 星志愿者才能兑换，还差 %(missing_hours)s 小时服务。"), _("请先换一件，星级到了再来。")
    ),
    "age_not_fit": Message(
        _("这件物品给 %(least)s 到 %(most)s 岁的储户。"), _("请换一件；没有登记出生日期的，请先到社区窗口登记。")
    ),
    "counter_name_taken": Message(_("这个单位已经有叫“%(name)s”的兑换点。"), CHECK_AND_SEND),
    "counter_closed": Message(_("兑换点“%(name)s”已经停用。"), _("请换一个兑换点。")),
    "stock_not_counted": Message(_("这件物品不计库存。"), _("服务和荣誉类物品不用登记入库。")),
    "not_served_here": Message(_("这位储户属于%(unit)s，这件物品不对那里兑换。"), _("请到储户所在社区的兑换点，或换一件。")),
}  # fmt: skip
