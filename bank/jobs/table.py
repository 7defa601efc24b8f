"""Every job of the bank: one line each, and what it calls. `JOBS` is in the order in which jobs of one hour are done."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _

from bank import clock
from bank.backup import actions as backup
from bank.certificates import actions as certificates
from bank.closing import actions as closing
from bank.communities import actions as communities
from bank.counter import holds
from bank.db import transaction
from bank.feedback import actions as feedback
from bank.honours import actions as honours
from bank.jobs import rules
from bank.jobs.schedule import Job, Result, Task
from bank.ledger import actions as ledger
from bank.ledger import audit, seal
from bank.ledger.expiry import endings
from bank.ledger.rules import Expiry
from bank.notices import expiring
from bank.orders import dispatch, figures
from bank.privacy import actions as privacy
from bank.publicity import actions as publicity
from bank.ratings import nightly as ratings
from bank.statements import actions as statements
from bank.statements.telling import batched, ready, tell_ready

EXPIRED_AT_ONCE = 20_000


def _expire(task: Task) -> Result:
    """Let points expire, of some thousand members at a time, so that others can write in between."""
    last, done, some = clock.next_month(task.first) - timedelta(days=1), 0, EXPIRED_AT_ONCE
    total = len(endings(last, _expiry()))
    while some == EXPIRED_AT_ONCE:
        with transaction():
            some = ledger.expire(on=last, expiry=_expiry(), at=task.at, most=EXPIRED_AT_ONCE)
        done += some
        task.progress(done, max(done, total))
    return {"expired": done}


def _close(task: Task) -> Result:
    return {"closed": ledger.close_through(month=task.first, at=task.at)}


def _issue(task: Task) -> Result:
    """Make all statements in one pass, then tell their members, some hundred at a time; both are safe to do again."""
    with transaction():
        issued = statements.issue(month=task.first, at=task.at)
    waiting = ready(task.first)
    told, done = 0, 0
    task.progress(done, len(waiting))
    for part in batched(waiting.items()):
        with transaction():
            told += tell_ready(month=task.first, closing_points=dict(part), at=task.at)
        done += len(part)
        task.progress(done, len(waiting))
    return {"issued": issued, "told": told}


def _end_holds(task: Task) -> Result:
    reminded, ended = holds.end_holds(at=task.at)
    return {"reminded": reminded, "ended": ended}


def _end_activities(task: Task) -> Result:
    return _in_steps(
        task,
        lambda: {"forgotten": closing.close_forgotten(at=task.at)},
        lambda: {"posted": publicity.post_due(at=task.at)},
    )


def _rate(task: Task) -> Result:
    return _in_steps(
        task,
        lambda: {"members_changed": ratings.recompute_open(at=task.at)},
        lambda: {"units_changed": communities.recompute_open(at=task.at)},
        lambda: {"certificates_ended": certificates.revoke_reversed(at=task.at)},
        lambda: asdict(honours.award_due(at=task.at)),
        lambda: {"sheets_sent": feedback.send_due(at=task.at)},
    )


def _fix_year(task: Task) -> Result:
    year = task.first.year
    return _in_steps(
        task,
        lambda: {"members_fixed": ratings.fix(year=year, at=task.at)},
        lambda: {"units_fixed": communities.fix(year=year, at=task.at)},
    )


def _feed_back(task: Task) -> Result:
    return {"sheets_shown": feedback.prepare(quarter=task.first, at=task.at)}


def _keep_house(task: Task) -> Result:
    return privacy.keep_house(at=task.at)


def _count_orders(task: Task) -> Result:
    return _in_steps(
        task,
        lambda: {"escalated": dispatch.escalate(at=task.at)},
        lambda: {"counted": figures.make_up(until=task.first, at=task.at)},
    )


def _seal(task: Task) -> Result:
    waiting = seal.unsealed_count()
    published = Path(current_app.config["DATA_DIR"]) / seal.FILE
    return {"sealed": seal.seal_all(published=published, at=task.at, told=lambda done: task.progress(done, max(done, waiting)))}


def _back_up(task: Task) -> Result:
    folder = backup.folder()
    if folder is None:
        return {"no_backup": 0}
    return {"backed_up": backup.make(into=folder, at=task.at, told=task.progress).name, "thinned": backup.thin(folder)}


def _check(task: Task) -> Result:
    found = list(audit.sums_not_zero())
    looks = audit.looks_at_stored()
    for number, look in enumerate(looks, 1):
        found += look()
        task.progress(number, len(looks))
    for each in found:
        task.log(rules.kept(each.code, each.details))
    if found:
        raise rules.BooksDiffer(differences=len(found))
    return {"books_right": 0}


def _remind(task: Task) -> Result:
    found = expiring.reminders(expiry=_expiry(), at=task.at)
    told, done, total = 0, 0, sum(len(each.amounts) for each in found)
    for each in found:
        with transaction():
            told += expiring.tell_some(each, at=task.at)
        done += len(each.amounts)
        task.progress(done, total)
    return {"told": told}


def _in_steps(task: Task, *steps: Callable[[], dict[str, int]]) -> Result:
    """Do one step after the other, each in a transaction of its own and safe to do again; answers what all came to."""
    found: dict[str, int] = {}
    for number, step in enumerate(steps, 1):
        with transaction():
            found |= step()
        task.progress(number, len(steps))
    return found


def _expiry() -> Expiry:
    return Expiry.from_setting(current_app.config["EXPIRY"])


JOBS = (
    Job("expire", "month", 1, 1, _("月末到期的积分失效，趁这个月还能记账"), _expire, is_stepwise=True),
    Job("close", "month", 1, 2, _("结账：此后不能再往这个月记账"), _close, after="expire"),
    Job("statements", "month", 5, 6, _("给每位储户出这个月的对账单"), _issue, after="close", is_stepwise=True),
    Job("holds", "day", 1, 1, _("预约过期的解冻积分，提前一周提醒"), _end_holds),
    Job("activities", "day", 1, 1, _("没有签退的标为待核实，公示期满的时长入账"), _end_activities, is_stepwise=True),
    Job("ratings", "day", 1, 3, _("按服务记录更新星级、荣誉和到时的反馈单"), _rate, is_stepwise=True),
    Job("privacy", "day", 1, 4, _("清理旧的请求记录，删除销户满十年者的个人资料"), _keep_house),
    Job("backup", "day", 1, 2, _("备份整个银行，旧备份按日、周、月留存"), _back_up, is_stepwise=True),
    Job("check", "day", 1, 5, _("核对账本：借贷相等，余额与凭证相符"), _check, is_stepwise=True),
    Job("orders", "day", 1, 5, _("服务单的日汇总、周分析；超时的上报"), _count_orders, is_stepwise=True),
    Job("seal", "day", 1, 4, _("封存账本：给新凭证加封，并写到数据库之外"), _seal, is_stepwise=True),
    Job("expiring", "day", 1, 7, _("提前 60、30、7 天提醒即将到期的积分"), _remind, is_stepwise=True),
    Job("feedback", "quarter", 10, 5, _("把所在单位将看到的反馈单先给本人看"), _feed_back),
    Job("year", "year", 31, 4, _("定下一年的储户和社区星级"), _fix_year, is_stepwise=True),
)  # fmt: skip
BY_NAME = {job.name: job for job in JOBS}
