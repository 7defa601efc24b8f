"""Decisions about boards, made from plain values only: who stands where, and what is shown to nobody."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from bank.errors import Invalid, NotFound
from bank.statements.rules import Period

PERSONS = "persons"
GROUP_KINDS = {"teams": "team", "grids": "grid", "communities": "community"}
SUBJECTS = (PERSONS, *GROUP_KINDS)
MEASURES = ("points", "minutes", "stars", "newcomers")
PERIOD_KINDS = ("week", "month", "quarter", "half", "year")
ROWS_MAX = 50
GROUP_MIN = 3
SHOWN_GROUPS_MIN = 3
KEPT = timedelta(seconds=5)


class BadBoard(Invalid):
    """A board is of persons, teams, grids or communities, by points, minutes, stars or newcomers."""


class NotRanked(NotFound):
    """Workplaces are not ranked, nor are those who work there: service is voluntary (rule 14)."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which board: of a unit and all below it, in a period."""

    unit_id: int
    period: Period
    subject: str = PERSONS
    measure: str = "points"

    def __post_init__(self) -> None:
        if self.subject not in SUBJECTS or self.measure not in MEASURES:
            raise BadBoard()


@dataclass(frozen=True)
class Node:
    """The unit a board is of, as plain values that can be kept."""

    id: int
    name: str
    kind: str
    path: str


@dataclass(frozen=True)
class Row:
    """One place on a board: equal values share the rank. Points are hundredths; `people` are those behind a group's number."""

    rank: int
    id: int
    name: str
    unit_name: str
    value: int
    people: int | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Steps:
    """All values on a board, each once and rising, and how many stand at each or above it; so any place is found at once."""

    values: Sequence[int] = ()
    at_or_above: Sequence[int] = ()

    @classmethod
    def of(cls, counts: Iterable[tuple[int, int]]) -> "Steps":
        """From (value, how many have it) in any order."""
        falling = sorted(counts, reverse=True)
        totals = list(accumulate(count for _, count in falling))
        return cls([value for value, _ in reversed(falling)], totals[::-1])

    def place(self, value: int) -> tuple[int, int | None]:
        """The rank of a value, and what is missing to the next place above; None for the first."""
        above = bisect_left(self.values, value + 1)
        if above == len(self.values):
            return 1, None
        return 1 + self.at_or_above[above], self.values[above] - value


def ranks(values: Sequence[int]) -> list[int]:
    """The ranks of falling values; equal ones share theirs, and the next rank counts them all."""
    first_with: dict[int, int] = {}
    return [first_with.setdefault(value, number) for number, value in enumerate(values, 1)]


def groups_shown(count: int) -> int:
    """How many of so many groups a board shows: the upper half, as nobody is to be last; of few groups three."""
    return min(ROWS_MAX, max(SHOWN_GROUPS_MIN, (count + 1) // 2))
