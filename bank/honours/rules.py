"""Decisions about star honours and medals, made from plain whole minutes only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bank.errors import Conflict, Invalid, NotAllowed, NotFound
from bank.ratings.rules import DEFAULTS, STARS_MAX, RatingRules

HONOUR, MEDAL = "honour", "medal"
KINDS = (HONOUR, MEDAL)
CAUSES = ("reversal", "decision")
REASON_MAX = 200
DECIDED_STAR = 5
HOUR = 60


class BadProposal(Invalid):
    """A proposal names a star or medal that there is, and a reason of 1 to 200 characters."""


class ProposalNotFound(NotFound):
    """There is no such proposal, or not for the one who asks."""


class AwardNotFound(NotFound):
    """There is no such award, or not for the one who asks."""


class AlreadyProposed(Conflict):
    """The same is proposed already and waits for its answer."""


class AlreadyAnswered(Conflict):
    """A proposal is answered once."""


class NothingToDecide(Conflict):
    """The star needs no decision, the hours are not there, or things already are as proposed."""


class NotTheSecondPerson(NotAllowed):
    """Whoever proposes does not also answer."""


class NotAboutYourself(NotAllowed):
    """Nobody proposes or decides about themselves or their household."""


@dataclass(frozen=True)
class Honour:
    """The star honour reached (0 to 5) and the minutes still missing to the next one that minutes alone can reach."""

    stars: int
    minutes: int
    minutes_missing: int | None
    is_waiting: bool


@dataclass(frozen=True, order=True)
class Level:
    """One thing that can be awarded: the n-th star, or the n-th medal."""

    kind: str
    number: int


@dataclass(frozen=True)
class Held:
    """A level that a person holds, and the lifetime minutes that the rules asked for when it was awarded."""

    level: Level
    minutes_min: int


def thresholds(rules: RatingRules) -> dict[Level, int]:
    """The lifetime minutes that each level asks for."""
    stars = {Level(HONOUR, number): hours * HOUR for number, hours in enumerate(rules.honour_hours, 1)}
    return stars | {Level(MEDAL, number): hours * HOUR for number, hours in enumerate(rules.medal_hours, 1)}


def needs_decision(level: Level, rules: RatingRules) -> bool:
    """Whether a level is not given by minutes alone."""
    return level == Level(HONOUR, DECIDED_STAR) and bool(rules.fifth_by_decision)


def star_honour(
    minutes: int,
    *,
    rules: RatingRules = DEFAULTS,
    is_fifth_decided: bool = False,
    held: Collection[int] = (),
    withdrawn: Collection[int] = (),
) -> Honour:
    """The honour for the lifetime's credited minutes; the fifth star needs a recorded decision.

    Stars held under earlier rules stay; those withdrawn by decision do not count, nor any star above them.
    """
    steps = list(enumerate((hours * HOUR for hours in rules.honour_hours), 1))
    reached = 0
    for star, least in steps:
        if star in withdrawn or (minutes < least and star not in held):
            break
        reached = star
    is_waiting = reached == DECIDED_STAR and bool(rules.fifth_by_decision) and not is_fifth_decided and DECIDED_STAR not in held
    stars = reached - is_waiting
    missing = max(0, steps[reached][1] - minutes) if reached < STARS_MAX else None
    return Honour(stars, minutes, missing, is_waiting)


def to_award(
    minutes: int,
    *,
    rules: RatingRules,
    held: Iterable[Held],
    decided: Collection[Level],
    withdrawn: Collection[Level],
) -> list[Level]:
    """The levels that are due and not held: minutes are there, a decision where one is needed, none against it."""
    has = {each.level for each in held}
    due = (level for level, least in thresholds(rules).items() if minutes >= least and level not in has)
    is_free = (each for each in due if not any(lower.kind == each.kind and lower <= each for lower in withdrawn))
    return [each for each in is_free if each in decided or not needs_decision(each, rules)]


def to_revoke(minutes: int, held: Iterable[Held]) -> list[Level]:
    """The levels held whose minutes are no longer there; later rules that ask for more take nothing away."""
    return [each.level for each in held if minutes < each.minutes_min]


def clean_reason(reason: str) -> str:
    """A reason as it is kept. Raises BadProposal when it says nothing or too much."""
    clean = " ".join(reason.split())
    if not 1 <= len(clean) <= REASON_MAX:
        raise BadProposal(field="reason")
    return clean
