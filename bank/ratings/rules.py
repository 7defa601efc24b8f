"""Decisions about rating rules and micro-hour stars, made from plain whole numbers only; no float touches a score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from bank.errors import Conflict, Invalid, NotFound
from bank.evaluations.rules import BadMark

STARS_MAX = 5
MARK_MAX = 5
NUMBER_MAX = 1_000_000
MEDALS_MAX = 3


class BadRatingRules(Invalid):
    """Thresholds are whole numbers that do not fall from star to star; weights give at least the leader's mark a weight."""


class RulesBeginTooEarly(Conflict):
    """New rules begin on a day to come, so that nothing that has been rated is rated again."""


class RulesBeginTwice(Conflict):
    """Other rules begin on that day already."""


class NoRatingRules(NotFound):
    """No rating rules are in force on that day; `bank init` writes the first."""


class YearNotOver(Conflict):
    """A year's result is fixed on 31 January of the next, when the last marks can be seen."""


class NotRated(NotFound):
    """There is no such rating, or it is not for the one who asks."""


@dataclass(frozen=True, kw_only=True)
class RatingRules:
    """Thresholds and weights from a first day on; a calendar year goes by the rules in force on its 1 January.

    Rows of five are one threshold per star; minutes and hours are whole, scores and shares go from 0 to 100.
    """

    version: int = 1
    starts_on: date = date(2000, 1, 1)
    recipient_weight: int = 5
    leader_weight: int = 3
    completion_weight: int = 2
    micro_minutes: tuple[int, ...] = (240, 480, 720, 1440, 3000)
    micro_scores: tuple[int, ...] = (60, 60, 70, 80, 90)
    rated_min: int = 3
    few_rated_stars_max: int = 2
    honour_hours: tuple[int, ...] = (100, 300, 600, 1000, 1500)
    fifth_by_decision: int = 1
    medal_hours: tuple[int, ...] = ()
    community_services: tuple[int, ...] = (6, 12, 24, 48, 96)
    community_evaluated: tuple[int, ...] = (20, 30, 40, 50, 60)
    community_timely: tuple[int, ...] = (50, 60, 70, 80, 90)
    timely_workdays: int = 3

    def __post_init__(self) -> None:
        for name, value in self.to_json().items():
            numbers = value if isinstance(value, tuple) else (value,)
            if not all(type(each) is int and 0 <= each <= NUMBER_MAX for each in numbers) or list(numbers) != sorted(numbers):
                raise BadRatingRules(field=name)
        self._check_lengths()
        self._check_ranges()

    def _check_lengths(self) -> None:
        for name in ("micro_minutes", "micro_scores", "honour_hours", *COMMUNITY_ROWS):
            if len(getattr(self, name)) != STARS_MAX:
                raise BadRatingRules(field=name)
        if len(self.medal_hours) > MEDALS_MAX:
            raise BadRatingRules(field="medal_hours")

    def _check_ranges(self) -> None:
        limits = {"micro_scores": 100, "community_evaluated": 100, "community_timely": 100}
        limits |= dict.fromkeys(("recipient_weight", "leader_weight", "completion_weight"), 1000)
        limits |= {"few_rated_stars_max": STARS_MAX, "rated_min": 1000, "timely_workdays": 60, "fifth_by_decision": 1}
        for name, most in limits.items():
            value = getattr(self, name)
            if max(value if isinstance(value, tuple) else (value,)) > most:
                raise BadRatingRules(field=name)
        for name in ("leader_weight", "timely_workdays"):
            if getattr(self, name) < 1:
                raise BadRatingRules(field=name)
        for name in ("micro_minutes", "honour_hours", "medal_hours"):
            if 0 in getattr(self, name):  # A star for nothing would be given to everybody.
                raise BadRatingRules(field=name)

    def to_json(self) -> dict[str, Any]:
        """The rules alone; version and first day are columns of their own."""
        return {name: value for name, value in asdict(self).items() if name not in ("version", "starts_on")}

    @classmethod
    def from_json(cls, rules: Mapping[str, Any], *, version: int, starts_on: date) -> "RatingRules":
        """Read what `to_json` wrote; a rule that came later has its default. Raises BadRatingRules for an unknown one."""
        if unknown := rules.keys() - {each.name for each in fields(cls)}:
            raise BadRatingRules(field=min(unknown))
        plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in rules.items()}
        return cls(version=version, starts_on=starts_on, **plain)


COMMUNITY_ROWS = ("community_services", "community_evaluated", "community_timely")
DEFAULTS = RatingRules()


@dataclass(frozen=True)
class RatedService:
    """One service of a member's year: its credited minutes and its score (0 to 100), None while it has none."""

    minutes: int
    score: int | None


@dataclass(frozen=True)
class Line:
    """One service record of a year: its credited minutes and the marks that count, None where there is none."""

    record_id: int
    minutes: int
    recipient: int | None = None
    leader: int | None = None
    completion: int | None = None

    def rated_by(self, rules: RatingRules) -> RatedService:
        """The line as a service with its score."""
        return RatedService(self.minutes, score_of(self.recipient, self.leader, self.completion, rules))


@dataclass(frozen=True)
class Sums:
    """What a year's services come to; `weighted` is the sum of minutes x score over the rated ones."""

    services: int = 0
    minutes: int = 0
    rated: int = 0
    rated_minutes: int = 0
    weighted: int = 0

    @property
    def score(self) -> int:
        """The minute-weighted mean of the rated services' scores, rounded down; 0 when none is rated."""
        return self.weighted // self.rated_minutes if self.rated_minutes else 0


@dataclass(frozen=True)
class Step:
    """One star of the year: what it asks for, and what of it is missing (0 when it is there)."""

    star: int
    minutes_min: int
    score_min: int
    rated_min: int
    minutes_missing: int
    score_missing: int
    rated_missing: int

    @property
    def is_reached(self) -> bool:
        """Whether nothing is missing."""
        return not (self.minutes_missing or self.score_missing or self.rated_missing)


@dataclass(frozen=True)
class Rating:
    """A year's rating with every step of it; the stars are the highest step that is reached."""

    sums: Sums
    steps: tuple[Step, ...]
    stars: int

    @property
    def next(self) -> Step | None:
        """The step to the next star; None with five."""
        return self.steps[self.stars] if self.stars < STARS_MAX else None


def in_force(versions: Iterable[RatingRules], on: date) -> RatingRules:
    """Of several versions the one with the latest first day up to a day. Raises NoRatingRules."""
    begun = [each for each in versions if each.starts_on <= on]
    if not begun:
        raise NoRatingRules(on=on)
    return max(begun, key=lambda each: each.starts_on)


def check_first_day(starts_on: date, *, today: date, taken: Iterable[date]) -> None:
    """Refuse rules that begin today or earlier, or on the day of others: RulesBeginTooEarly, RulesBeginTwice."""
    if starts_on <= today:
        raise RulesBeginTooEarly(today_on=today)
    if starts_on in set(taken):
        raise RulesBeginTwice(starts_on=starts_on)


def service_score(*, recipient: int | None, leader: int, completion: int, rules: RatingRules = DEFAULTS) -> int:
    """0 to 100 from marks of 1 to 5, by weight; without a recipient's mark the other two carry it all. Raises BadMark."""
    pairs = [(recipient, rules.recipient_weight), (leader, rules.leader_weight), (completion, rules.completion_weight)]
    given = [(mark, weight) for mark, weight in pairs if mark is not None]
    if len(given) < 2 or any(type(mark) is not int or not 1 <= mark <= MARK_MAX for mark, _ in given):
        raise BadMark()
    return 100 * sum(mark * weight for mark, weight in given) // (MARK_MAX * sum(weight for _, weight in given))


def score_of(recipient: int | None, leader: int | None, completion: int | None, rules: RatingRules) -> int | None:
    """The score of a service from the marks there are; None until the leader has given both of theirs."""
    if leader is None or completion is None:
        return None
    return service_score(recipient=recipient, leader=leader, completion=completion, rules=rules)


def sums_of(services: Iterable[RatedService]) -> Sums:
    """Add up a year's services."""
    everything = list(services)
    rated = [(each.minutes, each.score) for each in everything if each.score is not None]
    return Sums(
        services=len(everything),
        minutes=sum(each.minutes for each in everything),
        rated=len(rated),
        rated_minutes=sum(minutes for minutes, _ in rated),
        weighted=sum(minutes * score for minutes, score in rated),
    )


def rate(sums: Sums, rules: RatingRules = DEFAULTS) -> Rating:
    """Stars (0 to 5) of an in-service member's calendar year, by how long and how well; few ratings give at most two."""
    asked = zip(rules.micro_minutes, rules.micro_scores, strict=True)
    steps = tuple(_step(star, minutes, score, sums, rules) for star, (minutes, score) in enumerate(asked, 1))
    return Rating(sums, steps, stars=sum(each.is_reached for each in steps))


def micro_stars(services: Sequence[RatedService], rules: RatingRules = DEFAULTS) -> int:
    """The stars alone."""
    return rate(sums_of(services), rules).stars


def _step(star: int, minutes: int, score: int, sums: Sums, rules: RatingRules) -> Step:
    rated = rules.rated_min if star > rules.few_rated_stars_max else 0
    missing = (max(0, least - there) for least, there in ((minutes, sums.minutes), (score, sums.score), (rated, sums.rated)))
    return Step(star, minutes, score, rated, *missing)
