"""Decisions about runs of jobs, made from plain values only."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from bank.errors import BankError, Conflict, NotFound

LEASE = timedelta(minutes=5)  # After a crash another process takes a run over so long after its last sign of life.
BEAT_SECONDS = 60
RETRY_FIRST = timedelta(minutes=10)
RETRY_LONGEST = timedelta(hours=6)
SILENT_AFTER = timedelta(minutes=10)  # A process looks every minute; the run it is busy with renews its lease meanwhile.
LOG_MAX = 20_000


class LeaseLost(Conflict):
    """The run gave no sign of life for so long that another process has taken it over; what this one had not kept is not."""


class NotYet(Conflict):
    """This job's period waits for another job's, which is not done."""


class PeriodNotOver(Conflict):
    """A job is done for a day, month, quarter or year when that is over."""


class BooksDiffer(Conflict):
    """The books do not sum to zero, or a stored balance is not what the journal says; `bank verify` tells more."""


class RunNotFound(NotFound):
    """This job never ran for this period."""


class NotFailed(Conflict):
    """Only a run that failed can be asked for again."""


def retry_after(attempts: int) -> timedelta:
    """How long after that many failures in a row a job is tried again by itself: 10 minutes, doubling, at most 6 hours."""
    assert attempts >= 1, "there was a failure"
    return min(RETRY_FIRST * (1 << min(attempts - 1, 10)), RETRY_LONGEST)


def is_silent(looked_at: datetime | None, at: datetime) -> bool:
    """Whether nobody has looked for what is due for too long; a clock set back is not silence."""
    return looked_at is None or at - looked_at > SILENT_AFTER


def kept(code: str, details: Mapping[str, object]) -> str:
    """What is to be put into words when somebody reads it."""
    return f"{code} {json.dumps(details, ensure_ascii=False, default=str)}"


def told(error: BaseException) -> str:
    """An error as it is kept with its run: a refusal by its code and details, which pages put into words, any other by name."""
    if isinstance(error, BankError):
        return kept(error.code, error.details)
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def shortened(log: str) -> str:
    """The end of a log, whole lines, as much of it as is kept."""
    return log if len(log) <= LOG_MAX else "…\n" + log[-LOG_MAX:].partition("\n")[2]
