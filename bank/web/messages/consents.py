"""What to say about every refusal of `bank.consents`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import GO_BACK, Message

MESSAGES = {
    "bad_purpose": Message(_("没有这一项同意。"), GO_BACK),
}  # fmt: skip
