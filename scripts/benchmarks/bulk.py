"""Taking in historic service records: validated, credited by rule and deposited by us; only loaded by the floor."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bank.db import db, transaction
from bank.hours import actions as hours
from bank.hours.rules import NewPart, NewService, Stay
from bank.people import actions as people
from bank.people import organisation
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.models import Unit
from benchmarks import floor, places
from benchmarks.measure import Case, Work, rate
from benchmarks.places import AT, NewUrl

PARTS = 25  # Who took part in a service.
PAGE = 1000  # Services that are taken in at once: what members have is read once for all of them.
FIRST = datetime(2024, 1, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS = 800
RECORDS = """
    CREATE TABLE service (id {id} PRIMARY KEY, source text NOT NULL UNIQUE, name text, category text, served_on date,
                          place text, content text, planned_minutes integer, class_percent integer, unit_id bigint,
                          leader_id bigint);
    CREATE TABLE service_record (id {id} PRIMARY KEY, service_id bigint, person_id bigint, evidence text,
                                 present_minutes integer, minutes integer, points bigint, started_at {instant},
                                 ended_at {instant}, rule_version integer, confirmed_at {instant}, confirmed_by_id bigint,
                                 entry_id bigint UNIQUE, UNIQUE (service_id, person_id));
    CREATE INDEX service_record_person ON service_record (person_id, service_id);
"""
MOVE = "UPDATE account SET balance = balance + (SELECT coalesce(sum(amount), 0) FROM transfer WHERE credit_id = account.id)"

Plan = tuple[int, datetime, list[int]]  # A service's number, its start, and the numbers of its members.


def cases(kind: str, new_url: NewUrl, *, quick: bool) -> Iterator[Case]:
    """One load each of the same records into empty books."""
    records, members = (10_000, 2000) if quick else (1_000_000, 20_000)
    yield Case(f"{kind}: {records:,} records taken in", 0.5, lambda: _import(new_url, records, members), 1)


@contextmanager
def _import(new_url: NewUrl, records: int, members: int) -> Iterator[tuple[Work, Work]]:
    plans = _plans(records, members)
    bare = floor.make(new_url(), 2 + 2 * members)
    id_type, instant = ("integer", "text") if isinstance(bare, sqlite3.Connection) else ("bigint", "timestamptz")
    for statement in RECORDS.format(id=id_type, instant=instant).split(";")[:-1]:
        bare.execute(statement)
    with places.bank_in(new_url):
        by_id, unit_id, ids = _people(members)
        yield (
            lambda: rate(records, lambda: _load(bare, plans)),
            lambda: rate(records, lambda: _take_in(plans, by_id, unit_id, ids)),
        )
    bare.close()


def _plans(records: int, members: int) -> list[Plan]:
    """Services of an hour, one after the other, with members drawn from a fixed seed."""
    chance, everybody = random.Random(1), range(members)
    return [
        (number, FIRST + timedelta(days=number % DAYS) + HOUR * (number // DAYS % 10), chance.sample(everybody, PARTS))
        for number in range(records // PARTS)
    ]


def _people(members: int) -> tuple[int, int, list[int]]:
    """An admin, a community, and its members; their ids."""
    with transaction():
        hours.ensure_first_rule_set(AT)
        organisation.found_bank(name="道德银行", at=AT)
        top = db.session.scalars(select(Unit.id)).one()
        unit_id = organisation.add_unit(by=None, name="东街社区", kind="community", parent_id=top, at=AT).id
        new = [NewPerson(name="张三", phone=f"139{number:08d}", unit_id=unit_id) for number in range(members + 1)]
        *ids, by_id = people.enrol_all(by=None, new=new, at=AT)
        people.grant_role(by=None, person_id=by_id, role="admin", unit_id=top, at=AT)
    return by_id, unit_id, ids


def _take_in(plans: Sequence[Plan], by_id: int, unit_id: int, ids: Sequence[int]) -> None:
    for start in range(0, len(plans), PAGE):
        with transaction():
            services = [_service(plan, by_id, unit_id, ids) for plan in plans[start : start + PAGE]]
            hours.import_services(by=db.session.get_one(Person, by_id), services=services, at=AT)


def _service(plan: Plan, by_id: int, unit_id: int, ids: Sequence[int]) -> tuple[NewService, list[NewPart]]:
    number, starts_at, members = plan
    service = NewService(
        source=f"old:{number}", name="清洁", category="environment", place="广场", content="打扫", starts_at=starts_at,
        ends_at=starts_at + HOUR, unit_id=unit_id, leader_id=by_id,
    )  # fmt: skip
    stay = Stay(starts_at, starts_at + HOUR)
    return service, [NewPart(person_id=ids[member], stays=(stay,)) for member in members]


def _load(bare: Any, plans: Sequence[Plan]) -> None:
    """The same rows, as they are, in one commit."""
    bare.execute("BEGIN")
    _fill(bare, "service", 11, _services(plans))
    _fill(bare, "journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by)", 7, _entries(plans))
    _fill(bare, "transfer", 7, _transfers(plans))
    _fill(bare, "service_record", 13, _records(plans))
    bare.execute(MOVE)
    bare.execute("COMMIT")


def _fill(bare: Any, table: str, width: int, rows: Iterator[tuple[object, ...]]) -> None:
    if isinstance(bare, sqlite3.Connection):
        bare.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)
        return
    with bare.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _services(plans: Sequence[Plan]) -> Iterator[tuple[object, ...]]:
    for number, starts_at, _ in plans:
        yield number, f"old:{number}", "清洁", "environment", str(starts_at.date()), "广场", "打扫", 60, 100, 1, 1


def _entries(plans: Sequence[Plan]) -> Iterator[tuple[object, ...]]:
    for number, starts_at, members in plans:
        day = str(starts_at.date())
        for place, member in enumerate(members):
            key = f"old:{number}/{member:020d}"
            yield number * PARTS + place, key, floor.FINGERPRINT, "deposit", day, str(AT), "bench"


def _transfers(plans: Sequence[Plan]) -> Iterator[tuple[object, ...]]:
    for number, starts_at, members in plans:
        day = str(starts_at.date())
        for place, member in enumerate(members):
            yield number * PARTS + place, 1, "minutes", 1, 2 * member + 4, 60, day
            yield number * PARTS + place, 2, "points", 2, 2 * member + 3, 100, day


def _records(plans: Sequence[Plan]) -> Iterator[tuple[object, ...]]:
    for number, starts_at, members in plans:
        begin, end = str(starts_at), str(starts_at + HOUR)
        for place, member in enumerate(members):
            entry_id = number * PARTS + place
            yield entry_id, number, member, "scanned", 60, 60, 100, begin, end, 1, str(AT), 1, entry_id
