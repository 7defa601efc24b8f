"""What to say about every refusal of the jobs."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "lease_lost": Message(_("这次运行超时，已由另一个进程接手。"), _("请稍后看看运行记录。"), is_final=False),
    "not_yet": Message(_("这项任务要等 %(after)s %(period)s 先完成。"), _("请先补做前一项任务。"), is_final=False),
    "period_not_over": Message(_("%(period)s 还没有过完。"), _("请等这段时间过去，到时会自动做。")),
    "books_differ": Message(_("账本有 %(differences)s 处不符。"), _("请运行 bank verify 查清，并通知审计员。")),
    "run_not_found": Message(_("没有这次运行的记录。"), _("请回到任务页面重新选择。")),
    "not_failed": Message(_("这次运行没有失败，不用重做。"), _("请刷新任务页面看看现在的状态。")),
}  # fmt: skip
