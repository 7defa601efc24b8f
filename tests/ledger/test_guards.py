"""The database itself refuses, without a line of our code in between."""

import re
import sys
from collections.abc import Callable
from datetime import date

import pytest

from bank.db import db, is_postgres, transaction
from bank.ledger import actions
from bank.ledger.audit import differences
from bank.ledger.models import Account
from bank.ledger.rules import AMOUNT_MAX
from tests.cases import cases
from tests.ledger.conftest import Books

ENTRY = (
    "INSERT INTO journal_entry (key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count) "
    "VALUES ('{key}', 'f', 'deposit', '{day}', '2026-10-05', 'x', {count})"
)
LINE = "INSERT INTO transfer VALUES ({entry}, {line}, '{unit}', {debit}, {credit}, {amount}, '2026-10-05')"
REVERSAL = (
    "INSERT INTO journal_entry (key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count, reverses_id, "
    "reason, approved_by) VALUES ('{key}', 'f', 'reversal', '2026-10-05', '2026-10-05', 'x', 1, {reverses}, 'y', {approved})"
)
NEWEST = "(SELECT max(id) FROM journal_entry)"


def entry(key: str = "new", *, day: str = "2026-10-05", count: int = 1) -> str:
    return ENTRY.format(key=key, day=day, count=count)


def line(
    number: int = 1, *, entry: str = NEWEST, unit: str = "points", debit: str = ":issued", credit: str = ":first", amount: int = 5
) -> str:
    return LINE.format(entry=entry, line=number, unit=unit, debit=debit, credit=credit, amount=amount)


def reversal(key: str = "new", *, reverses: str = ":entry", approved: str = "'z'") -> str:
    return REVERSAL.format(key=key, reverses=reverses, approved=approved)


# What is tried, and the word by which the database must refuse it; of several statements only the last one is refused.
ATTACKS = {
    "amount zero": ("ck_transfer_amount", entry(), line(amount=0)),
    "amount negative": ("ck_transfer_amount", entry(), line(amount=-5)),
    "amount beyond the range": ("ck_transfer_amount", entry(), line(amount=AMOUNT_MAX + 1)),
    "amount as large as a number can be": ("ck_transfer_amount|out of range", entry(), line(amount=2**63 - 1)),
    "same account on both sides": ("ck_transfer_two_accounts|bad_entry", entry(), line(debit=":issued", credit=":issued")),
    "points into an account of minutes": ("bad_entry", entry(), line(credit=":minutes")),
    "minutes from an account of points": ("bad_entry", entry(), line(unit="minutes", credit=":minutes")),
    "a unit that is none": ("bad_entry", entry(), line(unit="yuan")),
    "account unknown": ("bad_entry", entry(), line(credit="999999")),
    "entry unknown": ("bad_entry", line(entry="999999")),
    "overdraw": ("ck_account_floor", entry(), line(debit=":first", credit=":issued", amount=1_000_000)),
    "transfer on a closed account": ("account_closed", entry(), line(credit=":closed")),
    "transfer dated otherwise than its entry": ("bad_entry", entry(day="2026-10-06"), line()),
    "a third line for an entry of two": ("bad_entry", line(3, entry=":entry")),
    "a line again": ("bad_entry|pk_transfer", line(2, entry=":entry")),
    "transfer changed": ("append_only", "UPDATE transfer SET amount = 1"),
    "transfer deleted": ("append_only", "DELETE FROM transfer"),
    "entry changed": ("append_only", "UPDATE journal_entry SET reason = 'x'"),
    "entry deleted": ("append_only", "DELETE FROM journal_entry"),
    "key used again": ("uq_journal_entry_key|append_only", entry("one")),
    "entry in a closed month": ("month_closed", entry(day="2026-08-05")),
    "entry on a day that is none": ("bad_entry|out of range", entry(day="2026-08-32")),
    "entry of a kind that is none": ("ck_journal_entry_kind", entry().replace("'deposit'", "'gift'")),
    "second reversal": ("uq_journal_entry_reverses_id|append_only", reversal(reverses=":reversed")),
    "reversal of a reversal": ("bad_entry", reversal(reverses=":reversal")),
    "reversal of nothing": ("bad_entry|fk_journal_entry_reverses_id", reversal(reverses="999999")),
    "reversal without a second person": ("ck_journal_entry_reversal_has_reason", reversal(approved="NULL")),
    "reversal agreed by who recorded it": ("ck_journal_entry_second_person", reversal(approved="'x'")),
    "balance edited": ("append_only", "UPDATE account SET balance = balance + 1 WHERE id = :first"),
    "balance edited, with an old entry as excuse": (
        "append_only", "UPDATE account SET balance = balance + 100, last_entry_id = :entry WHERE id = :first"
    ),
    "account that starts rich": (
        "append_only",
        "INSERT INTO account (code, unit, has_floor, balance, opened_at) VALUES ('x', 'points', true, 5, '2026-01-01')",
    ),
    "account renamed": ("append_only", "UPDATE account SET code = 'mine' WHERE id = :first"),
    "account deleted": ("append_only", "DELETE FROM account WHERE id = :second"),
    "floor removed": ("append_only", "UPDATE account SET has_floor = false, balance = NULL WHERE id = :first"),
    "opening edited": ("append_only", "UPDATE opening SET balance = balance + 1, earned = earned + 1"),
    "opening of no account": (
        "bad_opening|FOREIGN KEY",
        "INSERT INTO opening SELECT month, 99999, balance, earned, spent, expired, corrected FROM opening LIMIT 1",
    ),
    "opening deleted": ("append_only", "DELETE FROM opening"),
    "month opened again": ("append_only", "DELETE FROM month_close"),
}  # fmt: skip


@pytest.fixture
def victim(books: Books) -> dict[str, int]:
    """Books with a closed month, an entry, a reversed entry and its reversal, and an account that was closed."""
    books.post(books.deposit("august", on=date(2026, 8, 3)))
    with transaction():
        actions.close_through(month=date(2026, 8, 1), at=books.at)
        closed = actions.open_account(code="closed/test", unit="points", has_floor=False, at=books.at)
        db.session.get_one(Account, closed).closed_at = books.at
    first, second = books.post(books.deposit("one"), books.deposit("two"))
    with transaction():
        reversal = actions.reverse(
            entry_id=second.entry_id, key="undo", reason="wrong", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 5), at=books.at,
        )  # fmt: skip
    accounts = {"first": books.first[0], "minutes": books.first[1], "second": books.second[0], "issued": books.issued}
    return {"entry": first.entry_id, "reversed": second.entry_id, "reversal": reversal.entry_id, "closed": closed, **accounts}


def test_the_database_refuses_every_attack_by_a_named_rule(victim: dict[str, int], attack: Callable[..., str]) -> None:
    card = {name: attack(*(filled(each, victim) for each in statements)) for name, (_, *statements) in ATTACKS.items()}
    sys.stdout.write("".join(f"{name:48} {said}\n" for name, said in card.items()))
    assert [name for name, said in card.items() if not re.search(ATTACKS[name][0], said)] == []
    assert list(differences()) == []


def filled(sql: str, victim: dict[str, int]) -> str:
    return re.sub(r":([a-z]+)", lambda found: str(victim[found[1]]), sql)


@cases("table", ["journal_entry", "transfer", "account", "opening", "month_close", "consent", "stock_movement"])
def test_truncate_is_refused(table: str, books: Books, attack: Callable[..., str]) -> None:
    if not is_postgres():
        pytest.skip("SQLite has no TRUNCATE")
    assert "append_only" in attack(f"TRUNCATE {table} CASCADE")


def test_replacing_an_entry_is_refused(books: Books, attack: Callable[..., str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    books.post(books.deposit("one"))
    assert "append_only" in attack("INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry")


@pytest.mark.parametrize("clause", ["IGNORE", "FAIL", "REPLACE", "ABORT"])
def test_no_clause_of_an_insert_gets_past_the_floor(clause: str, victim: dict[str, int], attack: Callable[..., str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL has no INSERT OR")
    overdraw = line(debit=":first", credit=":issued", amount=1_000_000).replace("INSERT", f"INSERT OR {clause}")
    assert "ck_account_floor" in attack(entry(), filled(overdraw, victim))
    assert list(differences()) == []


@cases("day", ["2026-8-5", "20260805", "2461257.5", "2026-08-05T00:00", "2026-08-05 ", "-1", "", "a day"])
def test_no_spelling_of_a_day_gets_into_a_closed_month(day: str, victim: dict[str, int], attack: Callable[..., str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL's column takes days only")
    assert "bad_entry" in attack(entry(day=day))


@pytest.mark.parametrize("name", ["rowid", "oid", "_rowid_", "ID"])
def test_an_account_keeps_its_number_by_whatever_name(name: str, victim: dict[str, int], attack: Callable[..., str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL calls a number by its name alone")
    assert "append_only" in attack(f"UPDATE account SET {name} = 999999 WHERE id = {victim['second']}")


def test_an_amount_is_whole_in_the_database_too(victim: dict[str, int], attack: Callable[..., str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL's column takes whole numbers only")
    assert "bad_entry" in attack(entry(), filled(line().replace(", 5,", ", 5.5,"), victim))


def test_a_line_moves_a_balance_once(victim: dict[str, int], attack: Callable[..., str]) -> None:
    assert "append_only" in attack(f"UPDATE account SET balance = balance + 100, last_line = 2 WHERE id = {victim['first']}")
