"""What can be asked about rules, services and service records; nothing here changes anything."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from bank.clock import local_day
from bank.db import db
from bank.errors import NotFound
from bank.hours import rules
from bank.hours.models import RuleSetVersion, Service, ServiceRecord
from bank.hours.rules import Credit, NewPart, NewService, RuleSet, Stay, Tally
from bank.ledger.models import JournalEntry

RECORDS_MAX = 200
CHUNK = 5000  # SQLite takes 32,766 values in one statement.


class NoRuleSet(NotFound):
    """No rule set is in force on that day; `bank init` writes the first."""


def rule_set(on: date) -> RuleSet:
    """The rules in force on a day. Raises NoRuleSet."""
    return _in_force(rule_sets(), on)


def rule_sets() -> list[RuleSet]:
    """All versions of the rules, the newest first day first."""
    rows = db.session.scalars(select(RuleSetVersion).order_by(RuleSetVersion.starts_on.desc()))
    return [RuleSet.from_json(each.rules, version=each.version, starts_on=each.starts_on) for each in rows]


def service_of(source: str) -> Service | None:
    """The service recorded from a source such as `activity:17`."""
    return db.session.scalar(select(Service).where(Service.source == source))


def records(person_id: int) -> Select[ServiceRecord]:
    """A person's service records with their services, to be read from the highest `id` down."""
    service = joinedload(ServiceRecord.service)
    with_service = service.joinedload(Service.unit), service.joinedload(Service.leader)
    return select(ServiceRecord).options(*with_service).where(ServiceRecord.person_id == person_id)


def records_of(person_id: int, *, limit: int = RECORDS_MAX) -> list[ServiceRecord]:
    """A person's newest service records, the newest first."""
    return list(db.session.scalars(records(person_id).order_by(ServiceRecord.id.desc()).limit(min(limit, RECORDS_MAX))))


def records_of_service(service_id: int) -> list[ServiceRecord]:
    """All records of a service with their persons, in order of names."""
    wanted = select(ServiceRecord).options(joinedload(ServiceRecord.person)).where(ServiceRecord.service_id == service_id)
    return sorted(db.session.scalars(wanted), key=lambda record: (record.person.name_sort, record.person_id))


def minutes_in_year(person_id: int, year: int) -> int:
    """Whole minutes credited to a person for services of a calendar year."""
    return _in_year(select(func.coalesce(func.sum(ServiceRecord.minutes), 0)), person_id, year)


def points_in_year(person_id: int, year: int) -> int:
    """Hundredths of a point earned by a person with services of a calendar year."""
    return _in_year(select(func.coalesce(func.sum(ServiceRecord.points), 0)), person_id, year)


def is_within(year: int) -> ColumnElement[bool]:
    """Whether a service took place in a calendar year."""
    return Service.served_on.between(date(year, 1, 1), date(year, 12, 31))


def is_standing() -> ColumnElement[bool]:
    """Whether a service record was not taken back."""
    return ~select(JournalEntry.id).where(JournalEntry.reverses_id == ServiceRecord.entry_id).exists()


def credited(parts: Sequence[tuple[NewService, NewPart]]) -> list[Credit]:
    """What each part is worth, in order, after all that was credited before and the parts ahead of it."""
    versions = rule_sets()
    days = {service.starts_at: local_day(service.starts_at) for service, _ in parts}
    known = tallies({part.person_id for _, part in parts}, days=set(days.values()))
    answer = []
    for service, part in parts:
        day = days[service.starts_at]
        in_force, tally = _in_force(versions, day), known[part.person_id]
        credit = rules.credit(service, part, day=day, tally=tally, rules=in_force)
        tally.add(day=day, minutes=credit.minutes, points=credit.points, span=credit.span)
        answer.append(credit)
    return answer


def tallies(person_ids: Iterable[int], *, days: set[date]) -> dict[int, Tally]:
    """What these persons were credited already: spans and minutes about the days, points in the days' years."""
    known: dict[int, Tally] = defaultdict(Tally)
    for chunk in _chunks(sorted(person_ids)):
        _read_days(known, chunk, days)
        for year in {day.year for day in days}:
            _read_year(known, chunk, year)
    return known


def _read_days(known: dict[int, Tally], person_ids: Sequence[int], days: set[date]) -> None:
    one_day = timedelta(days=1)  # A service may go on past midnight.
    rows = db.session.execute(
        select(
            ServiceRecord.person_id, Service.served_on, ServiceRecord.minutes, ServiceRecord.started_at, ServiceRecord.ended_at
        )
        .join(Service, ServiceRecord.service_id == Service.id)
        .where(ServiceRecord.person_id.in_(person_ids), ServiceRecord.minutes > 0, is_standing())
        .where(Service.served_on.between(min(days) - one_day, max(days) + one_day))
    )  # fmt: skip
    for person_id, day, minutes, started_at, ended_at in rows:
        span = Stay(started_at, ended_at) if started_at and ended_at else None
        known[person_id].add(day=day, minutes=minutes, points=0, span=span)


def _read_year(known: dict[int, Tally], person_ids: Sequence[int], year: int) -> None:
    rows = db.session.execute(
        select(ServiceRecord.person_id, func.sum(ServiceRecord.points))
        .join(Service, ServiceRecord.service_id == Service.id)
        .where(ServiceRecord.person_id.in_(person_ids), is_within(year), is_standing())
        .group_by(ServiceRecord.person_id)
    )
    for person_id, points in rows:
        known[person_id].year_points[year] = int(points)


def _in_year(wanted: Select[int], person_id: int, year: int) -> int:
    wanted = wanted.join(Service, ServiceRecord.service_id == Service.id)
    wanted = wanted.where(ServiceRecord.person_id == person_id, is_within(year), is_standing())
    return int(db.session.execute(wanted).scalar_one())


def _in_force(versions: Sequence[RuleSet], on: date) -> RuleSet:
    for each in versions:
        if each.starts_on <= on:
            return each
    raise NoRuleSet(on=on.isoformat())


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
