"""What of the journal is sealed: every column of an entry and its transfers, and the identity of the accounts they name.

The order and names are those of `proof`. Nothing in it is about a person: who recorded or approved stands there by an
opaque key, and so does whose account it is.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, String, cast, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from bank.db import db, is_postgres
from bank.ledger.models import Account, JournalEntry, SealedEntry, Transfer
from bank.ledger.proof import ACCOUNT, ENTRY, TRANSFER
from bank.ledger.tree import canonical, leaf_hash

BATCH = 5000  # Rows that are in memory at a time.
LINE, DEBIT, CREDIT = len(ENTRY), len(ENTRY) + len(TRANSFER), len(ENTRY) + len(TRANSFER) + 1


class Accounts(dict[int | None, bytes]):
    """The sealed bytes of accounts by id: all that there are, and those that are opened while we read."""

    def __init__(self) -> None:
        rows = _stream(_accounts())
        super().__init__((row[0], canonical(row)) for row in rows)

    def __missing__(self, account_id: int | None) -> bytes:
        row = db.session.connection().execute(_accounts().where(Account.id == account_id)).one_or_none()
        return canonical(row or (account_id,))


def of_entries(ids: Select[int], accounts: Accounts) -> Iterator[tuple[int, bytes]]:
    """Id and leaf hash of the entries with these ids, in the order of ids."""
    chosen = ids.subquery()
    statement = _journal().join(chosen, chosen.c.id == JournalEntry.id).order_by(JournalEntry.id, Transfer.line)
    return _hashes(_stream(statement), accounts)


def of_positions(first: int, last: int, accounts: Accounts) -> Iterator[tuple[int, bytes]]:
    """Id and leaf hash of the entries at these places in the order of sealing."""
    statement = _journal().join(SealedEntry, SealedEntry.entry_id == JournalEntry.id)
    statement = statement.where(SealedEntry.position.between(first, last)).order_by(SealedEntry.position, Transfer.line)
    return _hashes(_stream(statement), accounts)


def fingerprints() -> Iterator[tuple[int, str, str, bool]]:
    """Of every entry its id, its fingerprint, the one its fields give, and whether all its transfers have its day.

    The bytes are those of `rules.fingerprint`, made here without an object per entry: this reads the whole journal.
    """
    rows = _stream(_journal().order_by(JournalEntry.id, Transfer.line))
    for entry_id, lines in groupby(rows, itemgetter(0)):
        parts: list[object] = []
        are_of_day = True
        for row in lines:
            if not parts:
                _id, _key, stored, kind, day, _recorded_at, *others, _count = row[:LINE]
                parts = [kind, day, *others]
            _line, unit, amount, line_day, debit_id, credit_id = row[LINE:]
            parts += (unit, debit_id, credit_id, amount)
            are_of_day = are_of_day and line_day == day
        yield entry_id, stored, sha256(canonical(parts)).hexdigest(), are_of_day


def values_of(entry_id: int) -> tuple[dict[str, object], list[dict[str, object]]]:
    """An entry and its transfers as they are sealed, by name; `debit` and `credit` of a transfer are accounts by name."""
    rows = db.session.connection().execute(_journal().where(JournalEntry.id == entry_id).order_by(Transfer.line)).all()
    ids = {each for row in rows for each in row[DEBIT:]}
    accounts = {
        row[0]: dict(zip(ACCOUNT, row, strict=True)) for row in db.session.execute(_accounts().where(Account.id.in_(ids)))
    }
    transfers = [
        dict(zip(TRANSFER, row[LINE:DEBIT], strict=True)) | {"debit": accounts[row[DEBIT]], "credit": accounts[row[CREDIT]]}
        for row in rows
    ]
    return dict(zip(ENTRY, rows[0][:LINE], strict=True)), transfers


def _hashes(rows: Iterable[Row[Any]], accounts: Accounts) -> Iterator[tuple[int, bytes]]:
    for entry_id, lines in groupby(rows, itemgetter(0)):
        data = b""
        for row in lines:
            data += canonical(row[LINE:DEBIT] if data else row[:DEBIT]) + accounts[row[DEBIT]] + accounts[row[CREDIT]]
        yield entry_id, leaf_hash(data)


def _stream(statement: Select[Any]) -> Iterable[Row[Any]]:
    return db.session.connection().execute(statement.execution_options(yield_per=BATCH))


def _journal() -> Select[Any]:
    """One row per transfer; of an entry that has lost all of them one row with nothing in their place."""
    entry, transfer = JournalEntry, Transfer
    columns: tuple[Any, ...] = (
        entry.id, entry.key, entry.fingerprint, entry.kind, _day(entry.effective_on), _instant(entry.recorded_at),
        entry.recorded_by, entry.approved_by, entry.reason, entry.rule_version, entry.reverses_id, entry.transfer_count,
        transfer.line, transfer.unit, transfer.amount, _day(transfer.effective_on), transfer.debit_id, transfer.credit_id,
    )  # fmt: skip
    return select(*columns).select_from(entry).outerjoin(transfer, transfer.entry_id == entry.id)


def _accounts() -> Select[Any]:
    account = Account
    columns: tuple[Any, ...] = (account.id, account.code, account.unit, cast(account.has_floor, Integer))
    return select(*columns, _instant(account.opened_at))


def _day(column: InstrumentedAttribute[date]) -> ColumnElement[str]:
    """As SQLite keeps it: 2026-10-15."""
    return func.to_char(column, "YYYY-MM-DD") if is_postgres() else type_coerce(column, String)


def _instant(column: InstrumentedAttribute[datetime]) -> ColumnElement[str]:
    """As SQLite keeps it, in UTC: 2026-10-15 01:00:00.000000."""
    if is_postgres():
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    return type_coerce(column, String)
