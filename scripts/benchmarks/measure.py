"""How a case is measured: floor and ours by turns in one run, and the ratio of their medians."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from statistics import median

Work = Callable[[], float]  # Does a piece of work and answers how many operations a second that was.


@dataclass(frozen=True)
class Case:
    """One promise about speed: `ready` prepares both sides, which then work by turns for `rounds`.

    `mark` is the least ratio of our rate to the floor's; with `is_cost`, the most that our time may be of the floor's.
    """

    name: str
    mark: float
    ready: Callable[[], AbstractContextManager[tuple[Work, Work]]]
    rounds: int = 7
    is_cost: bool = False


@dataclass(frozen=True)
class Result:
    """What came out: operations per second as (least, median, most), and ours/floor of the medians (times if `is_cost`)."""

    name: str
    floor: tuple[float, float, float]
    ours: tuple[float, float, float]
    ratio: float
    mark: float
    is_cost: bool

    @property
    def is_reached(self) -> bool:
        """Whether the ratio keeps its mark."""
        return self.ratio <= self.mark if self.is_cost else self.ratio >= self.mark

    def to_json(self) -> dict[str, object]:
        """The result with plain values only."""
        return asdict(self) | {"is_reached": self.is_reached}


def measure(case: Case) -> Result:
    """Run a case: once each to warm up when there are several rounds, then floor and ours by turns."""
    with case.ready() as (floor, ours):
        if case.rounds > 1:
            floor(), ours()
        rates = [(floor(), ours()) for _ in range(case.rounds)]
    floors, mine = sorted(each for each, _ in rates), sorted(each for _, each in rates)
    ratio = median(floors) / median(mine) if case.is_cost else median(mine) / median(floors)
    return Result(case.name, _spread(floors), _spread(mine), ratio, case.mark, case.is_cost)


def rate(count: int, do: Callable[[], object]) -> float:
    """Operations per second of something that does `count` of them."""
    started = time.perf_counter()
    do()
    return count / (time.perf_counter() - started)


def keys(prefix: str) -> Iterator[str]:
    """Names that never come again: `prefix-1`, `prefix-2`, …"""
    number = 0
    while True:
        number += 1
        yield f"{prefix}-{number}"


def _spread(rates: list[float]) -> tuple[float, float, float]:
    return rates[0], median(rates), rates[-1]
