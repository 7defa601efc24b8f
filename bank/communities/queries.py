"""What can be asked about the stars of communities; nothing here changes anything."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from bank.clock import local_day
from bank.communities import rules
from bank.communities.models import CommunityResult, CommunityStanding
from bank.communities.rules import Figures, Rating
from bank.db import db
from bank.hours.models import Service
from bank.ratings.lines import counted, total
from bank.ratings.queries import rules_of_version
from bank.ratings.rules import NotRated, RatingRules
from bank.units.models import Unit
from bank.workdays import workday_after

FIGURES = ("services", "timely", "records", "evaluated", "minutes")


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A community's year with every step to its stars, and the rules it went by; `fixed_at` is None while it is open."""

    unit: Unit
    year: int
    rating: Rating
    rules: RatingRules
    fixed_at: datetime | None


def rated(year: int) -> Sequence[CommunityResult | CommunityStanding]:
    """Every community with services in a year and its stars, in the order of the town; the fixed ones once there are any."""
    fixed = select(CommunityResult).where(CommunityResult.year == year).options(joinedload(CommunityResult.unit))
    standing = select(CommunityStanding).where(CommunityStanding.year == year).options(joinedload(CommunityStanding.unit))
    found: Sequence[CommunityResult | CommunityStanding] = db.session.scalars(fixed).all() or db.session.scalars(standing).all()
    return sorted(found, key=lambda each: each.unit.steps)


def explained(unit_id: int, year: int) -> Explained:
    """A community's year from figures to stars. Raises NotRated."""
    row = db.session.get(CommunityResult, (year, unit_id)) or db.session.get(CommunityStanding, (year, unit_id))
    if row is None:
        raise NotRated()
    in_force = rules_of_version(row.rule_version)
    return Explained(
        unit=row.unit,
        year=year,
        rating=rules.rate(Figures(**{name: getattr(row, name) for name in FIGURES}), in_force),
        rules=in_force,
        fixed_at=row.fixed_at if isinstance(row, CommunityResult) else None,
    )


def is_fixed(year: int) -> bool:
    """Whether a year's stars are written down for good."""
    return db.session.scalar(select(CommunityResult.unit_id).where(CommunityResult.year == year).limit(1)) is not None


def years() -> list[int]:
    """The years with stars of communities, the newest first."""
    both = select(CommunityResult.year).union(select(CommunityStanding.year)).subquery()
    return list(db.session.scalars(select(both.c.year).order_by(both.c.year.desc())))


def figures(year: int, in_force: RatingRules, *, at: datetime) -> dict[int, Figures]:
    """The numbers of every community's year, from the records that count, by the id of the community."""
    homes = _communities()
    sums: dict[int, list[int]] = defaultdict(lambda: [0] * len(FIGURES))
    due = cache(lambda served_on: workday_after(served_on, in_force.timely_workdays))
    for row in db.session.execute(_services(year, at)):
        home = next((homes[step] for step in reversed(_steps(row.path)) if step in homes), None)
        if home is not None:
            is_timely = local_day(row.confirmed_at) <= due(row.served_on)
            added = (1, int(is_timely), row.records, row.evaluated, row.minutes)
            sums[home] = [before + more for before, more in zip(sums[home], added, strict=True)]
    return {unit_id: Figures(**dict(zip(FIGURES, each, strict=True))) for unit_id, each in sums.items()}


def _services(year: int, at: datetime) -> Select[tuple[object, ...]]:
    """One row per service: when it was first confirmed, how many records count, and how many of them have a rating."""
    lines = counted(year, at=at).subquery()
    has_rating = lines.c.leader.is_not(None) & lines.c.completion.is_not(None)
    by_service = (
        select(
            lines.c.service_id,
            func.count().label("records"),
            total(case((has_rating, 1), else_=0)).label("evaluated"),
            total(lines.c.minutes).label("minutes"),
            func.min(lines.c.confirmed_at).label("confirmed_at"),
        )
        .group_by(lines.c.service_id)
        .subquery()
    )
    return (
        select(Unit.path, Service.served_on, *list(by_service.c)[1:])
        .join(Unit, Unit.id == Service.unit_id)
        .join(by_service, by_service.c.service_id == Service.id)
    )


def _communities() -> dict[int, int]:
    return {unit_id: unit_id for unit_id in db.session.scalars(select(Unit.id).where(Unit.kind == "community"))}


def _steps(path: str) -> tuple[int, ...]:
    return tuple(int(step) for step in path.strip("/").split("/"))
