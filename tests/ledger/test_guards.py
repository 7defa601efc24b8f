"""The database itself refuses, without a line of our code in between."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from bank.db import is_postgres, transaction
from bank.ledger import actions
from tests.ledger.conftest import Books

LINE = "INSERT INTO transfer VALUES (:entry, {line}, 'points', :issued, :first, {amount}, '2026-10-05')"
ENTRY = "INSERT INTO journal_entry ({columns}) VALUES ('{key}', 'f', 'deposit', '{day}', '2026-10-05', 'x', 1)"
COLUMNS = "key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count"
ATTACKS = {
    "amount zero": LINE.format(line=3, amount=0),
    "amount negative": LINE.format(line=3, amount=-5),
    "a third line for an entry of two": LINE.format(line=3, amount=5),
    "a line again": LINE.format(line=2, amount=5),
    "transfer changed": "UPDATE transfer SET amount = 1",
    "transfer deleted": "DELETE FROM transfer",
    "entry changed": "UPDATE journal_entry SET reason = 'x'",
    "entry deleted": "DELETE FROM journal_entry",
    "balance edited": "UPDATE account SET balance = balance + 1 WHERE id = :first",
    "balance edited, with an old entry as excuse": (
        "UPDATE account SET balance = balance + 100, last_entry_id = :entry WHERE id = :first"
    ),
    "account that starts rich": (
        "INSERT INTO account (code, unit, has_floor, balance, opened_at) VALUES ('x', 'points', true, 5, '2026-01-01')"
    ),
    "account renamed": "UPDATE account SET code = 'mine' WHERE id = :first",
    "account deleted": "DELETE FROM account WHERE id = :second",
    "floor removed": "UPDATE account SET has_floor = false, balance = NULL WHERE id = :first",
    "key used again": ENTRY.format(columns=COLUMNS, key="one", day="2026-10-05"),
    "entry in a closed month": ENTRY.format(columns=COLUMNS, key="z", day="2026-08-05"),
    "opening edited": "UPDATE opening SET balance = balance + 1, earned = earned + 1",
    "month opened again": "DELETE FROM month_close",
    "reversal without a second person": (
        f"INSERT INTO journal_entry ({COLUMNS}, reverses_id, reason) "
        "VALUES ('z', 'f', 'reversal', '2026-10-05', '2026-10-05', 'x', 1, :entry, 'y')"
    ),
}


@pytest.fixture
def victim(books: Books) -> dict[str, int]:
    books.post(books.deposit("august", on=date(2026, 8, 3)))
    with transaction():
        actions.close_through(month=date(2026, 8, 1), at=books.at)
    entry_id = books.post(books.deposit("one"))[0].entry_id
    return {"entry": entry_id, "first": books.first[0], "second": books.second[0], "issued": books.issued}


@pytest.mark.parametrize("name", ATTACKS)
def test_raw_sql_is_refused(name: str, victim: dict[str, int], attack: Callable[[str], str]) -> None:
    assert re.search(r"append_only|bad_entry|month_closed|constraint", attack(filled(name, victim)), re.IGNORECASE)


def filled(name: str, victim: dict[str, int]) -> str:
    sql = ATTACKS[name]
    for word, number in victim.items():
        sql = sql.replace(f":{word}", str(number))
    return sql


@pytest.mark.parametrize("table", ["journal_entry", "transfer", "account", "opening", "month_close", "consent", "stock_movement"])
def test_truncate_is_refused(table: str, books: Books, attack: Callable[[str], str]) -> None:
    if not is_postgres():
        pytest.skip("SQLite has no TRUNCATE")
    assert "append_only" in attack(f"TRUNCATE {table} CASCADE")


def test_replacing_an_entry_is_refused(books: Books, attack: Callable[[str], str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    books.post(books.deposit("one"))
    assert "append_only" in attack("INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry")
