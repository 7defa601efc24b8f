"""Jobs and what came of their runs, in words: it is kept as counts and codes, and worded when somebody reads it."""

import json
from functools import reduce

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank.jobs.schedule import Job
from bank.ledger.words import Difference

STATES = {"done": _("完成"), "failed": _("失败"), "running": _("进行中"), "crashed": _("中断，等待接手")}
WHEN = {
    "day": _("每天 %(hour)s 点"),
    "month": _("每月 %(day)s 日 %(hour)s 点"),
    "quarter": _("每季后第 %(day)s 天 %(hour)s 点"),
    "year": _("次年 1 月 %(day)s 日 %(hour)s 点"),
}
STAMP = len("2026-11-01 05:00:00 ")  # Before each line of a log.
SAID = {
    "expired": _("%(count)s 位储户有积分到期"),
    "closed": _("结了 %(count)s 个月的账"),
    "issued": _("出了 %(count)s 份对账单"),
    "told": _("通知了 %(count)s 位储户"),
    "reminded": _("提醒了 %(count)s 位"),
    "ended": _("%(count)s 个预约过期退回"),
    "forgotten": _("%(count)s 次忘记签退已标出"),
    "posted": _("公示期满 %(count)s 条时长入账"),
    "members_changed": _("%(count)s 位储户的星级有变"),
    "units_changed": _("%(count)s 个社区的星级有变"),
    "certificates_ended": _("%(count)s 份证明失效"),
    "awarded": _("授予 %(count)s 个荣誉"),
    "revoked": _("收回 %(count)s 个荣誉"),
    "sheets_sent": _("%(count)s 份反馈单送达所在单位"),
    "members_fixed": _("定下 %(count)s 位储户的年度星级"),
    "units_fixed": _("定下 %(count)s 个社区的年度星级"),
    "sheets_shown": _("%(count)s 份反馈单请本人过目"),
    "answers_pruned": _("清理 %(count)s 条旧的请求记录"),
    "wishes_forgotten": _("清理 %(count)s 个旧心愿"),
    "given_to_pool": _("%(count)s 个销户后的余额转入公益积分池"),
    "persons_forgotten": _("删除 %(count)s 位销户满期者的资料"),
    "counted": _("汇总了 %(count)s 份统计"),
    "escalated": _("%(count)s 个单超时上报"),
    "sealed": _("封存 %(count)s 张凭证"),
    "backed_up": _("写成 %(count)s"),
    "thinned": _("删去 %(count)s 份旧备份"),
    "no_backup": _("备份已关闭"),
    "books_right": _("账本无误"),
}


def when(job: Job) -> str:
    """When a job is done."""
    return str(WHEN[job.kind]) % {"day": job.day, "hour": job.hour}


def logged(log: str | None) -> str:
    """A log in the reader's language; of lines that are no differences in the books, such as where an error was, as it is."""
    return "\n".join(map(_line, (log or "").split("\n")))


def said(result: str | None) -> str:
    """A result in the reader's language; what an older release or an error left is given as it is."""
    try:
        counts = json.loads(result or "")
    except ValueError:
        return result or ""
    if not isinstance(counts, dict):
        return result or ""
    parts = [str(SAID[name]) % {"count": count} if name in SAID else f"{name} {count}" for name, count in counts.items()]
    return reduce(lambda one, other: gettext("%(one)s，%(other)s", one=one, other=other), parts) if parts else ""


def _line(line: str) -> str:
    code, _space, details = line[STAMP:].partition(" ")
    try:
        return f"{line[:STAMP]}{Difference(code, json.loads(details))}"
    except (KeyError, TypeError, ValueError):
        return line
