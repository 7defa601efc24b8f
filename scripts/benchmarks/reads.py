"""A balance is read as quickly from a long history as from a short one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bank.db import db, is_postgres, transaction
from bank.ledger import actions as ledger
from bank.ledger import guards, queries
from benchmarks import places
from benchmarks.measure import Case, Work, rate
from benchmarks.places import AT, ON, NewUrl

MEMBERS = 1000
READS = 300
SHORT = 10_000


def cases(kind: str, new_url: NewUrl, *, quick: bool) -> Iterator[Case]:
    """Members and the bank's own accounts, with few and with many transfers behind them."""
    many = 50_000 if quick else 10_000_000
    yield Case(
        f"{kind}: a balance after {many:,} transfers (against {SHORT:,})", 1.2, lambda: _balance(new_url, many), 9, is_cost=True
    )


@contextmanager
def _balance(new_url: NewUrl, many: int) -> Iterator[tuple[Work, Work]]:
    with _read(new_url, SHORT) as short, _read(new_url, many) as long:
        yield short, long


@contextmanager
def _read(new_url: NewUrl, transfers: int) -> Iterator[Work]:
    """A bank with a history; what reads balances of its members in turn."""
    with places.bank_in(new_url) as app:
        with transaction():
            members = ledger.open_member_accounts(keys=[f"m{each}" for each in range(MEMBERS)], at=AT)
            issued = ledger.open_account(code="issued/bench", unit="points", has_floor=False, at=AT)
            points = [each for each, _ in members]
            _write_history(transfers, issued, points)
        with transaction():
            ledger.rebuild()

        def read() -> None:
            with app.app_context():
                for number in range(READS):
                    queries.balance(points[number * 7 % MEMBERS])

        yield lambda: rate(READS, read)


def _write_history(count: int, issued: int, points: list[int]) -> None:
    """Deposits as plain rows: they only stand in the way of the reading."""
    connection = db.session.connection()
    with guards.lowered(connection, "journal_entry", "transfer"):
        numbers = range(1, count + 1)
        entries = ((number, f"k{number}") for number in numbers)
        transfers = ((number, issued, points[number % MEMBERS]) for number in numbers)
        driver = connection.connection.driver_connection
        _fill(driver, ENTRIES, entries)
        _fill(driver, TRANSFERS, transfers)


ENTRIES = "journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count)"
TRANSFERS = "transfer (entry_id, debit_id, credit_id, line, unit, amount, effective_on)"
FIXED = {ENTRIES: ("f", "deposit", str(ON), str(AT), "bench", 1), TRANSFERS: (1, "points", 100, str(ON))}


def _fill(driver: Any, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    fixed = FIXED[table]
    if not is_postgres():
        width = table.count(",") + 1
        statement = f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"
        driver.executemany(statement, (row + fixed for row in rows))
        return
    with driver.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row + fixed)
