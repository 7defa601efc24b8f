"""Everything that changes services and service records. An action flushes and never commits; the face that calls it does."""

import gc
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Row, RowMapping, select

from bank.clock import local_day
from bank.db import db, insert_all
from bank.hours import queries, rules
from bank.hours.models import RuleSetVersion, Service, ServiceRecord
from bank.hours.rules import Credit, NewPart, NewService
from bank.ledger import actions as ledger
from bank.ledger.queries import last_closed_month, system_account
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people.models import Person
from bank.people.queries import household_of, require_any_role
from bank.people.rules import PersonNotFound
from bank.units.models import Unit
from bank.units.rules import UnitNotFound

PERSON_COLUMNS = (Person.id, Person.key, Person.points_account_id, Person.minutes_account_id)


@dataclass(frozen=True)
class Recorded:
    """One service written down: how many records are new, and whose part was left out.

    Nobody confirms for themselves or their household.
    """

    service_id: int
    record_count: int
    left_out_ids: tuple[int, ...]


class _Part(NamedTuple):
    service_id: int
    served_on: date
    service: NewService
    part: NewPart


@dataclass(frozen=True)
class _Books:
    """Accounts by unit and by person, and keys of persons who agreed; read once for a whole batch."""

    served_id: int
    issued_ids: dict[int, int]
    members: dict[int, Row[int, str, int, int]]
    approver_keys: dict[int, str]


def ensure_first_rule_set(at: datetime) -> None:
    """Write version 1 of the rules with the defaults, once."""
    if db.session.get(RuleSetVersion, rules.DEFAULTS.version) is None:
        first = rules.DEFAULTS
        db.session.add(RuleSetVersion(version=first.version, starts_on=first.starts_on, rules=first.to_json()))
        db.session.flush()


def record(*, by: Person, service: NewService, parts: Sequence[NewPart], at: datetime) -> Recorded:
    """Write one service and its parts, and deposit minutes and points; see `import_services`."""
    return import_services(by=by, services=[(service, parts)], at=at)[0]


def import_services(*, by: Person, services: Sequence[tuple[NewService, Sequence[NewPart]]], at: datetime) -> list[Recorded]:
    """Write services and their parts and deposit all of them in one posting; what was recorded before is not paid again.

    The parts of `by` and of the household are left out: another organizer or admin records them. Parts are credited in the
    order given; give a few thousand parts at a time.
    Raises RoleMissing, BadService, CategoryBanned, CategoryUnknown, ServiceInFuture, PersonTwice, SourceReused, PersonNotFound.
    """
    for unit_id in {new.unit_id for new, _ in services}:
        require_any_role(by, ("organizer", "admin"), unit_id)
    return _import(by, services, at)


def record_settled(*, by: Person, service: NewService, parts: Sequence[NewPart], at: datetime) -> Recorded:
    """Write one service that `by` confirmed earlier, whatever roles `by` holds by now; raises what `record` raises otherwise."""
    return _import(by, [(service, parts)], at)[0]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away from many plain values that are all in use: it would walk through them time and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_uncollected()
def _import(by: Person, services: Sequence[tuple[NewService, Sequence[NewPart]]], at: datetime) -> list[Recorded]:
    for new, parts in services:
        _check(new, parts, by=by, at=at)
    issued_ids = _issued_ids({new.unit_id for new, _ in services})
    service_ids = _write_services([new for new, _ in services])
    days = {new.starts_at: local_day(new.starts_at) for new, _ in services}
    everyone = [
        _Part(service_ids[new.source], days[new.starts_at], new, part) for new, parts in services for part in parts
    ]  # fmt: skip
    if len({(each.service_id, each.part.person_id) for each in everyone}) < len(everyone):
        raise rules.PersonTwice()
    books = _Books(
        served_id=system_account("served", "minutes"),
        issued_ids=issued_ids,
        members=_locked_members({each.part.person_id for each in everyone}),
        approver_keys=_keys({each.part.approved_by_id for each in everyone if each.part.approved_by_id is not None}),
    )
    before, at_home = _recorded(service_ids.values()), household_of(by.id)
    todo = [each for each in everyone if (each.service_id, each.part.person_id) not in before]
    others = [each for each in todo if each.part.person_id not in at_home]
    _write_records(others, books, by=by, at=at)
    new_counts, left_out = Counter(each.service_id for each in others), defaultdict[int, list[int]](list)
    for each in todo:
        if each.part.person_id in at_home:
            left_out[each.service_id].append(each.part.person_id)
    ids = [service_ids[new.source] for new, _ in services]
    return [Recorded(each, new_counts[each], tuple(left_out[each])) for each in ids]


def _check(new: NewService, parts: Sequence[NewPart], *, by: Person, at: datetime) -> None:
    rules.check_service(new, at=at)
    for part in parts:
        rules.check_part(part, by_id=by.id)


def _issued_ids(unit_ids: set[int]) -> dict[int, int]:
    """The account that each unit issues from."""
    units = dict(db.session.execute(select(Unit.id, Unit.issued_account_id).where(Unit.id.in_(unit_ids))).all())
    if unit_ids - units.keys():
        raise UnitNotFound()
    return units


def _write_services(services: Sequence[NewService]) -> dict[str, int]:
    """The ids of services by source; writes those that are not there. Raises SourceReused for a source with other facts."""
    known, rows = _services(services), dict[str, dict[str, object]]()
    for new in services:
        row = _service_row(new)
        before = known.get(new.source)
        if row != (rows.setdefault(new.source, row) if before is None else {name: before[name] for name in row}):
            raise rules.SourceReused(source=new.source)
    insert_all(Service, list(rows.values()))
    return {source: each["id"] for source, each in (known | (_services(services) if rows else {})).items()}


def _services(services: Sequence[NewService]) -> dict[str, RowMapping]:
    """The rows that stand under these sources."""
    wanted = select(Service.__table__).where(queries.among(Service.source, {new.source for new in services}))
    return {each["source"]: each for each in db.session.execute(wanted).mappings()}


def _service_row(new: NewService) -> dict[str, object]:
    return {
        "source": new.source,
        "name": new.name,
        "category": new.category,
        "served_on": local_day(new.starts_at),
        "place": new.place,
        "content": new.content,
        "planned_minutes": new.planned_minutes,
        "class_percent": new.class_percent,
        "unit_id": new.unit_id,
        "leader_id": new.leader_id,
    }


def _locked_members(person_ids: set[int]) -> dict[int, Row[int, str, int, int]]:
    """Accounts of these persons by id, locked in order of id: caps hold when two services are recorded at once."""
    wanted = select(*PERSON_COLUMNS).where(queries.among(Person.id, person_ids)).order_by(Person.id)
    members = {row.id: row for row in db.session.execute(wanted.with_for_update(key_share=True))}
    if missing := person_ids - members.keys():
        raise PersonNotFound(person_id=min(missing))
    return members


def _recorded(service_ids: Collection[int]) -> set[tuple[int, int]]:
    wanted = select(ServiceRecord.service_id, ServiceRecord.person_id).where(queries.among(ServiceRecord.service_id, service_ids))
    return {(service_id, person_id) for service_id, person_id in db.session.execute(wanted)}


def _keys(person_ids: set[int]) -> dict[int, str]:
    keys = dict(db.session.execute(select(Person.id, Person.key).where(Person.id.in_(person_ids))).all())
    if missing := person_ids - keys.keys():
        raise PersonNotFound(person_id=min(missing))
    return keys


def _write_records(parts: Sequence[_Part], books: _Books, *, by: Person, at: datetime) -> None:
    """Post all deposits in one call, then write every record once, with the entry that paid it."""
    if not parts:
        return
    closed, today = last_closed_month(), local_day(at)
    days = {
        day: rules.effective_on(day, last_closed_month=closed, recorded_on=today) for day in {each.served_on for each in parts}
    }
    credited = list(zip(parts, queries.credited([(each.service, each.part) for each in parts]), strict=True))
    entries = [_deposit(*each, books, by=by, on=days[each[0].served_on]) for each in credited if each[1].minutes]
    posted = iter(ledger.post(entries, at=at))
    paid = [(*each, next(posted).entry_id if each[1].minutes else None) for each in credited]
    insert_all(ServiceRecord, [_row(*each, by=by, at=at) for each in paid])


def _deposit(each: _Part, credit: Credit, books: _Books, *, by: Person, on: date) -> NewEntry:
    member = books.members[each.part.person_id]
    transfers = [NewTransfer("minutes", books.served_id, member.minutes_account_id, credit.minutes)]
    if credit.points:
        issued_id = books.issued_ids[each.service.unit_id]
        transfers.append(NewTransfer("points", issued_id, member.points_account_id, credit.points))
    return NewEntry(
        key=f"{each.service.source}/{member.key}",
        kind="deposit",
        effective_on=on,
        transfers=tuple(transfers),
        recorded_by=by.key,
        approved_by=books.approver_keys.get(each.part.approved_by_id or 0),
        # The words stand in the record, where they can be erased; what is sealed is for ever.
        reason=each.part.evidence if each.part.reason else None,
        rule_version=credit.rule_version,
    )


def _row(each: _Part, credit: Credit, entry_id: int | None, *, by: Person, at: datetime) -> dict[str, object]:
    return {
        "service_id": each.service_id,
        "person_id": each.part.person_id,
        "evidence": each.part.evidence,
        "present_minutes": credit.present_minutes,
        "minutes": credit.minutes,
        "points": credit.points,
        "started_at": credit.span.starts_at if credit.span else None,
        "ended_at": credit.span.ends_at if credit.span else None,
        "cut_reasons": ",".join(credit.cut_reasons) or None,
        "reason": each.part.reason,
        "rule_version": credit.rule_version,
        "confirmed_at": at,
        "confirmed_by_id": by.id,
        "entry_id": entry_id,
    }
