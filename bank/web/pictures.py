"""Where the shapes of pictures stand: plain numbers, from which `pictures.html` draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask

DAY = timedelta(days=1)
CELL, GAP, TOP = 10, 2, 16
HALF_WEEKS = 27  # Half a year, so that a day is large enough for a phone.
LEVEL_MINUTES = (1, 61, 121, 241)
BAR_WIDTH, BAR_STEP, BAR_HEIGHT = 18, 27, 80


@dataclass(frozen=True)
class Cell:
    """One day of a calendar: its corner, how dark it is (0 to 4), and what it stands for."""

    x: int
    y: int
    level: int
    day: date
    minutes: int


@dataclass(frozen=True)
class Half:
    """Half a year of a calendar: days, and where each month begins."""

    cells: list[Cell]
    months: list[tuple[int, date]]
    width: int
    height: int


@dataclass(frozen=True)
class Bar:
    """One column of a plot: its place, height, label and value."""

    x: int
    height: int
    label: date
    value: int


def calendar(minutes: Mapping[date, int], until: date) -> list[Half]:
    """The year up to a day as two halves, a column for each week from Monday to Sunday."""
    last_monday = until - timedelta(days=until.weekday())
    halves = []
    for back in (2, 1):
        monday = last_monday - timedelta(weeks=HALF_WEEKS * back - 1)
        halves.append(_half(minutes, monday, min(monday + timedelta(weeks=HALF_WEEKS) - DAY, until)))
    return halves


def bars(values: Sequence[tuple[date, int]]) -> list[Bar]:
    """Columns from a common floor; what is more than nothing is seen."""
    most = max((value for _, value in values), default=0) or 1
    return [
        Bar(each * BAR_STEP, max(2, BAR_HEIGHT * value // most) if value else 0, at, value)
        for each, (at, value) in enumerate(values)
    ]


def register(app: Flask) -> None:
    """Give the templates these shapes."""
    app.jinja_env.globals.update(calendar_shapes=calendar, bar_shapes=bars)


def _half(minutes: Mapping[date, int], monday: date, last: date) -> Half:
    step = CELL + GAP
    days = [monday + DAY * number for number in range((last - monday).days + 1)]
    cells = [
        Cell((day - monday).days // 7 * step, TOP + day.weekday() * step, _level(minutes.get(day, 0)), day, minutes.get(day, 0))
        for day in days
    ]
    months = [((day - monday).days // 7 * step, day) for day in days if day.day == 1]
    return Half(cells, months, HALF_WEEKS * step - GAP, TOP + 7 * step - GAP)


def _level(minutes: int) -> int:
    return sum(minutes >= least for least in LEVEL_MINUTES)
