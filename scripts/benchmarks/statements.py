"""Closing a month and everybody's statements of it: beside one aggregate query over the same rows, and after ten years."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select, text

from bank import clock
from bank.db import db, is_postgres, transaction
from bank.ledger import actions as ledger
from bank.ledger import guards
from bank.ledger import queries as books
from bank.people import organisation
from bank.ratings.actions import ensure_first_rules
from bank.statements import actions
from bank.statements.models import MonthIssue
from bank.statements.rules import months_after
from bank.units.models import Unit
from benchmarks import boards, places
from benchmarks.measure import Case, Work, rate
from benchmarks.places import AT, NewUrl

LAST = date(2026, 5, 1)
# One reading of the month's rows and of two months' openings, and the writing of two openings and a statement for each member
# under their keys, take 2.4 to 3 times the aggregate. What is worked out meanwhile may double that.
MARK = 6.0
SERVICES = 2  # Of each member in each month.
ENTRIES = """INSERT INTO journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count)
    SELECT :first + id, 'bench:' || :first || ':' || id, 'bench', 'deposit', :day, :moment, 'bench', 2 FROM person"""
TRANSFERS = """INSERT INTO transfer (entry_id, line, unit, debit_id, credit_id, amount, effective_on)
    SELECT :first + id, 1, 'minutes', {served}, minutes_account_id, 60, :day FROM person UNION ALL
    SELECT :first + id, 2, 'points', {issued}, points_account_id, 100, :day FROM person"""
MEMBERSHIPS = """INSERT INTO membership (person_id, unit_id, kind, since_at)
    SELECT id, unit_id, 'enrolled', enrolled_at FROM person"""
SEAL = """INSERT INTO seal (number, entry_count, last_position, root, previous_hash, sealed_at, hash)
    VALUES (1, :count, :count, 'root', 'none', :moment, 'hash')"""
SEALED = """INSERT INTO sealed_entry (position, entry_id)
    SELECT row_number() OVER (ORDER BY id), id FROM journal_entry"""
STATEMENTS = """INSERT INTO statement (month, person_id, code, holder, card_end, unit_id, points_opening, points_in, points_out,
    points_deposited, points_withdrawn, points_expired, points_reversed, points_closing, minutes_opening, minutes_in, minutes_out,
    minutes_closing, issued_at)
    SELECT :month, id, {code}, '张*', '0000', unit_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, :moment FROM person"""
CODES = {"sqlite": "lower(hex(randomblob(8)))", "postgresql": "substr(md5(random()::text), 1, 16)"}
FLOOR = """SELECT account_id, sum(amount) FROM (
    SELECT credit_id AS account_id, amount, entry_id FROM transfer UNION ALL SELECT debit_id, -amount, entry_id FROM transfer
    ) AS side JOIN journal_entry ON journal_entry.id = entry_id
    WHERE journal_entry.effective_on >= :first AND journal_entry.effective_on < :last GROUP BY account_id"""


def cases(kind: str, new_url: NewUrl, *, quick: bool) -> Iterator[Case]:
    """A month of many members beside the aggregate, and the same month after one year and after ten."""
    members = 20_000 if quick else 200_000  # Of fewer, half the time would be the putting together of the statements in SQL.
    name = f"{kind}: close and statements of {members:,} members"
    yield Case(name, MARK, lambda: _beside_aggregate(new_url, members), 3, is_cost=True)
    members = 200 if quick else 5000
    name = f"{kind}: statements of {members:,} members after ten years, not one"
    yield Case(name, 1.2, lambda: _after_years(new_url, members), 5, is_cost=True)


@contextmanager
def _beside_aggregate(new_url: NewUrl, members: int) -> Iterator[tuple[Work, Work]]:
    with places.bank_in(new_url):
        _fill(members, months=2)
        yield (lambda: rate(members, _aggregate), lambda: rate(members, _issue))


@contextmanager
def _after_years(new_url: NewUrl, members: int) -> Iterator[tuple[Work, Work]]:
    with places.bank_in(new_url) as young:
        _fill(members, months=12)
        _close_last()
        with places.bank_in(new_url) as old:
            _fill(members, months=120)
            _close_last()

            def of(app) -> Work:  # type: ignore[no-untyped-def]
                def work() -> float:
                    with app.app_context():
                        return rate(members, _issue)

                return work

            yield of(young), of(old)


def _close_last() -> None:
    with transaction():
        ledger.close_month(month=LAST, at=AT)


def _aggregate() -> None:
    month = {"first": LAST, "last": clock.next_month(LAST)}
    db.session.execute(text(FLOOR), month if is_postgres() else {name: f"{day}" for name, day in month.items()}).all()
    db.session.rollback()


def _issue() -> None:
    """Close the last month and issue its statements, and leave the books as they were for the next round."""
    assert actions.issue(month=LAST, at=AT) > 0
    db.session.rollback()


def _fill(members: int, *, months: int) -> None:
    """Members and their services of many months, written past the books; closed and stated but for the last; all is sealed."""
    with transaction():
        issued = _enrol(members)
        served = books.system_account("served", "minutes")
        ensure_first_rules(AT)
        connection = db.session.connection()
        with guards.lowered(connection, "journal_entry", "transfer", "seal", "sealed_entry"):
            first = 1_000_000
            for number in range(months * SERVICES):
                day = months_after(LAST, number // SERVICES - months + 1).replace(day=2 + number % SERVICES)
                known = {"first": first, "day": day if is_postgres() else f"{day}", "moment": _moment()}
                connection.execute(text(ENTRIES.replace("|| :first ||", f"|| '{first}' ||")), known)
                known.pop("moment")
                connection.execute(text(TRANSFERS.format(served=served, issued=issued)), known)
                first += 1_000_000
            count = connection.execute(text("SELECT count(*) FROM journal_entry")).scalar_one()
            connection.execute(text(SEAL), {"count": count, "moment": _moment()})
            connection.execute(text(SEALED))
    for back in range(months - 1, 0, -1):
        with transaction():
            ledger.close_month(month=months_after(LAST, -back), at=AT)
            _state(months_after(LAST, -back))
    with transaction():
        db.session.execute(text("ANALYZE"))


def _enrol(members: int) -> int:
    """Members of the bank itself who came long ago; answers the account that their points come from."""
    organisation.found_bank(name="道德银行", at=AT)
    top = db.session.scalars(select(Unit)).one()
    moment = _moment().replace("2026", "2014")
    known = {"person": boards.PERSON, "account": boards.ACCOUNT, "unit": top.id, "moment": moment}
    connection = db.session.connection()
    with guards.lowered(connection, "account"):
        for statement, count in ((boards.ACCOUNTS, 2 * members), (boards.PERSONS, members)):
            wanted = {name: value for name, value in known.items() if f":{name}" in statement}
            connection.execute(text(statement.format(numbers=boards.NUMBERS)), wanted | {"count": count})
        connection.execute(text(MEMBERSHIPS))
    return top.issued_account_id


def _state(month: date) -> None:
    known = {"month": month if is_postgres() else f"{month}", "moment": _moment()}
    wanted = STATEMENTS.format(code=CODES["postgresql" if is_postgres() else "sqlite"])
    db.session.connection().execute(text(wanted), known)
    db.session.add(MonthIssue(month=month, issued_at=AT))


def _moment() -> str:
    return "2026-06-01 00:00:00+00" if is_postgres() else "2026-06-01 00:00:00.000000"
