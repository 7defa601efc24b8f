"""The database itself refuses, without a line of our code in between."""

import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bank.db import db, is_postgres, transaction
from bank.ledger import actions, guards, seal
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
SHADOW = "{shadow}"  # Where temporary tables are.
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
    "opening changed by an insert": (
        "append_only",
        "INSERT INTO opening SELECT * FROM opening WHERE true ON CONFLICT (month, account_id) DO UPDATE SET balance = 9"
    ),
    "opening of a month that is open": (
        "bad_month", "INSERT INTO opening SELECT '2026-12-01', account_id, 0, 0, 0, 0, 0 FROM opening"
    ),
    "month opened again": ("append_only", "DELETE FROM month_close"),
    "month closed that is not next": ("bad_month", "INSERT INTO month_close VALUES ('2030-01-01', '2026-10-05')"),
    "month closed that never ends": ("bad_month", "INSERT INTO month_close VALUES ('9999-12-01', '2026-10-05')"),
    "month closed from its middle on": ("bad_month", "INSERT INTO month_close VALUES ('2026-09-15', '2026-10-05')"),
    "closed account opened again": ("append_only", "UPDATE account SET closed_at = NULL WHERE id = :closed"),
    "account changed by an insert": (
        "append_only",
        """INSERT INTO account (code, unit, has_floor, balance, opened_at) SELECT code, unit, has_floor, 0, opened_at
           FROM account WHERE id = :first ON CONFLICT (code, unit) DO UPDATE SET balance = 9"""
    ),
    "account of a unit that is none": (
        "ck_account_unit",
        "INSERT INTO account (code, unit, has_floor, balance, opened_at) VALUES ('x', 'yuan', true, 0, '2026-01-01')"
    ),
    "account with a floor and no balance": (
        "ck_account_stored_balance",
        "INSERT INTO account (code, unit, has_floor, balance, opened_at) VALUES ('x', 'points', true, NULL, '2026-01-01')"
    ),
    "entry changed by an insert": ("append_only", entry("one") + " ON CONFLICT (key) DO UPDATE SET kind = 'import'"),
    "entry without a key": ("(?i)not.null", entry().replace("'new'", "NULL")),
    "entry without a day": ("(?i)not.null|bad_entry", entry().replace("'2026-10-05', '2026-10-05'", "NULL, '2026-10-05'")),
    "entry on a day before all years": ("bad_entry|out of range", entry(day="0000-03-15")),
    "entry on a day after all years": ("bad_entry", entry(day="10000-03-15")),
    "entry on the last of all days": ("bad_entry", entry(day="infinity")),
    "entry in a closed month, where another table hides what is closed": (
        "month_closed", "CREATE TEMPORARY TABLE month_close (month date, closed_at text)", entry(day="2026-08-05")
    ),
    "overdraw, where another table hides the accounts": (
        "ck_account_floor",
        "CREATE TEMPORARY TABLE account (id bigint, unit text, has_floor boolean, balance bigint, closed_at date)",
        f"INSERT INTO {SHADOW}.account VALUES (:first, 'points', false, 0, NULL)",
        entry(), line(debit=":first", credit=":issued", amount=1_000_000),
    ),
    "seal changed": ("append_only", "UPDATE seal SET root = 'x'"),
    "seal deleted": ("append_only", "DELETE FROM seal"),
    "place in a seal deleted": ("append_only", "DELETE FROM sealed_entry"),
    "entry sealed a second time": (
        "uq_sealed_entry_entry_id|append_only", "INSERT INTO sealed_entry VALUES (900, (SELECT max(entry_id) FROM sealed_entry))"
    ),
}  # fmt: skip


@pytest.fixture
def victim(books: Books, outside: Path) -> dict[str, int]:
    """Sealed books with a closed month, an entry, a reversed entry and its reversal, and an account that was closed."""
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
    seal.seal_all(published=outside, at=books.at)
    accounts = {"first": books.first[0], "minutes": books.first[1], "second": books.second[0], "issued": books.issued}
    return {"entry": first.entry_id, "reversed": second.entry_id, "reversal": reversal.entry_id, "closed": closed, **accounts}


def test_the_database_refuses_every_attack_by_a_named_rule(victim: dict[str, int], attack: Callable[..., str]) -> None:
    card = {name: attack(*(filled(each, victim) for each in statements)) for name, (_, *statements) in ATTACKS.items()}
    sys.stdout.write("".join(f"{name:48} {said}\n" for name, said in card.items()))
    assert [name for name, said in card.items() if not re.search(ATTACKS[name][0], said)] == []
    assert list(differences()) == []


def filled(sql: str, victim: dict[str, int]) -> str:
    sql = sql.replace(SHADOW, "pg_temp" if is_postgres() else "temp")
    return re.sub(r":([a-z]+)", lambda found: str(victim[found[1]]), sql)


@cases("table", ["journal_entry", "transfer", "account", "opening", "month_close", "seal", "service_record", "consent"])
def test_truncate_is_refused(table: str, books: Books, attack: Callable[..., str]) -> None:
    if not is_postgres():
        pytest.skip("SQLite has no TRUNCATE")
    assert "append_only" in attack(f"TRUNCATE {table} CASCADE")


@cases("sql", [
    "MERGE INTO opening USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET balance = 9, earned = 9",
    "MERGE INTO account USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM transfer RETURNING *) SELECT * FROM gone",
    "TRUNCATE ONLY transfer",
])  # fmt: skip
def test_no_other_way_to_write_gets_past_the_guards(sql: str, victim: dict[str, int], attack: Callable[..., str]) -> None:
    if not is_postgres():
        pytest.skip("SQLite has no such statements")
    assert "append_only" in attack(sql)


@cases("table", ["journal_entry", "transfer", "account", "opening", "month_close", "seal", "sealed_entry", "rule_set"])
def test_no_row_is_replaced(table: str, victim: dict[str, int], attack: Callable[..., str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    assert re.search("append_only|bad_entry|bad_month", attack(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


def test_no_row_is_replaced_by_its_hidden_number(victim: dict[str, int], attack: Callable[..., str]) -> None:
    if is_postgres():
        pytest.skip("PostgreSQL has no such numbers")
    moved = "INSERT OR REPLACE INTO month_close (rowid, month, closed_at) SELECT rowid, '2026-09-01', closed_at FROM month_close"
    assert "append_only" in attack(moved)
    key = "INSERT OR REPLACE INTO opening (rowid, month, account_id, balance, earned, spent, expired, corrected) "
    assert "append_only" in attack(f"{key} SELECT rowid, month, {victim['second']}, 0, 0, 0, 0, 0 FROM opening")


def test_every_table_that_is_only_added_to_has_a_guard_against_replacing() -> None:
    guarded = {name.partition("__")[0] for name in guards.definitions("sqlite") if name.endswith("__no_replace")}
    assert set(guards.append_only_tables()) - guarded == {"journal_entry", "transfer"}


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
