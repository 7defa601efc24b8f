"""What to say about every refusal of `bank.units`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, Message

MESSAGES = {
    "bad_unit_name": Message(_("名称应为 2 到 100 个字，不含表情和特殊符号。"), CHECK_AND_SEND),
    "bad_unit": Message(_("这一类单位不能放在这里。"), _("请换一个类别或上级单位；储户要开在社区、网格或楼栋。")),
    "unit_name_taken": Message(_("这里已经有同名的单位。"), _("请换一个名称。")),
    "unit_not_found": Message(_("没有找到这个单位。"), GO_BACK),
    "unit_below_itself": Message(_("单位不能移到它自己或它的下级单位下面。"), _("请换一个上级单位。")),
    "too_deep": Message(_("层级太多了。"), _("组织架构最多二十来级，请移到更高的一级。")),
    "unit_closed": Message(_("这个单位已经停用。"), _("请换一个单位，或先恢复使用。")),
    "unit_in_use": Message(_("还有人或下级单位在用，不能停用。"), _("请先把人员移到别的单位，停用下级单位，再来停用。")),
}  # fmt: skip
