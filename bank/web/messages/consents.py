"""What to say about every refusal of `bank.consents`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import GO_BACK, Message

MESSAGES = {
    "bad_purpose": Message(_("没有这一项同意。"), GO_BACK),
    "guardian_decides": Message(_("未满 14 岁，由监护人决定。"), _("请监护人到社区窗口签同意书。")),
    "no_guardian": Message(_("还没有登记监护人。"), _("请先在储户页面登记监护人。")),
}  # fmt: skip
