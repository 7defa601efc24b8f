"""The first answer of a board beside one aggregate query over the same deposits, and every further one beside the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select, text

from bank.boards import queries as boards
from bank.boards.kept import forget
from bank.boards.rules import KEPT, ROWS_MAX, Asked
from bank.db import db, is_postgres, transaction
from bank.ledger import guards
from bank.ledger import queries as ledger
from bank.people import organisation
from bank.statements.rules import period_of
from bank.units.models import Unit
from benchmarks import places
from benchmarks.measure import Case, Work, rate
from benchmarks.places import AT, ON, NewUrl

DEPOSITS = 3  # Of each member in the month.
AGAIN = 200
PERSON, ACCOUNT, ENTRY = 1000, 100_000, 1  # The first number of each kind; all follow one another.
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count - 1) "
ACCOUNTS = """INSERT INTO account (id, code, unit, has_floor, balance, opened_at)
    {numbers} SELECT :account + n, 'member/bench' || (n / 2), CASE n % 2 WHEN 0 THEN 'points' ELSE 'minutes' END, true, 0, :moment
    FROM numbers"""
PERSONS = """INSERT INTO person (id, key, card_number, name, name_sort, unit_id, is_in_service, points_account_id,
    minutes_account_id, enrolled_at)
    {numbers} SELECT :person + n, 'bench' || n, 'b' || n, '张三', 'zhang san', :unit, false, :account + 2 * n,
    :account + 2 * n + 1, :moment FROM numbers"""
CONSENTS = """INSERT INTO consent (person_id, purpose, is_given, text_version, decided_at)
    {numbers} SELECT :person + n, 'board', n % 3 > 0, 1, :moment FROM numbers"""
ENTRIES = """INSERT INTO journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count)
    {numbers} SELECT :entry + n, 'bench:' || n, 'bench', 'deposit', :day, :moment, 'bench', 2 FROM numbers"""
TRANSFERS = """INSERT INTO transfer (entry_id, line, unit, debit_id, credit_id, amount, effective_on)
    {numbers} SELECT :entry + n / 2, n % 2, CASE n % 2 WHEN 0 THEN 'points' ELSE 'minutes' END,
    CASE n % 2 WHEN 0 THEN :issued ELSE :served END, :account + 2 * ((n / 2 + n % 7 * 13) % :members) + n % 2,
    50 + n * 31 % 997, :day FROM numbers"""
FLOOR = """SELECT credit_id, sum(amount) FROM transfer JOIN journal_entry ON journal_entry.id = entry_id
    WHERE kind = 'deposit' AND unit = 'points' AND transfer.effective_on >= :first AND transfer.effective_on < :end
    GROUP BY credit_id ORDER BY sum(amount) DESC LIMIT 50"""
PERIOD = period_of("month", ON)


def cases(kind: str, new_url: NewUrl, *, quick: bool) -> Iterator[Case]:
    """The bank's own board, of which two thirds of the members agreed to be on."""
    members = 20_000 if quick else 200_000
    first = f"{kind}: first answer of a board of {members:,} members"
    mark = 2.0 if quick else 1.2  # What is read whatever the size weighs more on a small board.
    yield Case(first, mark, lambda: _board(new_url, members), 5, is_cost=True)
    members = 5000 if quick else 200_000
    again = f"{kind}: a board answered again (against the first answer, {members:,} members)"
    mark = 50 if quick else 1000  # What is kept answers as fast whatever the size; the first answer does not.
    yield Case(again, mark, lambda: _again(new_url, members), 3)


@contextmanager
def _board(new_url: NewUrl, members: int) -> Iterator[tuple[Work, Work]]:
    with places.bank_in(new_url):
        asked = _fill(members)
        yield (lambda: rate(1, _aggregate), lambda: rate(1, lambda: _first(asked)))


@contextmanager
def _again(new_url: NewUrl, members: int) -> Iterator[tuple[Work, Work]]:
    with places.bank_in(new_url):
        asked = _fill(members)
        yield (lambda: rate(1, lambda: _first(asked)), lambda: rate(AGAIN, lambda: _kept(asked)))


def _aggregate() -> None:
    days = {"first": PERIOD.starts_on, "end": PERIOD.ends_on}
    db.session.execute(text(FLOOR), days if is_postgres() else {name: str(day) for name, day in days.items()}).all()
    db.session.rollback()


def _first(asked: Asked) -> None:
    forget()
    assert len(boards.board(asked=asked, at=AT).rows) == ROWS_MAX
    db.session.rollback()


def _kept(asked: Asked) -> None:
    for number in range(AGAIN):
        boards.board(asked=asked, at=AT + (KEPT - timedelta(seconds=1)) * number / AGAIN)
        db.session.rollback()


def _fill(members: int) -> Asked:
    """Members with deposits in the open month, written past the books: only the reading is measured."""
    with transaction():
        organisation.found_bank(name="道德银行", at=AT)
        top = db.session.scalars(select(Unit)).one()
        asked = Asked(unit_id=top.id, period=PERIOD)
        moment = "2026-06-01 00:00:00+00" if is_postgres() else "2026-06-01 00:00:00.000000"
        known = {"person": PERSON, "account": ACCOUNT, "entry": ENTRY, "unit": top.id, "moment": moment, "members": members}
        known |= {"issued": top.issued_account_id, "served": ledger.system_account("served", "minutes"), "day": str(ON)}
        connection = db.session.connection()
        with guards.lowered(connection, "account", "journal_entry", "transfer", "consent"):
            deposits = DEPOSITS * members
            for statement, count in (
                (ACCOUNTS, 2 * members), (PERSONS, members), (CONSENTS, members), (ENTRIES, deposits), (TRANSFERS, 2 * deposits),
            ):  # fmt: skip
                wanted = {name: value for name, value in known.items() if f":{name}" in statement}
                connection.execute(text(statement.format(numbers=NUMBERS)), wanted | {"count": count})
    with transaction():  # As the database does by itself soon after so many rows.
        db.session.execute(text("ANALYZE"))
    return asked
