"""Decisions about star honours and micro-hour stars, made from plain whole numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass

from bank.errors import Invalid

HONOUR_HOURS = (100, 300, 600, 1000, 1500)
MICRO_MINUTES = (240, 480, 720, 1440, 3000)
MICRO_SCORES = (60, 60, 70, 80, 90)
MICRO_RATED_MIN = 3
MICRO_UNRATED_STARS_MAX = 2


class BadMark(Invalid):
    """A mark is a whole number from 1 to 5."""


@dataclass(frozen=True)
class Honour:
    """The star honour reached (0 to 5) and the minutes still missing to the next one that minutes alone can reach."""

    stars: int
    minutes: int
    minutes_missing: int | None
    is_waiting: bool


@dataclass(frozen=True)
class RatedService:
    """One micro-hour service: its credited minutes and its score (0 to 100), None while nobody has rated it."""

    minutes: int
    score: int | None


def star_honour(minutes: int, *, is_fifth_decided: bool = False) -> Honour:
    """The honour for the lifetime's credited minutes; the fifth star needs a recorded decision."""
    reached = sum(minutes >= hours * 60 for hours in HONOUR_HOURS)
    stars = reached if is_fifth_decided else min(reached, 4)
    missing = HONOUR_HOURS[reached] * 60 - minutes if reached < 5 else None
    return Honour(stars, minutes, missing, is_waiting=stars < reached)


def service_score(*, recipient: int | None, leader: int, completion: int) -> int:
    """0 to 100 from marks of 1 to 5; without a recipient's mark the other two carry it all."""
    given = [leader, completion] if recipient is None else [recipient, leader, completion]
    if any(type(mark) is not int or not 1 <= mark <= 5 for mark in given):
        raise BadMark(recipient=recipient, leader=leader, completion=completion)
    if recipient is None:
        return 4 * (3 * leader + 2 * completion)
    return 2 * (5 * recipient + 3 * leader + 2 * completion)


def year_score(services: Sequence[RatedService]) -> int:
    """The minute-weighted mean of the rated services' scores, rounded down; 0 when none is rated."""
    rated = [(each.minutes, each.score) for each in services if each.score is not None]
    minutes = sum(each for each, _ in rated)
    return sum(each * score for each, score in rated) // minutes if minutes else 0


def micro_stars(services: Sequence[RatedService]) -> int:
    """Stars (0 to 5) of an in-service member's calendar year, by how long and how well."""
    minutes = sum(each.minutes for each in services)
    score = year_score(services)
    stars = sum(minutes >= least and score >= good for least, good in zip(MICRO_MINUTES, MICRO_SCORES, strict=True))
    is_rated_enough = sum(each.score is not None for each in services) >= MICRO_RATED_MIN
    return stars if is_rated_enough else min(stars, MICRO_UNRATED_STARS_MAX)
