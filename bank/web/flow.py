"""Where the points went, as a picture: what was given out on the left, on the right what became of it, as thick as it is much.

Both sides come to the same, as every entry does; the numbers are those of the trial balance, and lead to its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bank.ledger.queries import Held

HEIGHT, WIDTH, BAR, GAP = 240, 600, 22, 10
MEMBERS = "members"
# In the order in which they are drawn; what is not named here is drawn last, as the rest.
ENDS = ("redeemed", "reserved", "expired", "pool", MEMBERS)


@dataclass(frozen=True)
class Band:
    """An end of the points: hundredths, the bank's own account to look into (None for all members together), and its shape."""

    code: str
    points: int
    account_id: int | None
    path: str
    top: int
    height: int


@dataclass(frozen=True)
class Flow:
    """All points that were given out, in hundredths, and what became of them."""

    given: int
    bands: tuple[Band, ...]


def flow(accounts: Sequence[Held], *, members: int) -> Flow | None:
    """The picture of these accounts and of what all members hold, in hundredths; None before the first point was given out."""
    ends = {MEMBERS: members} | {code: 0 for code in ENDS if code != MEMBERS}
    ids: dict[str, int] = {}
    given = 0
    for each in accounts:
        code = each.code.partition("/")[0]
        if each.unit != "points" or not each.balance:
            continue
        if each.balance < 0:
            given -= each.balance
        else:
            ends[code] = ends.get(code, 0) + each.balance
            ids.setdefault(code, each.id)
    there = [(code, ends[code]) for code in (*ENDS, *(each for each in ends if each not in ENDS)) if ends[code] > 0]
    return Flow(given, tuple(_bands(there, ids))) if there and given else None


def _bands(ends: Sequence[tuple[str, int]], ids: dict[str, int]) -> list[Band]:
    whole, room = sum(points for _, points in ends), HEIGHT - GAP * (len(ends) - 1)
    bands, left, right = [], 0, 0
    for code, points in ends:
        height = max(2, room * points // whole)
        left_height = max(2, HEIGHT * points // whole)
        path = _path(left, left_height, right, height)
        bands.append(Band(code, points, ids.get(code), path, right, height))
        left, right = left + left_height, right + height + GAP
    return bands


def _path(left: int, left_height: int, right: int, height: int) -> str:
    start, end, middle = BAR, WIDTH - BAR, WIDTH // 2
    return (
        f"M{start} {left}C{middle} {left} {middle} {right} {end} {right}V{right + height}"
        f"C{middle} {right + height} {middle} {left + left_height} {start} {left + left_height}Z"
    )
