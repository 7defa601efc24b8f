"""By when an order is to be answered and done, from its colour and the hours of work; nothing here reads the clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bank.clock import local_day, local_instant
from bank.errors import Invalid
from bank.workdays import is_workday

MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
YEAR_MINUTES = 366 * 1440


class BadOrderClock(Invalid):
    """A wait is a whole number of minutes up to a year, and work opens before it closes."""


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Waits in minutes by colour: 15 minutes and 24 hours as in Xiapu; green counts only the hours of work.

    `opens_minute` and `closes_minute` count from midnight (540 is 09:00) on working days; what is due within
    `soon_minutes` is due soon; who has taken an order has `done_days` to do it.
    """

    red_minutes: int = 15
    yellow_minutes: int = 1440
    green_minutes: int = 1440
    is_green_at_work: bool = True
    opens_minute: int = 540
    closes_minute: int = 1050
    soon_minutes: int = 120
    done_days: int = 3

    def __post_init__(self) -> None:
        waits = (self.red_minutes, self.yellow_minutes, self.green_minutes, self.soon_minutes)
        if not all(1 <= each <= YEAR_MINUTES for each in waits) or not 1 <= self.done_days <= 366:
            raise BadOrderClock(field="minutes")
        if not 0 <= self.opens_minute < self.closes_minute <= 1440:
            raise BadOrderClock(field="opens_minute")


DEFAULTS = Clock()


def answer_due_at(colour: str | None, since: datetime, clock: Clock) -> datetime:
    """By when somebody must have taken up an order of a colour; nobody has looked at one without, so it counts as yellow."""
    if colour == "red":
        return since + clock.red_minutes * MINUTE
    if colour == "green" and clock.is_green_at_work:
        return after_work_minutes(since, clock.green_minutes, clock)
    return since + (clock.green_minutes if colour == "green" else clock.yellow_minutes) * MINUTE


def done_due_at(since: datetime, wanted_for: datetime | None, clock: Clock) -> datetime:
    """By when who took an order must have done it: some days later, or a day after it is wanted."""
    usual = since + clock.done_days * ONE_DAY
    return max(usual, wanted_for + ONE_DAY) if wanted_for is not None else usual


def after_work_minutes(since: datetime, minutes: int, clock: Clock) -> datetime:
    """The instant at which so many minutes of work have passed."""
    left, day = minutes * MINUTE, local_day(since)
    while True:
        opens, closes = _hours(day, clock)
        begin = max(since, opens)
        if is_workday(day) and begin < closes:
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
        day += ONE_DAY


def is_soon(due_at: datetime, at: datetime, clock: Clock) -> bool:
    """Whether something not yet overdue is due soon."""
    return at <= due_at <= at + clock.soon_minutes * MINUTE


def _hours(day: date, clock: Clock) -> tuple[datetime, datetime]:
    midnight = local_instant(day, time())
    return midnight + clock.opens_minute * MINUTE, midnight + clock.closes_minute * MINUTE
