"""Decisions about a community's own stars, made from plain whole numbers only; no community is compared with another."""

from dataclasses import dataclass

from bank.ratings.rules import COMMUNITY_ROWS, DEFAULTS, RatingRules


@dataclass(frozen=True)
class Figures:
    """A community's year in numbers: services, those confirmed in time, their records, and those of them with a rating."""

    services: int = 0
    timely: int = 0
    records: int = 0
    evaluated: int = 0
    minutes: int = 0

    @property
    def evaluated_percent(self) -> int:
        """Of a hundred records so many have a rating, rounded down."""
        return self.evaluated * 100 // self.records if self.records else 0

    @property
    def timely_percent(self) -> int:
        """Of a hundred services so many were confirmed in time, rounded down."""
        return self.timely * 100 // self.services if self.services else 0


@dataclass(frozen=True)
class Step:
    """One star of a community: what it asks for, and whether each of it is there."""

    star: int
    services_min: int
    evaluated_min: int
    timely_min: int
    has_services: bool
    has_evaluated: bool
    has_timely: bool

    @property
    def is_reached(self) -> bool:
        """Whether all three are there."""
        return self.has_services and self.has_evaluated and self.has_timely


@dataclass(frozen=True)
class Rating:
    """A community's rating with every step; under three rated records there is none, however good they are."""

    figures: Figures
    steps: tuple[Step, ...]
    stars: int
    has_enough_ratings: bool


def rate(figures: Figures, rules: RatingRules = DEFAULTS) -> Rating:
    """A community's stars (0 to 5) from its own figures; nothing is compared with another community."""
    asked = zip(*(getattr(rules, name) for name in COMMUNITY_ROWS), strict=True)
    steps = tuple(_step(star, row, figures) for star, row in enumerate(asked, 1))
    has_enough = figures.evaluated >= rules.rated_min
    return Rating(figures, steps, sum(each.is_reached for each in steps) if has_enough else 0, has_enough)


def _step(star: int, asked: tuple[int, ...], figures: Figures) -> Step:
    services, evaluated, timely = asked
    return Step(
        star=star,
        services_min=services,
        evaluated_min=evaluated,
        timely_min=timely,
        has_services=figures.services >= services,
        has_evaluated=figures.evaluated_percent >= evaluated,
        has_timely=figures.timely_percent >= timely,
    )
