"""What to say about every refusal of `bank.notices`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "bad_channel": Message(_("没有这种接收方式。"), _("请从列出的方式里选一种。")),
    "bad_address": Message(_("这个地址不能用。"), _("请填邮箱地址，例如 an@example.org；群机器人请粘贴它的网址。")),
}  # fmt: skip
