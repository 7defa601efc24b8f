"""What to say about every refusal of the jobs."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "lease_lost": Message(_("这次运行超时，已由另一个进程接手。"), _("请稍后看看运行记录。"), is_final=False),
}  # fmt: skip
