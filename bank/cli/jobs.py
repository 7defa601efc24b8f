"""Commands for what runs by the clock: APScheduler says when to look, the table `job_run` says what is still to be done."""

import signal
from datetime import date, datetime
from threading import Event

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Column, Table

from bank import clock
from bank.cli.languages import in_both
from bank.db import random_key, transaction
from bank.jobs import actions, queries, runs, table
from bank.jobs.models import JobRun
from bank.jobs.schedule import Job
from bank.jobs.words import STATES, said, when
from bank.notices import outbox
from bank.orders import dispatch

MISFIRE_GRACE_S = 24 * 3600  # A late look is as good as a punctual one: the table knows what is due.
SHOWN_RUNS = 24

jobs = AppGroup("jobs", help="What the bank does by the clock.")


@jobs.command("run")
@click.argument("name")
@click.option(
    "--period", "--month", "label", help="Such as 2026-10-31, 2026-10, 2026-Q4 or 2026; the last that is over if left out."
)
def run(name: str, label: str | None) -> None:
    """Run one job for a period, and first those that it waits for, unless they are already done."""
    job = _named(name)
    first = job.parse(label) if label else job.last_over(clock.today())
    _run_those_before(job, first)
    _tell(runs.run(job, first))


@jobs.command("retry")
@click.argument("name")
@click.argument("period")
def retry(name: str, period: str) -> None:
    """Run a job again that failed for a period; with a jobs process at work, it would also come by itself."""
    job = _named(name)
    first = job.parse(period)
    with transaction():
        actions.retry(by=None, job=name, period=period, at=clock.now())
    _tell(runs.run(job, first))


@jobs.command("list")
def show() -> None:
    """Show the jobs, when they are next due, and their latest runs."""
    console, now = Console(), clock.now()
    jobs_shown = _table("任务 job", "时间 when", "下一次 next", "做什么 what it does")
    for job in table.JOBS:
        jobs_shown.add_row(job.name, in_both(when, job), _local(job.next_due(now)), in_both(str, job.meaning))
    runs_shown = _table("任务 job", "时段 period", "状态 state", "开始 started", "结果 result")
    for each in queries.latest(SHOWN_RUNS):
        runs_shown.add_row(each.job, each.period, _state(each), _local(each.started_at), in_both(said, each.result))
    console.print(jobs_shown, runs_shown)
    if queries.health(now).is_silent:
        console.print("没有定时任务进程在运行。No jobs process is at work: start `bank jobs serve`.")


@jobs.command("serve")
def serve() -> None:
    """Keep running: look every minute for what is due, do it, catch up on what was missed, stop on TERM or INT."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    stop, owner = Event(), random_key()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runs.start_process(owner)
    scheduler = _scheduler(app, owner, stop)
    scheduler.start()
    click.echo(f"定时任务进程已启动。Jobs: {', '.join(job.name for job in table.JOBS)} ({clock.zone()}); see `bank jobs list`.")
    stop.wait()
    scheduler.shutdown()  # Waits for the run that is under way.
    runs.note_look(owner, is_last=True)
    click.echo("定时任务进程已停止。Jobs: stopped.")


def _table(*headings: str) -> Table:
    """A table that breaks a long line of Chinese, which has no spaces, where it would else leave out its end."""
    return Table(*(Column(each, overflow="fold") for each in headings), show_lines=True)


def _scheduler(app: Flask, owner: str, stop: Event) -> BackgroundScheduler:
    # One thread for jobs: two looks at once would only meet each other at the table. Letters do not wait for jobs.
    executors = {name: ThreadPoolExecutor(1) for name in ("default", "outbox")}
    defaults = {"misfire_grace_time": MISFIRE_GRACE_S, "coalesce": True}
    scheduler = BackgroundScheduler(timezone=clock.zone(), executors=executors, job_defaults=defaults)
    scheduler.add_job(_look, args=[app, owner], id="start")
    scheduler.add_job(_look, "cron", second=0, args=[app, owner], id="minutely")  # Every job is due on the hour.
    scheduler.add_job(_send, "cron", second=30, args=[app, stop], id="outbox", executor="outbox")
    return scheduler


def _look(app: Flask, owner: str) -> None:
    with app.app_context():
        runs.note_look(owner)
        for outcome in runs.catch_up():
            click.echo(f"{_local(clock.now())} {_sentence(outcome)}")
        with transaction():  # Fifteen minutes are over long before the day is.
            escalated = dispatch.escalate(at=clock.now())
        if escalated:
            click.echo(f"{_local(clock.now())} orders: {escalated} passed on to the unit above")


def _send(app: Flask, stop: Event) -> None:
    with app.app_context():
        ended = outbox.send_due(stop.is_set)
        if ended:
            click.echo(f"{_local(clock.now())} notices: {', '.join(f'{count} {state}' for state, count in ended.items())}")


def _run_those_before(job: Job, first: date) -> None:
    if job.after and not queries.is_done(job.after, job.label(first)):
        before = table.BY_NAME[job.after]
        _run_those_before(before, first)
        _tell(runs.run(before, first))


def _named(name: str) -> Job:
    job = table.BY_NAME.get(name)
    if job is None:
        raise click.BadParameter(f"没有 {name} 这项任务。There is no job {name}; there are {', '.join(table.BY_NAME)}.")
    return job


def _tell(outcome: runs.Outcome) -> None:
    click.echo(_sentence(outcome))
    if outcome.state != "done":
        raise click.exceptions.Exit(1)


def _sentence(outcome: runs.Outcome) -> str:
    head, result = f"{outcome.job} {outcome.period}", in_both(said, outcome.result, between="。")
    if outcome.is_new:
        return f"{head}: {result}" if outcome.state == "done" else f"{head}: 失败 FAILED, {result}"
    state = in_both(str, STATES[outcome.state], between=" ")
    return f"{head}: 之前已完成 already done ({result})" if outcome.state == "done" else f"{head}: {state}, 由别的进程 elsewhere"


def _state(run: JobRun) -> str:
    is_crashed = run.state == "running" and run.lease_ends_at < clock.now()
    progress = f" {run.progress_count}/{run.progress_total}" if run.state == "running" and run.progress_total else ""
    attempts = f" ×{run.attempts}" if run.attempts > 1 else ""
    return in_both(str, STATES["crashed" if is_crashed else run.state]) + progress + attempts


def _local(at: datetime) -> str:
    return at.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M")


COMMANDS = (jobs,)
