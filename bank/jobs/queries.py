"""What can be asked about jobs: what is due, what ran, what failed, and whether anybody looks. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from bank.db import db
from bank.jobs import table
from bank.jobs.models import JobProcess, JobRun
from bank.jobs.rules import is_silent
from bank.jobs.schedule import ONE_DAY, Job
from bank.statements.queries import first_month


@dataclass(frozen=True)
class Health:
    """How the jobs are: when a process last looked for what is due, whether that is too long ago, runs by state, failures."""

    looked_at: datetime | None
    is_silent: bool
    counts: dict[str, int]
    failed: int

    @property
    def is_well(self) -> bool:
        """Whether nothing asks for somebody's attention."""
        return not (self.is_silent or self.failed)


def due(at: datetime) -> list[tuple[Job, date]]:
    """Every job and period that is due and not done, oldest first; a failed one only when its time to try again has come.

    Periods longer than a day count from the month of the bank's first entry.
    """
    wanted = _due_ever(at)
    runs = _runs({job.label(first) for job, first in wanted})
    return [(job, first) for job, first in wanted if _is_open(runs.get((job.name, job.label(first))), at)]


def is_done(job: str, period: str) -> bool:
    """Whether a job has been done for a period."""
    return db.session.scalar(select(JobRun.state).where(JobRun.job == job, JobRun.period == period)) == "done"


def latest(count: int, *, job: str | None = None) -> Sequence[JobRun]:
    """The runs that began last, newest first."""
    newest_first = select(JobRun).order_by(JobRun.started_at.desc(), JobRun.job).limit(count)
    return db.session.scalars(newest_first.where(JobRun.job == job) if job else newest_first).all()


def failed() -> list[JobRun]:
    """The runs whose last attempt failed, newest first; of a daily job only its last, whose night makes up for others."""
    runs = db.session.scalars(select(JobRun).where(JobRun.state == "failed").order_by(JobRun.started_at.desc()))
    last = _last_nights()
    return [each for each in runs if last.get(each.job, each.period) == each.period]


def health(at: datetime) -> Health:
    """How the jobs are at an instant."""
    by_state = db.session.execute(select(JobRun.state, func.count()).group_by(JobRun.state))
    counts = {state: int(count) for state, count in by_state}
    looked_at = db.session.scalar(select(func.max(JobProcess.looked_at)).where(JobProcess.stopped_at.is_(None)))
    return Health(looked_at, is_silent(looked_at, at), counts, len(failed()) if "failed" in counts else 0)


def late_count(at: datetime) -> int:
    """How many periods should have been done more than a day ago."""
    return sum(job.due_at(first) < at - ONE_DAY for job, first in due(at))


def last_done() -> dict[str, datetime]:
    """When each job was last done."""
    ended = select(JobRun.job, func.max(JobRun.finished_at)).where(JobRun.state == "done").group_by(JobRun.job)
    return {job: at for job, at in db.session.execute(ended) if at is not None}


def _last_nights() -> dict[str, str]:
    nightly = [job.name for job in table.JOBS if job.kind == "day"]
    last = select(JobRun.job, func.max(JobRun.period)).where(JobRun.job.in_(nightly)).group_by(JobRun.job)
    return dict(db.session.execute(last).all())


def _due_ever(at: datetime) -> list[tuple[Job, date]]:
    month = first_month()
    since = {job.name: date.min if job.kind == "day" else month for job in table.JOBS}
    wanted = [(job, first) for job in table.JOBS if (start := since[job.name]) for first in job.due_since(start, at)]
    return sorted(wanted, key=lambda each: each[0].due_at(each[1]))


def _runs(periods: set[str]) -> dict[tuple[str, str], JobRun]:
    found = db.session.scalars(select(JobRun).where(JobRun.period.in_(periods)).execution_options(populate_existing=True))
    return {(each.job, each.period): each for each in found}


def _is_open(run: JobRun | None, at: datetime) -> bool:
    if run is None or run.state == "running":  # A run whose lease has ended is taken over; of others the claim says no.
        return run is None or run.lease_ends_at < at
    return run.state == "failed" and (run.retry_at is None or run.retry_at <= at)
