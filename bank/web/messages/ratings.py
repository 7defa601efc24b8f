"""What to say about every refusal of `bank.ratings`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, Message

MESSAGES = {
    "bad_mark": Message(_("评分应为 1 到 5 的整数。"), CHECK_AND_SEND),
}  # fmt: skip
