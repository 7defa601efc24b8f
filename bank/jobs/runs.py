"""Running jobs: claim a period, do it once, give signs of life meanwhile, and keep what came of it."""

import json
import platform
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import Event, Thread

from flask import Flask, current_app
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from bank import clock
from bank.db import db, is_postgres, random_key, transaction
from bank.jobs import queries, rules
from bank.jobs.models import JobProcess, JobRun
from bank.jobs.schedule import ONE_DAY, Job, Result, Task

PROCESSES_KEPT = 30 * ONE_DAY


@dataclass(frozen=True)
class Outcome:
    """What came of a wish to run a job: `is_new` only for the one who ran it, `state` as in the table."""

    job: str
    period: str
    state: str
    result: str | None
    is_new: bool


def run(job: Job, first: date) -> Outcome:
    """Run a job for the period of a day unless it was or is being run; an error is kept in the table and raised again.

    Raises PeriodNotOver, and NotYet when the job waits for another's same period.
    """
    first = job.first(first)
    if job.following(first) > clock.today():
        raise rules.PeriodNotOver(period=job.label(first))
    period, owner = job.label(first), random_key()
    if job.after and not queries.is_done(job.after, period):
        raise rules.NotYet(after=job.after, period=period)
    with transaction():
        is_mine = claim(job.name, period, owner, clock.now())
    if not is_mine:
        return _outcome(job.name, period, is_new=False)
    task = Task(first, clock.now())
    try:
        with _signs_of_life(job.name, period, owner, task):
            _do(job, task, period, owner)
    except BaseException as error:
        _keep_failure(job.name, period, owner, task, error)
        raise
    return _outcome(job.name, period, is_new=True)


def catch_up() -> list[Outcome]:
    """Run all that is due. One that fails says so and keeps only those from running that wait for it."""
    outcomes = []
    for job, first in queries.due(clock.now()):
        try:
            outcomes.append(run(job, first))
        except rules.NotYet:
            db.session.rollback()
        except Exception as error:
            current_app.logger.exception("Job %s failed for %s", job.name, job.label(first))
            outcomes.append(Outcome(job.name, job.label(first), "failed", str(error), is_new=True))
    return outcomes


def claim(job: str, period: str, owner: str, at: datetime) -> bool:
    """Take a run that nobody has, that failed, or whose owner is silent; only one of many who try gets it."""
    insert = postgresql.insert if is_postgres() else sqlite.insert
    fresh = {"state": "running", "owner": owner, "started_at": at, "lease_ends_at": at + rules.LEASE}
    first = insert(JobRun).values(job=job, period=period, attempts=1, **fresh).on_conflict_do_nothing().returning(JobRun.job)
    if db.session.connection().execute(first).scalar() is not None:  # The row count of an insert is unknown on PostgreSQL.
        return True
    is_free = (JobRun.state == "failed") | ((JobRun.state == "running") & (JobRun.lease_ends_at < at))
    again = update(JobRun).where(JobRun.job == job, JobRun.period == period, is_free)
    cleared = {"finished_at": None, "retry_at": None, "result": None, "progress_count": None, "progress_total": None}
    again = again.values(attempts=JobRun.attempts + 1, **cleared, **fresh)
    return bool(db.session.connection().execute(again).rowcount)


def start_process(owner: str) -> None:
    """Write down that a process begins to look for what is due; those that are long silent are forgotten."""
    with transaction():
        at = clock.now()
        db.session.execute(delete(JobProcess).where(JobProcess.looked_at < at - PROCESSES_KEPT))
        db.session.add(JobProcess(owner=owner, host=platform.node()[:64], started_at=at, looked_at=at))


def note_look(owner: str, *, is_last: bool = False) -> None:
    """Write down that a process has looked just now, or that it stops."""
    with transaction():
        at = clock.now()
        values = {"looked_at": at, "stopped_at": at if is_last else None}
        db.session.execute(update(JobProcess).where(JobProcess.owner == owner).values(values))


def _do(job: Job, task: Task, period: str, owner: str) -> None:
    if job.is_stepwise:
        task.show = lambda: _show(job.name, period, owner, task)
        result = job.act(task)
        with transaction():
            _finish(job.name, period, owner, task, "done", result)
        return
    with transaction():  # What the job did and that it is done become true together.
        result = job.act(task)
        _finish(job.name, period, owner, task, "done", result)


def _show(job: str, period: str, owner: str, task: Task) -> None:
    """Show how far a run is, between two of its own transactions; here it also learns that it is not its any more."""
    with transaction():
        if not beat(job, period, owner, task):
            raise rules.LeaseLost(job=job, period=period)


def _keep_failure(job: str, period: str, owner: str, task: Task, error: BaseException) -> None:
    # Where it happened, not with which values: these may be personal.
    where = "".join(traceback.format_tb(error.__traceback__)[-6:])
    task.log(f"{type(error).__name__}\n{where}")
    said = rules.told(error)
    with transaction():
        _finish(job, period, owner, task, "failed", said)


def _finish(job: str, period: str, owner: str, task: Task, state: str, result: Result) -> None:
    at = clock.now()
    kept = result if isinstance(result, str) else json.dumps(result)
    row = db.session.get_one(JobRun, (job, period), populate_existing=True)
    log = rules.shortened("\n".join(filter(None, [row.log, *task.lines])))
    values = {"state": state, "result": kept[:500], "finished_at": at, "log": log or None}
    if state == "failed":
        values["retry_at"] = at + rules.retry_after(row.attempts)
    ended = update(JobRun).where(_is_mine(job, period, owner)).values(values | _progress(task))
    if not db.session.connection().execute(ended).rowcount and state == "done":
        raise rules.LeaseLost(job=job, period=period)


@contextmanager
def _signs_of_life(job: str, period: str, owner: str, task: Task) -> Iterator[None]:
    """Renew the lease every minute while the run is under way, from a thread of its own."""
    app, is_over = current_app._get_current_object(), Event()  # type: ignore[attr-defined]
    thread = Thread(target=_beat, args=(app, job, period, owner, task, is_over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _beat(app: Flask, job: str, period: str, owner: str, task: Task, is_over: Event) -> None:
    while not is_over.wait(rules.BEAT_SECONDS):
        with app.app_context():
            try:
                with transaction():
                    task.is_lost = not beat(job, period, owner, task)
            except SQLAlchemyError:
                # On SQLite the run itself may hold the only pen, and while it does nobody can take it over.
                app.logger.debug("No sign of life of %s %s this time", job, period)


def beat(job: str, period: str, owner: str, task: Task) -> bool:
    """Renew the lease of a run and show how far it is; False when the run is somebody else's by now."""
    values = {"lease_ends_at": clock.now() + rules.LEASE, **_progress(task)}
    renewed = update(JobRun).where(_is_mine(job, period, owner)).values(values)
    return bool(db.session.connection().execute(renewed).rowcount)


def _is_mine(job: str, period: str, owner: str) -> ColumnElement[bool]:
    return (JobRun.job == job) & (JobRun.period == period) & (JobRun.owner == owner) & (JobRun.state == "running")


def _progress(task: Task) -> dict[str, object]:
    return {"progress_count": task.count, "progress_total": task.total}


def _outcome(job: str, period: str, *, is_new: bool) -> Outcome:
    row = db.session.get_one(JobRun, (job, period), populate_existing=True)
    return Outcome(job, period, row.state, row.result, is_new)
