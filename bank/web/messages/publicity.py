"""What to say about every refusal of `bank.publicity`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import RELOAD, Message

MESSAGES = {
    "answer_missing": Message(_("答复要写明理由，最多 200 字。"), _("请写明查到了什么、为什么这样决定。")),
    "no_such_hours": Message(_("您和您监护的孩子名下没有这条记录。"), _("请回到“我的服务记录”。")),
    "objection_not_found": Message(_("没有这条异议。"), _("请回到异议列表。")),
    "another_answers": Message(_("本人、家人和确认这条记录的人都不能答复。"), _("请另一位组织者或管理员来答复。")),
    "already_taken_back": Message(_("这条记录已经冲正。"), RELOAD),
    "answered_already": Message(_("这条异议已经有了别的答复。"), RELOAD),
    "points_spent": Message(_("这些积分已经用掉，组织者不能冲正。"), _("请管理员来答复，差额会记入缺口账户。")),
}  # fmt: skip
