"""What to say about every refusal of `bank.honours`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_proposal": Message(_("这项提议不完整。"), _("请选对星级，并写明理由，最多 200 个字。")),
    "proposal_not_found": Message(_("没有这项提议。"), GO_BACK),
    "award_not_found": Message(_("没有这项荣誉，或已经撤销。"), GO_BACK),
    "already_proposed": Message(_("同样的提议已经在等复核。"), _("请另一位管理员来复核。")),
    "already_answered": Message(_("这项提议已经有了结果。"), RELOAD),
    "nothing_to_decide": Message(_("这颗星不用评定，或时长还不够，或本来就是这样。"), CHECK_AND_SEND),
    "not_the_second_person": Message(_("提议的人不能自己复核。"), _("请另一位管理员来复核。")),
    "not_about_yourself": Message(_("不能评定自己或家人。"), _("请另一位工作人员来办。")),
}  # fmt: skip
