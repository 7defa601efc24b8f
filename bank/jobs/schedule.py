"""What a job is, and when it is due: once for each day, month, quarter or year that is over."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from flask_babel import LazyString

from bank import clock
from bank.statements.rules import BadPeriod, parse_period, period_of

# What came of a run: how many by name (bank/jobs/words.py), or a sentence as it is.
Result = Mapping[str, int | str] | str
ONE_DAY = timedelta(days=1)


@dataclass
class Task:
    """One run under way: the first day of its period, the instant it takes place at, and what it tells of itself meanwhile."""

    first: date
    at: datetime
    count: int | None = None
    total: int | None = None
    lines: list[str] = field(default_factory=list)
    is_lost: bool = False
    show: Callable[[], None] | None = None

    def progress(self, count: int, total: int) -> None:
        """Say how much of how much is done. A stepwise job says it between its transactions, and it is seen at once.

        In one transaction it is shown with the next sign of life, if the database lets anybody else write meanwhile.
        """
        self.count, self.total = count, total
        if self.show is not None:
            self.show()

    def log(self, line: str) -> None:
        """Keep a sentence with the run; it names nobody."""
        self.lines.append(f"{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M:%S} {line}")


@dataclass(frozen=True)
class Job:
    """Something done once for each period of a kind, due on a day and hour (local) counted from that period's end.

    A month's job of day 5 is due on the 5th of the next month, a year's of day 31 on 31 January, a day's the next day.
    `act` does it in one transaction, which also says that it is done, and answers what came of it. One that takes long
    or speaks with others is stepwise: it opens transactions of its own, and is safe to run again from the start.
    `after` names a job of the same kind whose same period must be done first.
    """

    name: str
    kind: str
    day: int
    hour: int
    meaning: LazyString | str
    act: Callable[[Task], Result]
    after: str | None = None
    is_stepwise: bool = False

    def first(self, day: date) -> date:
        """The first day of the period in which a day falls."""
        return day if self.kind == "day" else period_of(self.kind, day).starts_on

    def following(self, first: date) -> date:
        """The first day of the next period."""
        return first + ONE_DAY if self.kind == "day" else period_of(self.kind, first).ends_on

    def label(self, first: date) -> str:
        """A period as the table names it: 2026-10-31, 2026-10, 2026-Q4 or 2026."""
        return first.isoformat() if self.kind == "day" else period_of(self.kind, first).label

    def due_at(self, first: date) -> datetime:
        """From when on the job is to be done for the period that begins on a day."""
        return clock.local_instant(self.following(first) + (self.day - 1) * ONE_DAY, time(self.hour))

    def next_due(self, at: datetime) -> datetime:
        """When it falls due next after an instant."""
        first = self.last_over(clock.local_day(at))
        while self.due_at(first) <= at:
            first = self.following(first)
        return self.due_at(first)

    def due_since(self, first: date, at: datetime) -> Iterator[date]:
        """The periods due at an instant, from the one of a day on; of days the last alone, whose night makes up for others."""
        start = self.first(max(first, clock.local_day(at) - 2 * ONE_DAY) if self.kind == "day" else first)
        due = [start]
        while self.due_at(due[-1]) <= at:
            due.append(self.following(due[-1]))
        yield from due[-2:-1] if self.kind == "day" else due[:-1]

    def last_over(self, today: date) -> date:
        """The first day of the last period that is over on a day."""
        return self.first(self.first(today) - ONE_DAY)

    def parse(self, label: str) -> date:
        """The first day of the period that an operator named. Raises BadPeriod for one of another kind."""
        try:
            first = date.fromisoformat(label) if self.kind == "day" else parse_period(label).starts_on
        except ValueError:
            raise BadPeriod(label=label[:20]) from None
        if self.label(first) != label:
            raise BadPeriod(label=label[:20])
        return first
