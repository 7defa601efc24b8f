"""Working days in China: public holidays and the weekends worked in their stead (调休), as announced year by year."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

ONE_DAY = timedelta(days=1)
SATURDAY = 5
KNOWN_YEARS = range(min(holidays).year, max(holidays).year + 1)


def is_known(year: int) -> bool:
    """Whether the holidays of a year are known here; of other years only the weekends are."""
    return year in KNOWN_YEARS


def is_workday(day: date) -> bool:
    """Whether people go to work on a day; outside the known years from Monday to Friday, with a warning in the log."""
    if not is_known(day.year):
        _warn(day.year)
    return day in workdays or (day.weekday() < SATURDAY and day not in holidays)


def workday_after(day: date, count: int) -> date:
    """The working day that many working days after a day, which itself does not count; at least one."""
    assert count >= 1, "a due date lies after its beginning"
    following = _workdays_after(day)
    for _ in range(count - 1):
        next(following)
    return next(following)


def workdays_between(after: date, until: date) -> int:
    """How many working days come after a day up to and including another; 0 when that is not later."""
    return sum(is_workday(after + each * ONE_DAY) for each in range(1, (until - after).days + 1))


def _workdays_after(day: date) -> Iterator[date]:
    while True:
        day += ONE_DAY
        if is_workday(day):
            yield day


@cache
def _warn(year: int) -> None:
    # Once a year and process: each November the State Council announces the next year, and a release takes it up.
    logging.getLogger(__name__).warning("The holidays of %s are not known here; only weekends count as days off.", year)
