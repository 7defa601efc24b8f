"""Where every in-service member stands, reckoned from the records for all at once; and the fixing of a year that is over."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, case, delete, func, insert, literal, select, update

from bank.clock import local_day
from bank.db import db
from bank.people.models import Person
from bank.ratings import queries, rules
from bank.ratings.lines import counted, score, total
from bank.ratings.models import MicroResult, MicroStanding
from bank.ratings.rules import Line, RatingRules

FIXED_MONTH, FIXED_DAY = 1, 31
BATCH = 1000
STANDING = (
    MicroStanding.person_id,
    MicroStanding.services,
    MicroStanding.minutes,
    MicroStanding.rated,
    MicroStanding.rated_minutes,
    MicroStanding.weighted,
    MicroStanding.score,
    MicroStanding.stars,
    MicroStanding.rule_version,
)


def recompute_open(*, at: datetime) -> int:
    """Bring the present year, and the one before until it is fixed, up to what the records say; how many standings changed."""
    this_year = local_day(at).year
    return sum(recompute(year=year, at=at) for year in (this_year - 1, this_year))


def recompute(*, year: int, at: datetime) -> int:
    """Bring every standing of a year up to what the records say now; how many changed. A fixed year stays as it is.

    The database reckons, all members at once; only what differs is written, so that a second run writes nothing.
    """
    if queries.is_fixed(year):
        return 0
    found = _by_person(_standings(year, queries.rules_of_year(year), at))
    known = _by_person(select(*STANDING).where(MicroStanding.year == year))
    gone = [person_id for person_id in known if person_id not in found]
    changed = [row for person_id, row in found.items() if known.get(person_id) != row]
    for start in range(0, len(gone), BATCH):
        its = MicroStanding.person_id.in_(gone[start : start + BATCH])
        db.session.execute(delete(MicroStanding).where(MicroStanding.year == year, its))
    _write(year, [row for row in changed if row[0] in known], [row for row in changed if row[0] not in known], at)
    return len(gone) + len(changed)


def fix(*, year: int, at: datetime) -> int:
    """Write down for good what a year came to, from 31 January of the next year on; how many are new. Raises YearNotOver.

    The lines are kept with the result, so that it can be explained as it was, whatever is corrected later.
    """
    if local_day(at) < date(year + 1, FIXED_MONTH, FIXED_DAY):
        raise rules.YearNotOver(year=year)
    recompute(year=year, at=at)
    in_force = queries.rules_of_year(year)
    standings = list(
        db.session.scalars(select(MicroStanding).where(MicroStanding.year == year).order_by(MicroStanding.person_id))
    )
    for start in range(0, len(standings), BATCH):
        batch = standings[start : start + BATCH]
        lines = queries.lines_of(year, [each.person_id for each in batch], at=at)
        rows = [_result(each, lines[each.person_id], in_force, at) for each in batch]
        db.session.execute(insert(MicroResult), rows)
    db.session.execute(delete(MicroStanding).where(MicroStanding.year == year))
    return len(standings)


def _result(standing: MicroStanding, lines: Sequence[Line], in_force: RatingRules, at: datetime) -> dict[str, Any]:
    """A member's year reckoned once more, by the rules themselves; what the database said must be the same."""
    rating = rules.rate(rules.sums_of(each.rated_by(in_force) for each in lines), in_force)
    assert (rating.sums.score, rating.stars) == (standing.score, standing.stars), (
        f"two ways to reckon {standing.person_id} differ"
    )
    return {
        "year": standing.year,
        "person_id": standing.person_id,
        "minutes": rating.sums.minutes,
        "rated": rating.sums.rated,
        "score": rating.sums.score,
        "stars": rating.stars,
        "rule_version": in_force.version,
        "lines": [[each.record_id, each.minutes, each.recipient, each.leader, each.completion] for each in lines],
        "fixed_at": at,
    }


def _by_person(wanted: Executable) -> dict[int, tuple[int, ...]]:
    return {row[0]: tuple(row) for row in db.session.connection().execute(wanted)}


def _write(year: int, changed: Sequence[Sequence[int]], new: Sequence[Sequence[int]], at: datetime) -> None:
    names = [each.key for each in STANDING]
    rows = [[dict(zip(names, row, strict=True), year=year, changed_at=at) for row in some] for some in (changed, new)]
    if changed:
        db.session.execute(update(MicroStanding), rows[0])
    if new:
        db.session.execute(insert(MicroStanding), rows[1])


def _standings(year: int, in_force: RatingRules, at: datetime) -> Select[tuple[int, ...]]:
    """One row per in-service member with a record that counts, as in `STANDING`, reckoned as `rules.rate` does."""
    sums = _sums(year, in_force, at)
    mean = case((sums.c.rated_minutes > 0, sums.c.weighted // func.nullif(sums.c.rated_minutes, 0)), else_=0)
    rated = select(*sums.c, mean.label("score")).subquery()
    reached = (case((step, 1), else_=0) for step in _steps(rated, in_force))
    return select(*rated.c, sum(reached, start=literal(0)), literal(in_force.version))


def _sums(year: int, in_force: RatingRules, at: datetime):  # type: ignore[no-untyped-def]
    in_service = select(Person.id).where(Person.is_in_service)
    lines = counted(year, at=at).subquery()
    scored = select(lines.c.person_id, lines.c.minutes, score(lines, in_force).label("score")).subquery()
    return (
        select(
            scored.c.person_id,
            func.count().label("services"),
            total(scored.c.minutes).label("minutes"),
            func.count(scored.c.score).label("rated"),
            total(case((scored.c.score.is_not(None), scored.c.minutes))).label("rated_minutes"),
            total(scored.c.minutes * scored.c.score).label("weighted"),
        )
        .where(scored.c.person_id.in_(in_service))
        .group_by(scored.c.person_id)
        .subquery()
    )


def _steps(rated, in_force: RatingRules) -> list[ColumnElement[bool]]:  # type: ignore[no-untyped-def]
    asked = zip(in_force.micro_minutes, in_force.micro_scores, strict=True)
    return [
        and_(
            rated.c.minutes >= minutes,
            rated.c.score >= good,
            rated.c.rated >= (in_force.rated_min if star > in_force.few_rated_stars_max else 0),
        )
        for star, (minutes, good) in enumerate(asked, 1)
    ]
