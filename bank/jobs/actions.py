"""What people may do about jobs. `by=None` is the operator at the machine."""

from datetime import datetime

from bank.db import db
from bank.jobs import rules
from bank.jobs.models import JobRun
from bank.people.models import Person
from bank.people.queries import require_role
from bank.units.queries import top_unit


def retry(*, by: Person | None, job: str, period: str, at: datetime) -> JobRun:
    """Ask for a failed run again at once; the jobs process takes it up within a minute. Asked twice, it is one wish.

    Raises RoleMissing unless `by` is admin of the whole bank, RunNotFound, NotFailed.
    """
    if by is not None:
        require_role(by, "admin", top_unit().id)
    run = db.session.get(JobRun, (job, period), populate_existing=True, with_for_update=True)
    if run is None:
        raise rules.RunNotFound(job=job, period=period)
    if run.state != "failed":
        raise rules.NotFailed(job=job, period=period)
    run.retry_at = at
    return run
