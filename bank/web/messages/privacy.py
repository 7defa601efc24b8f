"""What to say about every refusal of `bank.privacy`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "last_admin": Message(_("全行只有这一位管理员，不能销户。"), _("请先给另一位储户设管理员岗位。")),
}  # fmt: skip
