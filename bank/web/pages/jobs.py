"""The page of what runs by the clock: what asks for attention, what is due, what ran, and asking for a failed run again."""

import json

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock, workdays
from bank.documents import tables
from bank.jobs import actions, queries, table, words
from bank.jobs.models import JobRun
from bank.notices.queries import counts
from bank.people.queries import has_role
from bank.units.queries import top_unit
from bank.web import exports
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.messages import MESSAGES, explain
from bank.web.pages.notices import STATE_NAMES as DELIVERY_STATES

bp = Blueprint("jobs", __name__)
RUNS_SHOWN = 60
LOOKS = {"done": "done", "failed": "refused", "running": "waiting", "crashed": "refused"}


COLUMNS: exports.Columns = (
    (_("任务"), lambda each: each.job),
    (_("时段"), lambda each: each.period),
    (_("状态"), lambda each: _state(each)[0]),
    (_("开始"), lambda each: each.started_at),
    (_("结果"), lambda each: _said(each)),
)


@bp.get("/jobs")
@access("admin", "auditor")
def jobs() -> ResponseReturnValue:
    """What runs by the clock, and how it went."""
    if exports.is_asked():
        return exports.answer("jobs", COLUMNS, queries.latest(tables.ROWS_MAX))
    at = clock.now()
    return render_template(
        "jobs/jobs.html",
        health=queries.health(at),
        failed=queries.failed(),
        jobs=[(job, words.when(job), job.next_due(at)) for job in table.JOBS],
        runs=queries.latest(RUNS_SHOWN),
        meaning=lambda name: table.BY_NAME[name].meaning if name in table.BY_NAME else name,
        state=_state,
        said=_said,
        logged=words.logged,
        deliveries=counts(),
        delivery_states=DELIVERY_STATES,
        unknown_years=[year for year in (clock.today().year, clock.today().year + 1) if not workdays.is_known(year)],
        may_retry=has_role(g.person, "admin", top_unit().id),
    )


@bp.post("/jobs/<string:job>/<string:period>/retry")
@access("admin")
@writes
def retry(job: str, period: str) -> ResponseReturnValue:
    """Ask for a failed run again; the jobs process takes it up within a minute."""
    actions.retry(by=g.person, job=job, period=period, at=clock.now())
    flash(gettext("已安排重做，一分钟内开始。"), "done")
    return redirect(url_for(".jobs"), 303)


def _state(run: JobRun) -> tuple[object, str]:
    is_crashed = run.state == "running" and run.lease_ends_at < clock.now()
    state = "crashed" if is_crashed else run.state
    return words.STATES[state], LOOKS[state]


def _said(run: JobRun) -> str:
    """What came of a run: a refusal in the words of all pages, everything else as it was kept."""
    code, _, details = (run.result or "").partition(" ")
    if run.state != "failed" or code not in MESSAGES:
        return words.said(run.result)
    try:
        found = explain([code], json.loads(details))
    except ValueError:  # Longer than is kept.
        return run.result or ""
    return f"{found.sentence}{found.next}"
