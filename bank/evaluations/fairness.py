"""What auditors look at: raters far from the rest, pairs who rate each other, phones that used many codes. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from bank.db import db
from bank.evaluations import queries, rules
from bank.evaluations.models import Evaluation
from bank.evaluations.rules import Favour, Mean, Rater
from bank.hours.models import Service, ServiceRecord
from bank.people.models import Person
from bank.people.queries import units
from bank.units.models import Unit

LISTED_MAX = 200
DEVICE_RECORDS_MIN = 5


@dataclass(frozen=True)
class Pair:
    """Two persons who rated each other within a year, and what each gave the other."""

    one: Person
    other: Person
    there: Favour
    back: Favour


@dataclass(frozen=True)
class OutlierRow:
    """A rater far from the others of a community."""

    person: Person
    community: Unit
    rater: Rater


@dataclass(frozen=True)
class Phone:
    """One browser that gave marks for several records by their codes, for so many members."""

    device: str
    member_count: int
    given: Mean


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which marks: of a year, given by a person, received by a member, or from one phone."""

    year: int
    given_by_id: int | None = None
    member_id: int | None = None
    device: str | None = None


def outliers(by: Person, *, year: int) -> list[OutlierRow]:
    """Raters whose mean lies a whole mark from the others' of their community, where `by` audits; see `rules.outliers`."""
    known = {each.id: each for each in units(by=by, role="auditor")}
    sums = select(Evaluation.given_by_id, Service.unit_id, func.count(), func.sum(Evaluation.mark))
    sums = _in_year(sums.join(Evaluation.record).join(ServiceRecord.service), year)
    sums = sums.where(Evaluation.given_by_id.is_not(None), Service.unit_id.in_(known))
    given: dict[tuple[int, int], Mean] = {}
    for person_id, unit_id, count, total in db.session.execute(sums.group_by(Evaluation.given_by_id, Service.unit_id)):
        place = (int(person_id or 0), _community(known[unit_id], known))
        before = given.get(place, Mean())
        given[place] = Mean(before.count + count, before.total + int(total or 0))
    far = rules.outliers(rules.raters(given))[:LISTED_MAX]
    who = _persons([each.person_id for each in far])
    return [OutlierRow(who[each.person_id], known[each.community_id], each) for each in far]


def mutual_pairs(by: Person, *, year: int) -> list[Pair]:
    """Persons who gave each other at least two marks each, those first who both do better with each other than with the rest."""
    one, other = aliased(_given(by, year)), aliased(_given(by, year))
    is_back = and_(one.c.given_by_id == other.c.member_id, one.c.member_id == other.c.given_by_id)
    both = select(one, other.c.marks, other.c.total).join(other, is_back)
    both = both.where(one.c.given_by_id < one.c.member_id, *(each.c.marks >= rules.MUTUAL_MARKS_MIN for each in (one, other)))
    rows = db.session.execute(both.order_by(one.c.given_by_id, one.c.member_id)).all()
    all_of = _received(by, year, {person_id for row in rows for person_id in row[:2]})
    found = [
        (giver, member, *(Favour(mean, rules.less(all_of[whom], mean)) for whom, mean in ((member, there), (giver, back))))
        for giver, member, there, back in (
            (row[0], row[1], Mean(row[2], int(row[3])), Mean(row[4], int(row[5]))) for row in rows
        )
    ]  # fmt: skip
    found = sorted(found, key=lambda each: -rules.mutual_favour(each[2], each[3]))[:LISTED_MAX]
    who = _persons([person_id for each in found for person_id in each[:2]])
    return [Pair(who[giver], who[member], there, back) for giver, member, there, back in found]


def phones(by: Person, *, year: int) -> list[Phone]:
    """Browsers that used codes for five records or more, the most first."""
    sums = select(Evaluation.device, func.count(ServiceRecord.person_id.distinct()), func.count(), func.sum(Evaluation.mark))
    sums = _in_year(sums.join(Evaluation.record).join(ServiceRecord.service), year).where(
        _audited(by), Evaluation.device.is_not(None)
    )
    many = sums.group_by(Evaluation.device).having(func.count() >= DEVICE_RECORDS_MIN)
    rows = db.session.execute(many.order_by(func.count().desc(), Evaluation.device).limit(LISTED_MAX))
    return [Phone(device or "", members, Mean(count, int(total or 0))) for device, members, count, total in rows]


def rows(by: Person, wanted: Wanted) -> Select[Evaluation]:
    """The marks that a line of a list rests on, where `by` audits; to be read from the highest `id` down."""
    found = select(Evaluation).join(Evaluation.record).join(ServiceRecord.service)
    record = contains_eager(Evaluation.record)
    found = found.options(
        record.contains_eager(ServiceRecord.service), record.joinedload(ServiceRecord.person), joinedload(Evaluation.given_by)
    )  # fmt: skip
    named = (
        (Evaluation.given_by_id, wanted.given_by_id),
        (ServiceRecord.person_id, wanted.member_id),
        (Evaluation.device, wanted.device),
    )
    conditions = [column == value for column, value in named if value is not None]
    return _in_year(found, wanted.year).where(_audited(by), *conditions)


def _given(by: Person, year: int) -> Subquery:
    """How many marks each person gave each other, and their sum."""
    columns = (Evaluation.given_by_id, ServiceRecord.person_id.label("member_id"))
    sums = select(*columns, func.count().label("marks"), func.sum(Evaluation.mark).label("total"))
    sums = _in_year(sums.join(Evaluation.record).join(ServiceRecord.service), year)
    return (
        sums.where(_audited(by), Evaluation.given_by_id.is_not(None)).group_by(*columns[:1], ServiceRecord.person_id).subquery()
    )


def _received(by: Person, year: int, member_ids: set[int]) -> dict[int, Mean]:
    """All marks that these members got from persons, by member."""
    given = _given(by, year)
    sums = select(given.c.member_id, func.sum(given.c.marks), func.sum(given.c.total)).group_by(given.c.member_id)
    rows = db.session.execute(sums).all()
    return {member_id: Mean(int(count), int(total)) for member_id, count, total in rows if member_id in member_ids}


def _in_year(wanted: Select, year: int) -> Select:  # type: ignore[type-arg]
    return wanted.where(queries.counts(), Service.served_on.between(date(year, 1, 1), date(year, 12, 31)))


def _audited(by: Person) -> ColumnElement[bool]:
    return Service.unit_id.in_([each.id for each in units(by=by, role="auditor")])


def _community(unit: Unit, known: dict[int, Unit]) -> int:
    """The community that a unit belongs to, or the unit itself where there is none in sight."""
    return next((step for step in unit.steps if step in known and known[step].kind == "community"), unit.id)


def _persons(person_ids: Sequence[int]) -> dict[int, Person]:
    return {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_(person_ids)))}
