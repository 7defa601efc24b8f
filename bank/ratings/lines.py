"""Which service records count in a year, with the marks that count, as one query that both the nightly run and a page read."""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, and_, case, cast, func, literal, or_, select

from bank.clock import local_instant
from bank.evaluations import queries as evaluations
from bank.evaluations.models import Evaluation
from bank.evaluations.rules import HIDDEN_FOR
from bank.hours.models import Service, ServiceRecord
from bank.hours.queries import is_standing, is_within
from bank.ratings.rules import MARK_MAX, RatingRules

MARKS = ("recipient", "leader", "completion")


def is_counted() -> ColumnElement[bool]:
    """Whether a service record counts: it was deposited, with minutes, and was not reversed."""
    return and_(ServiceRecord.minutes > 0, ServiceRecord.entry_id.is_not(None), is_standing())


def counted(
    year: int, *, at: datetime, person_ids: Collection[int] | None = None
) -> Select[int, int, int, int, datetime, date, int | None, int | None, int | None]:
    """The records of a calendar year that count, by the day of service, with those marks that may be seen at an instant.

    A mark counts from the moment it may be seen, so that nobody can reckon a hidden one from a sum.
    """
    given = _marks(year, person_ids)
    has_both = and_(given.c.recipient.is_not(None), given.c.leader.is_not(None))
    is_open = or_(has_both, ServiceRecord.confirmed_at <= at - HIDDEN_FOR)
    shown = (case((is_open, given.c[name])).label(name) for name in MARKS)
    wanted = (
        select(
            ServiceRecord.id.label("record_id"),
            ServiceRecord.person_id,
            ServiceRecord.minutes,
            ServiceRecord.service_id,
            ServiceRecord.confirmed_at,
            Service.served_on,
            *shown,
        )
        .join(Service, Service.id == ServiceRecord.service_id)
        .outerjoin(given, given.c.service_record_id == ServiceRecord.id)
        .where(is_within(year), is_counted())
    )
    return wanted if person_ids is None else wanted.where(ServiceRecord.person_id.in_(person_ids))


def score(lines: Subquery, rules: RatingRules) -> ColumnElement[int]:
    """What `rules.score_of` says of a line, as the database reckons it."""
    weights = {"recipient": rules.recipient_weight, "leader": rules.leader_weight, "completion": rules.completion_weight}
    without = _weighted(lines, {name: weights[name] for name in ("leader", "completion")})
    has_leader = and_(lines.c.leader.is_not(None), lines.c.completion.is_not(None))
    scored = case((lines.c.recipient.is_(None), without), else_=_weighted(lines, weights))
    return case((has_leader, scored))


def total(expression: ColumnElement[int]) -> ColumnElement[int]:
    """A sum that is 0 of nothing, and a whole number on both databases."""
    return cast(func.coalesce(func.sum(expression), 0), BigInteger)


def _weighted(lines: Subquery, weights: dict[str, int]) -> ColumnElement[int]:
    top: ColumnElement[int] = sum((lines.c[name] * weight for name, weight in weights.items()), start=literal(0))
    return (100 * top) // (MARK_MAX * sum(weights.values()))


def _marks(year: int, person_ids: Collection[int] | None) -> Subquery:
    """Marks of that year's records and later ones: none is given before the service, and older ones need not be read."""
    since = local_instant(date(year, 1, 1), time())
    given = evaluations.marks().where(Evaluation.given_at >= since)
    if person_ids is not None:  # Otherwise all members' marks would be added up for one member's page.
        theirs = select(ServiceRecord.id).where(ServiceRecord.person_id.in_(person_ids))
        given = given.where(Evaluation.service_record_id.in_(theirs))
    return given.subquery()
