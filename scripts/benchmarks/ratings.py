"""The nightly run of stars over a whole town's year, beside one aggregate query over the same records and marks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import insert, text, update

from bank.communities import actions as communities
from bank.db import db, is_postgres, transaction
from bank.feedback import actions as feedback
from bank.honours import actions as honours
from bank.hours.models import Service
from bank.ledger import guards
from bank.people.models import Person
from bank.ratings import nightly
from bank.ratings.actions import ensure_first_rules
from benchmarks import bulk, places
from benchmarks.measure import Case, Work, rate
from benchmarks.places import AT, NewUrl

PARTS = 25  # Who took part in a service.
YEAR = AT.year
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count - 1) "
ENTRIES = """INSERT INTO journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count)
    {numbers} SELECT :first + n, 'bench:' || n, 'bench', 'deposit', :day, :moment, 'bench', 1 FROM numbers"""
RECORDS = """INSERT INTO service_record (id, service_id, person_id, evidence, present_minutes, minutes, points, rule_version,
    confirmed_at, confirmed_by_id, entry_id)
    {numbers} SELECT 1 + n, 1 + n / :parts, :person + (n / :parts * 13 + n % :parts * (:members / :parts)) % :members,
    'scanned', 60, 60 + n % 60, 0, 1, :moment, :person, :first + n FROM numbers"""
MARKS = """INSERT INTO evaluation (service_record_id, role, mark, way, given_by_id, given_at)
    {numbers} SELECT 1 + n, :role, 1 + (n * :step) % 5, 'signed_in', :person, :moment FROM numbers"""
FLOOR = """SELECT person_id, count(DISTINCT service_record.id), sum(minutes * mark)
    FROM service_record JOIN service ON service.id = service_id JOIN evaluation ON service_record_id = service_record.id
    WHERE served_on BETWEEN :first AND :last GROUP BY person_id"""


def cases(kind: str, new_url: NewUrl, *, quick: bool) -> Iterator[Case]:
    """One night over a year's records, of which each has three marks."""
    records, members = (20_000, 1000) if quick else (500_000, 20_000)
    name = f"{kind}: a night's stars of {members:,} members, {records:,} records"
    mark = 8.0 if quick else 4.0  # What a night costs whatever the size weighs more in a small town.
    yield Case(name, mark, lambda: _night(new_url, records, members), 3, is_cost=True)


@contextmanager
def _night(new_url: NewUrl, records: int, members: int) -> Iterator[tuple[Work, Work]]:
    with places.bank_in(new_url):
        _fill(records, members)
        with transaction():  # As the database does by itself soon after so many rows.
            db.session.execute(text("ANALYZE"))
        yield (lambda: rate(records, _aggregate), lambda: rate(records, _run))


def _aggregate() -> None:
    year = {"first": date(YEAR, 1, 1), "last": date(YEAR, 12, 31)}
    db.session.execute(text(FLOOR), {name: day.isoformat() for name, day in year.items()} if not is_postgres() else year).all()
    db.session.rollback()


def _run() -> None:
    with transaction():
        nightly.recompute_open(at=AT)
        communities.recompute_open(at=AT)
        honours.award_due(at=AT)
        feedback.send_due(at=AT)


def _fill(records: int, members: int) -> None:
    """In-service members and their year, written past the books: only the night is measured."""
    _, unit_id, ids = bulk._people(members)
    assert list(ids) == list(range(ids[0], ids[0] + members)), "members are numbered one after the other"
    with transaction():
        ensure_first_rules(AT)
        db.session.execute(update(Person).values(is_in_service=True))
        db.session.execute(insert(Service), [_service(number, unit_id, ids[0]) for number in range(records // PARTS)])
        connection = db.session.connection()
        moment = "2026-06-01 00:00:00+00" if is_postgres() else "2026-06-01 00:00:00.000000"
        known = {"count": records, "first": 1_000_000, "day": "2026-06-01", "moment": moment, "person": ids[0]}
        known |= {"parts": PARTS, "members": members}
        with guards.lowered(connection, "journal_entry", "service_record", "evaluation", "transfer"):
            for statement in (ENTRIES, RECORDS):
                _insert(statement, known)
            for role, step in (("recipient", 3), ("leader", 7), ("completion", 11)):
                _insert(MARKS, known | {"role": role, "step": step})
    db.session.execute(text("ANALYZE"))
    db.session.rollback()


def _insert(statement: str, known: dict[str, object]) -> None:
    wanted = {name: value for name, value in known.items() if f":{name}" in statement + NUMBERS}
    db.session.connection().execute(text(statement.format(numbers=NUMBERS)), wanted)


def _service(number: int, unit_id: int, leader_id: int) -> dict[str, object]:
    return {
        "id": 1 + number,
        "source": f"bench:{number}",
        "name": "清扫楼道",
        "category": "environment",
        "served_on": date(YEAR, 1, 1) + timedelta(days=number % 150),
        "place": "三号楼",
        "content": "清扫",
        "planned_minutes": 120,
        "class_percent": 100,
        "unit_id": unit_id,
        "leader_id": leader_id,
    }
