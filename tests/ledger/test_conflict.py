"""What a database says when it refuses, in the ledger's own words; anything else under SQLAlchemy's name."""

import sqlite3
from datetime import date

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bank.errors import BankError
from bank.ledger.posting import conflict
from bank.ledger.rules import (
    AccountClosed,
    AlreadyReversed,
    BadEntry,
    BalanceTooLow,
    KeyReused,
    MonthClosed,
    NewEntry,
    NewTransfer,
)

ENTRY = NewEntry("one", "deposit", date(2026, 10, 5), (NewTransfer("points", 1, 2, 5),), "bob")


def raised(sqlstate: str) -> psycopg.Error:
    """What a guard of PostgreSQL raises."""
    error = errors.RaiseException("said by a guard")
    error.sqlstate = sqlstate
    return error


OURS: list[tuple[Exception, type[BankError]]] = [
    (raised("MB001"), MonthClosed),
    (raised("MB002"), AccountClosed),
    (raised("MB003"), KeyReused),
    (raised("MB005"), BadEntry),
    (errors.UniqueViolation('unique constraint "uq_journal_entry_reverses_id"'), AlreadyReversed),
    (errors.CheckViolation("told in the server's own language, perhaps"), BalanceTooLow),
    (sqlite3.IntegrityError("month_closed"), MonthClosed),
    (sqlite3.IntegrityError("account_closed"), AccountClosed),
    (sqlite3.IntegrityError("bad_entry: line does not fit"), BadEntry),
    (sqlite3.IntegrityError("UNIQUE constraint failed: journal_entry.reverses_id"), AlreadyReversed),
    (sqlite3.IntegrityError("CHECK constraint failed: ck_account_floor"), BalanceTooLow),
]
OTHERS: list[tuple[Exception, type[DBAPIError]]] = [
    (errors.ForeignKeyViolation('"fk_journal_entry_reverses_id_journal_entry"'), IntegrityError),
    (errors.UniqueViolation('unique constraint "uq_journal_entry_key"'), IntegrityError),
    (errors.DeadlockDetected("deadlock detected"), OperationalError),
    (sqlite3.OperationalError("database is locked"), OperationalError),
    (sqlite3.IntegrityError("append_only: journal_entry"), IntegrityError),
    (sqlite3.DatabaseError("database disk image is malformed"), DBAPIError),
]


@pytest.mark.parametrize(("error", "kind"), OURS)
def test_a_refusal_has_a_name_of_ours_and_says_which_entry(error: Exception, kind: type[BankError]) -> None:
    one, several = conflict(error, [ENTRY]), conflict(error, [ENTRY, ENTRY])
    assert (type(one), type(several)) == (kind, kind)
    assert isinstance(one, BankError) and one.details == {"key": "one"}
    assert isinstance(several, BankError) and several.details == {}


@pytest.mark.parametrize(("error", "kind"), OTHERS)
def test_anything_else_keeps_the_kind_that_sqlalchemy_would_give_it(error: Exception, kind: type[DBAPIError]) -> None:
    found = conflict(error, [ENTRY])
    assert type(found) is kind
    assert isinstance(found, DBAPIError) and found.orig is error
    assert "post" in str(found)
