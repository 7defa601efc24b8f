"""What can be asked about rules, services and service records; nothing here changes anything."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, Text, cast, extract, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from bank.clock import local_day
from bank.db import db, is_postgres
from bank.errors import NotFound
from bank.hours import rules
from bank.hours.models import RuleSetVersion, Service, ServiceRecord
from bank.hours.rules import Credit, NewPart, NewService, RuleSet, Stay, Tally, Worth
from bank.ledger.models import JournalEntry

RECORDS_MAX = 200


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
    worths: dict[tuple[object, ...], tuple[Worth, RuleSet]] = {}
    asked = []
    versions = rule_sets()
    for service, part in parts:
        what = service.starts_at, service.ends_at, service.break_minutes, service.class_percent, part.stays, part.evidence
        if what not in worths:
            day = local_day(service.starts_at)
            in_force = _in_force(versions, day)
            worths[what] = rules.worth(service, part, day=day, rules=in_force), in_force
        asked.append((part.person_id, *worths[what]))
    known = tallies({person_id for person_id, *_ in asked}, days={each.day for each, _ in worths.values()})
    return [_credit_next(known[person_id], each, in_force) for person_id, each, in_force in asked]


def _credit_next(tally: Tally, part: Worth, in_force: RuleSet) -> Credit:
    credit = rules.credit(part, tally=tally, rules=in_force)
    tally.add(day=part.day, minutes=credit.minutes, points=credit.points, span=credit.span)
    return credit


def among(column: InstrumentedAttribute[Any], values: Collection[int | str]) -> ColumnElement[bool]:
    """Whether a column holds one of many values, which are sent as one: to name each by itself takes longer than to look."""
    sent = json.dumps(list(values))
    if is_postgres():
        each = func.json_array_elements_text(cast(type_coerce(sent, Text), JSON)).column_valued("each")
        return column.in_(select(cast(each, column.type)))
    return column.in_(select(func.json_each(sent).table_valued("value").c.value))


def tallies(person_ids: Collection[int], *, days: set[date]) -> dict[int, Tally]:
    """What these persons were credited already: spans and minutes about the days, points in the days' years."""
    known: dict[int, Tally] = defaultdict(Tally)
    if days:
        _read_days(known, person_ids, days)
        _read_years(known, person_ids, days)
    return known


def _read_days(known: dict[int, Tally], person_ids: Collection[int], days: set[date]) -> None:
    one_day = timedelta(days=1)  # A service may go on past midnight.
    columns = ServiceRecord.minutes, ServiceRecord.started_at, ServiceRecord.ended_at
    credited = _credited_before(person_ids, min(days) - one_day, max(days) + one_day)
    rows = db.session.execute(credited.add_columns(Service.served_on, *columns).where(ServiceRecord.minutes > 0))
    for person_id, day, minutes, started_at, ended_at in rows:
        span = Stay(started_at, ended_at) if started_at and ended_at else None
        known[person_id].add(day=day, minutes=minutes, points=0, span=span)


def _read_years(known: dict[int, Tally], person_ids: Collection[int], days: set[date]) -> None:
    year = extract("year", Service.served_on)
    credited = _credited_before(person_ids, date(min(days).year, 1, 1), date(max(days).year, 12, 31))
    sums = credited.add_columns(year, func.sum(ServiceRecord.points)).group_by(ServiceRecord.person_id, year)
    for person_id, of_year, points in db.session.execute(sums):
        known[person_id].year_points[int(of_year)] = int(points)


def _credited_before(person_ids: Collection[int], first: date, last: date) -> Select[int]:
    wanted = select(ServiceRecord.person_id).join(Service, ServiceRecord.service_id == Service.id)
    return wanted.where(among(ServiceRecord.person_id, person_ids), Service.served_on.between(first, last), is_standing())


def _in_year(wanted: Select[int], person_id: int, year: int) -> int:
    wanted = wanted.join(Service, ServiceRecord.service_id == Service.id)
    wanted = wanted.where(ServiceRecord.person_id == person_id, is_within(year), is_standing())
    return int(db.session.execute(wanted).scalar_one())


def _in_force(versions: Sequence[RuleSet], on: date) -> RuleSet:
    for each in versions:
        if each.starts_on <= on:
            return each
    raise NoRuleSet(on=on.isoformat())
