"""Decisions about supplemented time and about what is late, made from plain values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bank.errors import Conflict, Invalid, NotAllowed, NotFound
from bank.hours.rules import MINUTE, REASON_MAX

STATES = ("asked", "agreed", "refused")
PERSONS_MAX = 200


class BadSupplement(Invalid):
    """Supplemented time lies inside the plan, for one to 200 members, and says why in at most 200 characters."""


class NotForYourself(NotAllowed):
    """Nobody supplements for oneself or the household."""


class AnotherAgrees(NotAllowed):
    """A second organizer or admin agrees: neither who asked, nor the member, nor somebody of their households."""


class SupplementNotFound(NotFound):
    """There is no such supplement, or not for the one who asks."""


class NotOverYet(Conflict):
    """Time is supplemented when the activity is over."""


class SupplementNotNeeded(Conflict):
    """This member has scans or a record already."""


class DecidedAlready(Conflict):
    """This supplement has been decided."""


@dataclass(frozen=True, kw_only=True)
class NewSupplement:
    """Time without scans for members of one activity; without times the whole plan."""

    activity_id: int
    person_ids: tuple[int, ...]
    reason: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Due:
    """The last days for confirming and posting, and how many working days late each is or was; 0 is in time."""

    confirm_on: date
    post_on: date
    confirm_late: int
    post_late: int


def check_new(new: NewSupplement, *, plan: tuple[datetime, datetime], at: datetime) -> tuple[datetime, datetime]:
    """The time that is asked for. Raises NotOverYet before the end, BadSupplement for what is outside the plan or unsaid."""
    if at < plan[1]:
        raise NotOverYet(ends_at=plan[1])
    starts_at, ends_at = new.starts_at or plan[0], new.ends_at or plan[1]
    for field, is_right in (
        ("reason", 1 <= len(new.reason.strip()) <= REASON_MAX),
        ("card_numbers", 1 <= len(set(new.person_ids)) <= PERSONS_MAX),
        ("starts_at", plan[0] <= starts_at <= plan[1] - MINUTE),
        ("ends_at", starts_at + MINUTE <= ends_at <= plan[1]),
    ):
        if not is_right:
            raise BadSupplement(field=field)
    return starts_at, ends_at


def is_bulk(count: int, *, bulk_min: int) -> bool:
    """Whether so many supplements by one person on one day are shown to auditors as conspicuous."""
    return count >= bulk_min


def check_second(*, by_id: int, asked_by_home: set[int], member_home: set[int]) -> None:
    """Refuse with AnotherAgrees whoever asked, the member, and their households."""
    if by_id in asked_by_home | member_home:
        raise AnotherAgrees()


def check_none(taken: Sequence[str]) -> None:
    """Refuse with SupplementNotNeeded when anybody named (by name) has scans or a record."""
    if taken:
        raise SupplementNotNeeded(names="、".join(sorted(taken)[:10]))
