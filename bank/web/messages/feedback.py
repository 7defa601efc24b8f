"""What to say about every refusal of `bank.feedback`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import GO_BACK, RELOAD, Message

MESSAGES = {
    "sheet_not_found": Message(_("没有这张反馈单，或不归您查看。"), GO_BACK),
    "already_held_back": Message(_("这张反馈单已经撤回过了。"), RELOAD),
}  # fmt: skip
