"""Everything that changes the stars of communities. An action flushes and never commits; the face that calls it does."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from bank.clock import local_day
from bank.communities import queries, rules
from bank.communities.models import CommunityResult, CommunityStanding
from bank.communities.queries import FIGURES
from bank.db import db
from bank.ratings.nightly import FIXED_DAY, FIXED_MONTH
from bank.ratings.queries import rules_of_year
from bank.ratings.rules import YearNotOver

NAMES = ("unit_id", *FIGURES, "stars", "rule_version")


def recompute_open(*, at: datetime) -> int:
    """Bring the present year, and the one before until it is fixed, up to what the records say; how many changed."""
    this_year = local_day(at).year
    return sum(recompute(year=year, at=at) for year in (this_year - 1, this_year))


def recompute(*, year: int, at: datetime) -> int:
    """Bring every community's year up to what the records say now; how many changed. A fixed year stays as it is."""
    if queries.is_fixed(year):
        return 0
    columns = [getattr(CommunityStanding, name) for name in NAMES]
    known = {tuple(row) for row in db.session.execute(select(*columns).where(CommunityStanding.year == year))}
    found = {tuple(row[name] for name in NAMES) for row in _rows(year, at)}
    outdated = [row[0] for row in known - found]
    of_year = CommunityStanding.year == year
    db.session.execute(delete(CommunityStanding).where(of_year, CommunityStanding.unit_id.in_(outdated)))
    new = [dict(zip(NAMES, row, strict=True), year=year, changed_at=at) for row in sorted(found - known)]
    if new:
        db.session.execute(insert(CommunityStanding), new)
    return len({row[0] for row in known ^ found})


def fix(*, year: int, at: datetime) -> int:
    """Write down for good what a year came to, from 31 January of the next year on; how many are new. Raises YearNotOver."""
    if local_day(at) < date(year + 1, FIXED_MONTH, FIXED_DAY):
        raise YearNotOver(year=year)
    if queries.is_fixed(year):
        return 0
    rows = [row | {"year": year, "fixed_at": at} for row in _rows(year, at)]
    if rows:
        db.session.execute(insert(CommunityResult), rows)
    db.session.execute(delete(CommunityStanding).where(CommunityStanding.year == year))
    return len(rows)


def _rows(year: int, at: datetime) -> list[dict[str, Any]]:
    in_force = rules_of_year(year)
    found = queries.figures(year, in_force, at=at)
    return [
        {
            "unit_id": unit_id,
            **{name: getattr(each, name) for name in FIGURES},
            "stars": rules.rate(each, in_force).stars,
            "rule_version": in_force.version,
        }
        for unit_id, each in sorted(found.items())
    ]
