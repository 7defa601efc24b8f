"""What runs by the clock: APScheduler says when to look, the table `job_run` says what is still to be done, once per period."""

import signal
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table
from sqlalchemy import CheckConstraint, String, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from bank import clock
from bank.communities import actions as communities
from bank.counter import holds
from bank.db import Base, Instant, db, is_postgres, random_key, transaction
from bank.errors import BankError, Conflict
from bank.feedback import actions as feedback
from bank.honours import actions as honours
from bank.ledger import actions as ledger
from bank.ledger import seal
from bank.ledger.rules import Expiry
from bank.privacy import actions as privacy
from bank.ratings import nightly as ratings
from bank.schedule import Job
from bank.statements import actions as statements
from bank.statements import queries

LEASE = timedelta(minutes=30)
MISFIRE_GRACE_S = 24 * 3600  # A late look is as good as a punctual one: the table knows what is due.
SHOWN_RUNS = 24


class JobRun(Base):
    """One job's run for one period; whoever writes the row first runs it, and after a crash whoever comes after the lease."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(20), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    owner: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    lease_ends_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    result: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
    )


class LeaseLost(Conflict):
    """The run took longer than its lease and another process has taken it over; nothing it did is kept."""


@dataclass(frozen=True)
class Outcome:
    """What came of a wish to run a job: `is_new` only for the one who ran it, `state` as in the table."""

    job: str
    period: str
    state: str
    result: str | None
    is_new: bool


def _expire(month: date, at: datetime) -> str:
    preset = current_app.config["EXPIRY"]
    expiry = Expiry("months", int(preset)) if preset.isdecimal() else Expiry(preset)
    return f"{ledger.expire(on=clock.next_month(month) - timedelta(days=1), expiry=expiry, at=at)} members' points expired"


def _close(month: date, at: datetime) -> str:
    return f"{ledger.close_through(month=month, at=at)} months closed"


def _issue(month: date, at: datetime) -> str:
    return f"{statements.issue(month=month, at=at)} statements issued"


def _end_holds(_day: date, at: datetime) -> str:
    reminded, ended = holds.end_holds(at=at)
    return f"{reminded} reminded, {ended} reservations ended"


def _rate(_night: date, at: datetime) -> str:
    members, units = ratings.recompute_open(at=at), communities.recompute_open(at=at)
    awards, sent = honours.award_due(at=at), feedback.send_due(at=at)
    changed = f"{members} members' and {units} communities' standings changed"
    return f"{changed}, {awards.awarded} awards given, {awards.revoked} ended, {sent} sheets left for home units"


def _fix_year(first: date, at: datetime) -> str:
    members, units = ratings.fix(year=first.year, at=at), communities.fix(year=first.year, at=at)
    return f"{members} members' and {units} communities' years fixed"


def _feed_back(quarter: date, at: datetime) -> str:
    return f"{feedback.prepare(quarter=quarter, at=at)} sheets shown to their members"


def _keep_house(_night: date, at: datetime) -> str:
    return privacy.keep_house(at=at)


JOBS = (
    Job("expire", 1, 1, "Lets points expire that are due at the month's end, while it can still take entries.", _expire),
    Job("close", 1, 2, "Closes the month: no entry can be dated in it any more.", _close),
    Job("statements", 5, 6, "Issues every member's statement of the month.", _issue),
    Job("holds", 1, 1, "Ends reservations whose days are over, and reminds members a week before.", _end_holds, "day"),
    Job("ratings", 1, 3, "Brings stars, awards and due feedback up to what the records say.", _rate, "day"),
    Job(
        "privacy",
        1,
        4,
        "Forgets old answers and who closed an account ten years ago; late points go to the pool.",
        _keep_house,
        "day",
    ),
    Job("feedback", 10, 5, "Shows in-service members who agreed what their home unit will read.", _feed_back, "quarter"),
    Job("year", 31, 4, "Fixes the year's stars of members and communities for good.", _fix_year, "year"),
)


def run(job: Job, first: date) -> Outcome:
    """Run a job for the period of a day unless it was or is being run; an error is kept in the table and raised again."""
    first = job.first(first)
    period, owner = job.label(first), random_key()
    with transaction():
        is_mine = _claim(job.name, period, owner, clock.now())
    if not is_mine:
        return _outcome(job.name, period, is_new=False)
    try:
        with transaction():  # What the job did and that it is done become true together.
            result = job.act(first, clock.now())
            _finish(job.name, period, owner, "done", result)
    except BaseException as error:
        with transaction():
            _finish(job.name, period, owner, "failed", f"{type(error).__name__}: {error}")
        raise
    return _outcome(job.name, period, is_new=True)


def due(at: datetime) -> list[tuple[Job, date]]:
    """Every job and period that is due and not done, oldest first, from the month of the first entry on."""
    month = queries.first_month()
    done = {(job, period) for job, period in db.session.execute(select(JobRun.job, JobRun.period).where(JobRun.state == "done"))}
    wanted = [(job, first) for job in JOBS if month for first in job.due_since(month, at)]
    wanted = [(job, first) for job, first in wanted if (job.name, job.label(first)) not in done]
    return sorted(wanted, key=lambda each: each[0].due_at(each[1]))


def catch_up() -> list[Outcome]:
    """Run all that is due. One that fails says so and does not keep the others from running."""
    outcomes = []
    for job, first in due(clock.now()):
        try:
            outcomes.append(run(job, first))
        except Exception as error:
            current_app.logger.exception("Job %s failed for %s", job.name, job.label(first))
            outcomes.append(Outcome(job.name, job.label(first), "failed", str(error), is_new=True))
    return outcomes


jobs_cli = AppGroup("jobs", help="What the bank does by the clock.")


@jobs_cli.command("run")
@click.argument("name", type=click.Choice([job.name for job in JOBS]))
@click.option(
    "--period", "--month", "label", help="Such as 2026-10-31, 2026-10, 2026-Q4 or 2026; the last that is over if left out."
)
def _run_command(name: str, label: str | None) -> None:
    """Run one job for a period, unless it is already done."""
    job = next(each for each in JOBS if each.name == name)
    try:
        outcome = run(job, job.parse(label) if label else job.last_over(clock.today()))
    except BankError as error:
        raise click.ClickException(f"{name} {label or ''}: {error}") from None
    click.echo(_sentence(outcome))
    if outcome.state != "done":
        raise click.exceptions.Exit(1)


@jobs_cli.command("list")
def _list_command() -> None:
    """Show the jobs, when they are next due, and their latest runs."""
    console, now = Console(), clock.now()
    table = Table("job", "when", "next", "what it does")
    for job in JOBS:
        first = job.last_over(clock.today())
        while job.due_at(first) <= now:
            first = job.following(first)
        table.add_row(job.name, job.when, _local(job.due_at(first)), job.meaning)
    console.print(table)
    runs = Table("job", "period", "state", "attempts", "started", "result")
    newest_first = select(JobRun).order_by(JobRun.started_at.desc(), JobRun.job).limit(SHOWN_RUNS)
    for each in db.session.scalars(newest_first):
        runs.add_row(each.job, each.period, each.state, str(each.attempts), _local(each.started_at), each.result)
    console.print(runs)


@jobs_cli.command("serve")
def _serve_command() -> None:
    """Keep running: catch up at once and hourly, do each job at its hour, seal daily, stop on TERM or INT."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler = _scheduler(app)
    scheduler.start()
    click.echo(f"Jobs: {', '.join(f'{job.name} {job.when}' for job in JOBS)} ({clock.zone()}).")
    stop.wait()
    scheduler.shutdown()  # Waits for the run that is under way.
    click.echo("Jobs: stopped.")


def _scheduler(app: Flask) -> BackgroundScheduler:
    # One thread: two looks at once would only meet each other at the table.
    scheduler = BackgroundScheduler(timezone=clock.zone(), executors={"default": ThreadPoolExecutor(1)})
    defaults = {"args": [app], "misfire_grace_time": MISFIRE_GRACE_S, "coalesce": True}
    scheduler.add_job(_look, id="start", **defaults)
    scheduler.add_job(_look, "cron", minute=0, id="hourly", **defaults)  # Every job is due on the hour.
    return scheduler


def _look(app: Flask) -> None:
    with app.app_context():
        for outcome in catch_up():
            click.echo(f"{_local(clock.now())} {_sentence(outcome)}")
        _seal_once_a_day()


def _seal_once_a_day() -> None:
    """Seal at the first look of the day, also on a machine that is off at night; what it raises the scheduler logs."""
    newest, now = seal.newest_seal(), clock.now()
    if newest and clock.local_day(newest.sealed_at) == clock.local_day(now):
        return
    if count := seal.seal_all(published=Path(current_app.config["DATA_DIR"]) / seal.FILE, at=now):
        click.echo(f"{_local(now)} seal: {count} entries sealed")


def _claim(job: str, period: str, owner: str, at: datetime) -> bool:
    insert = postgresql.insert if is_postgres() else sqlite.insert
    fresh = {"state": "running", "owner": owner, "started_at": at, "lease_ends_at": at + LEASE}
    first = insert(JobRun).values(job=job, period=period, attempts=1, **fresh).on_conflict_do_nothing().returning(JobRun.job)
    if db.session.connection().execute(first).scalar() is not None:  # The row count of an insert is unknown on PostgreSQL.
        return True
    is_free = (JobRun.state == "failed") | ((JobRun.state == "running") & (JobRun.lease_ends_at < at))
    again = update(JobRun).where(JobRun.job == job, JobRun.period == period, is_free)
    again = again.values(attempts=JobRun.attempts + 1, finished_at=None, result=None, **fresh)
    return bool(db.session.connection().execute(again).rowcount)


def _finish(job: str, period: str, owner: str, state: str, result: str) -> None:
    is_mine = (JobRun.job == job) & (JobRun.period == period) & (JobRun.owner == owner) & (JobRun.state == "running")
    ended = update(JobRun).where(is_mine).values(state=state, result=result[:500], finished_at=clock.now())
    if not db.session.connection().execute(ended).rowcount and state == "done":
        raise LeaseLost(job=job, period=period)


def _outcome(job: str, period: str, *, is_new: bool) -> Outcome:
    row = db.session.get_one(JobRun, (job, period), populate_existing=True)
    return Outcome(job, period, row.state, row.result, is_new)


def _sentence(outcome: Outcome) -> str:
    head = f"{outcome.job} {outcome.period}"
    if outcome.is_new:
        return f"{head}: {outcome.result}" if outcome.state == "done" else f"{head}: FAILED, {outcome.result}"
    return f"{head}: already done ({outcome.result})" if outcome.state == "done" else f"{head}: {outcome.state} elsewhere"


def _local(at: datetime) -> str:
    return at.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M")
