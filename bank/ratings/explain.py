"""The whole calculation of a member's year, from records to stars: one structure for pages, API and command."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bank import clock
from bank.db import db
from bank.evaluations.rules import opens_at
from bank.hours.models import Service, ServiceRecord
from bank.hours.queries import is_within
from bank.people.models import Person
from bank.ratings import queries, rules
from bank.ratings.rules import Line, Rating, RatingRules


@dataclass(frozen=True, kw_only=True)
class ExplainedLine:
    """One record that counts: its marks, its score, and minutes x score, which goes into the sum; `opens_on` while unseen."""

    record_id: int
    name: str
    served_on: date
    minutes: int
    recipient: int | None
    leader: int | None
    completion: int | None
    score: int | None
    weighted: int | None
    opens_on: date | None


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """One record that does not count, and why: `no_minutes`, `not_posted`, `reversed`, or `later` than the year was fixed."""

    record_id: int
    name: str
    served_on: date
    minutes: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A year from records to stars. `fixed_at` is None while the year is open."""

    person: Person
    year: int
    rules: RatingRules
    lines: tuple[ExplainedLine, ...]
    left_out: tuple[LeftOut, ...]
    rating: Rating
    fixed_at: datetime | None


def explanation(*, person: Person, year: int, at: datetime) -> Explanation:
    """How a member's year came, or comes, to its stars; a fixed year as it was when it was fixed. Raises NoRatingRules."""
    fixed = queries.result(person.id, year)
    if fixed is None:
        lines, in_force = queries.lines_of(year, [person.id], at=at)[person.id], queries.rules_of_year(year)
    else:
        lines, in_force = [Line(*each) for each in fixed.lines], queries.rules_of_version(fixed.rule_version)  # type: ignore[arg-type]
    records = _records(person.id, year)
    explained = tuple(_explained(each, records[each.record_id], in_force, at) for each in lines)
    counting = {each.record_id for each in lines}
    fixed_at = fixed.fixed_at if fixed else None
    left_out = tuple(_left_out(each, fixed_at) for each in records.values() if each.id not in counting)
    rating = rules.rate(rules.sums_of(each.rated_by(in_force) for each in lines), in_force)
    return Explanation(
        person=person,
        year=year,
        rules=in_force,
        lines=explained,
        left_out=left_out,
        rating=rating,
        fixed_at=fixed_at,
    )


def _records(person_id: int, year: int) -> dict[int, ServiceRecord]:
    wanted = select(ServiceRecord).join(ServiceRecord.service).options(joinedload(ServiceRecord.service))
    mine = wanted.where(ServiceRecord.person_id == person_id, is_within(year))
    return {each.id: each for each in db.session.scalars(mine.order_by(Service.served_on, ServiceRecord.id))}


def _explained(line: Line, record: ServiceRecord, in_force: RatingRules, at: datetime) -> ExplainedLine:
    score = line.rated_by(in_force).score
    opens = opens_at(record.confirmed_at)
    return ExplainedLine(
        record_id=line.record_id,
        name=record.service.name,
        served_on=record.service.served_on,
        minutes=line.minutes,
        recipient=line.recipient,
        leader=line.leader,
        completion=line.completion,
        score=score,
        weighted=None if score is None else line.minutes * score,
        opens_on=clock.local_day(opens) if score is None and at < opens else None,
    )


def _left_out(record: ServiceRecord, fixed_at: datetime | None) -> LeftOut:
    service = record.service
    return LeftOut(
        record_id=record.id,
        name=service.name,
        served_on=service.served_on,
        minutes=record.minutes,
        why=_why(record, fixed_at),
    )


def _why(record: ServiceRecord, fixed_at: datetime | None) -> str:
    if not record.minutes:
        return "no_minutes"
    if fixed_at and record.confirmed_at > fixed_at:
        return "later"
    return "not_posted" if record.entry_id is None else "reversed"
