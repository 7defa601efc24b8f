"""Decisions about feedback to the home unit, made from plain values only: no target, no deduction, no ranking is in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bank.errors import Conflict, NotFound

SHOWN_WORKDAYS = 3
CONSENT = "home_unit"


class SheetNotFound(NotFound):
    """There is no such sheet, or it is not for the one who asks."""


class AlreadyHeldBack(Conflict):
    """The member has held this sheet back before."""


@dataclass(frozen=True)
class Kind:
    """Minutes of one kind of service."""

    category: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that a home unit learns of a member's quarter; `score` only when enough ratings stand beside it."""

    services: int
    minutes: int
    kinds: tuple[Kind, ...]
    rated: int
    score: int | None

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Content":
        """Read what `to_json` wrote."""
        return cls(**{**kept, "kinds": tuple(Kind(**each) for each in kept["kinds"])})


def following_quarter(quarter: date) -> date:
    """The first day of the quarter after the one that begins on a day."""
    return date(quarter.year + (quarter.month + 2) // 12, (quarter.month + 2) % 12 + 1, 1)
