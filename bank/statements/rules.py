"""Decisions about months, periods and running balances, made from plain values only."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bank.errors import Conflict, Invalid, NotFound

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
ADULT_YEARS = 18
LINE_KINDS = ("earned", "spent", "expired", "corrected")
EXPIRING_DAYS = 60  # Of what expires so soon after a month's end its statement tells.
WEEK = timedelta(days=7)


class NothingBooked(Conflict):
    """Before the first entry there is nothing to state."""


class StatementsDiffer(Conflict):
    """What a month moved does not lead from its openings to the next month's, so there is nothing that could be stated."""


class StatementNotFound(NotFound):
    """There is no statement of that month, or it is not for the one who asks."""


class BadPeriod(Invalid):
    """A period is written 2026-W43 (week), 2026-10 (month), 2026-Q4 (quarter), 2026-H2 (half-year) or 2026 (year)."""


@dataclass(frozen=True)
class Period:
    """Whole months, or the week from a Monday, from `starts_on` up to, but without, `ends_on`."""

    kind: str
    starts_on: date
    ends_on: date

    @property
    def label(self) -> str:
        """As it is written in addresses: 2026-W43, 2026-10, 2026-Q4, 2026-H2 or 2026."""
        if self.kind == "week":
            return f"{self.year}-W{self.number:02}"
        endings = {"month": f"-{self.number:02}", "quarter": f"-Q{self.number}", "half": f"-H{self.number}", "year": ""}
        return f"{self.year}{endings[self.kind]}"

    @property
    def year(self) -> int:
        """The year that the period belongs to: of a week the one in which its Thursday lies (ISO 8601)."""
        return self.starts_on.isocalendar().year if self.kind == "week" else self.starts_on.year

    @property
    def number(self) -> int:
        """Which of its kind in the year: the 43rd week, the 10th month, the 4th quarter, the 2nd half, the only year."""
        if self.kind == "week":
            return self.starts_on.isocalendar().week
        return (self.starts_on.month - 1) // PERIOD_MONTHS[self.kind] + 1

    @property
    def before(self) -> "Period":
        """The one of the same length before it."""
        before = self.starts_on - WEEK if self.kind == "week" else months_after(self.starts_on, -PERIOD_MONTHS[self.kind])
        return Period(self.kind, before, self.starts_on)

    @property
    def after(self) -> "Period":
        """The one of the same length after it."""
        after = self.ends_on + WEEK if self.kind == "week" else months_after(self.ends_on, PERIOD_MONTHS[self.kind])
        return Period(self.kind, self.ends_on, after)


@dataclass(frozen=True)
class Balances:
    """Both books at one moment: points in hundredths, whole minutes."""

    points: int = 0
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """One journal entry as its member sees it. Amounts are signed; a reversal carries the kind of what it takes back."""

    entry_id: int
    key: str
    kind: str
    reversed_kind: str | None
    effective_on: date
    recorded_at: datetime
    what: str | None
    place: str | None
    served_on: date | None
    quantity: int | None
    class_percent: int | None
    evidence: str | None
    cut_reasons: tuple[str, ...]
    reason: str | None
    points: int
    minutes: int
    points_after: int = 0
    minutes_after: int = 0


def kind_of(line: Line) -> str:
    """What a line is for whoever reads the passbook: `earned`, `spent` (holds too), `expired` or `corrected`."""
    of_income = (line.reversed_kind or line.kind) in ("deposit", "import")
    if of_income:
        return "corrected" if line.reversed_kind else "earned"
    return "expired" if (line.reversed_kind or line.kind) == "expire" else "spent"


def with_balances(lines: Iterable[Line], *, opening: Balances) -> Iterator[Line]:
    """The same lines in the same order, each with both balances after it."""
    points, minutes = opening.points, opening.minutes
    for each in lines:
        points, minutes = points + each.points, minutes + each.minutes
        yield replace(each, points_after=points, minutes_after=minutes)


def months_after(day: date, count: int) -> date:
    """The first day of the month that many months after (or, below 0, before) a day's month."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def period_of(kind: str, day: date) -> Period:
    """The week, month, quarter, half-year or year in which a day falls. Raises BadPeriod for another kind."""
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + WEEK)
    if kind not in PERIOD_MONTHS:
        raise BadPeriod(kind=kind)
    length = PERIOD_MONTHS[kind]
    starts_on = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(kind, starts_on, months_after(starts_on, length))


def parse_period(label: str) -> Period:
    """The period that a label such as 2026-W43, 2026-10, 2026-Q4, 2026-H2 or 2026 names. Raises BadPeriod."""
    if of_week := re.fullmatch(r"(20[0-9]{2})-W([0-9]{2})", label):
        return _week(*map(int, of_week.groups()))
    found = re.fullmatch(r"(20[0-9]{2})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", label)
    if not found:
        raise BadPeriod(label=label[:20])
    year, month, quarter, half = (int(part) if part else 0 for part in found.groups())
    kind = "month" if month else "quarter" if quarter else "half" if half else "year"
    number = month or quarter or half or 1
    return period_of(kind, date(year, (number - 1) * PERIOD_MONTHS[kind] + 1, 1))


def _week(year: int, number: int) -> Period:
    try:
        return period_of("week", date.fromisocalendar(year, number, 1))
    except ValueError:
        raise BadPeriod(label=f"{year}-W{number:02}") from None


def parse_month(label: str) -> date:
    """The first day of the month written 2026-10. Raises BadPeriod."""
    period = parse_period(label)
    if period.kind != "month":
        raise BadPeriod(label=label[:20])
    return period.starts_on


def adult_born_until(day: date) -> date:
    """Whoever was born on this day or before is of age on `day`."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - ADULT_YEARS, 2, 28) if is_leap_day else day.replace(year=day.year - ADULT_YEARS)


def tidy_code(text: str) -> str:
    """A verification code as it is kept, from what a person typed: any case, with or without gaps."""
    return re.sub(r"[\s\-]", "", text).lower()[:40]
