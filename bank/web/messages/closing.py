"""What to say about every refusal of `bank.closing`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import RELOAD, Message

MESSAGES = {
    "bad_supplement": Message(_("补录的内容不对。"), _("请写明原因，每次 1 到 200 人，时间在活动计划之内。")),
    "not_for_yourself": Message(_("不能给自己或家人补录。"), _("请另一位组织者来办。")),
    "another_agrees": Message(_("要由另一个人同意：不能是提出的人、本人或他们的家人。"), _("请另一位组织者或管理员来办。")),
    "supplement_not_found": Message(_("没有这条补录。"), _("请回到补录列表。")),
    "not_over_yet": Message(_("活动还没有结束，不能补录。"), _("请在结束以后再来。"), is_final=False),
    "supplement_not_needed": Message(_("%(names)s 已有签到签退或服务记录，不用补录。"), _("请从名单里去掉，再提交。")),
    "decided_already": Message(_("这条补录已经有了别的决定。"), RELOAD),
}  # fmt: skip
