"""How entries reach the database: one call to PostgreSQL, a few prepared statements on SQLite, never the ORM.

Both ways join the caller's open transaction, lock member accounts in id order, look each key up before anything else, and
leave balances, floors and closed months to the guards. `conflict` turns what the database said into our own words.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bank.db import db
from bank.errors import BankError
from bank.ledger.rules import (
    AccountClosed,
    AlreadyReversed,
    BadEntry,
    BalanceTooLow,
    KeyReused,
    MonthClosed,
    NewEntry,
    fingerprint,
)


@dataclass(frozen=True)
class Posted:
    """The journal entry that stands under a key, and whether this call wrote it."""

    entry_id: int
    is_new: bool


def write(entries: Sequence[NewEntry], at: datetime) -> list[Posted]:
    """Post all entries or none on the session's own connection, and answer in their order."""
    connection = db.session.connection()
    driver = connection.connection.driver_connection
    errors = connection.dialect.loaded_dbapi.Error
    post = _post_postgres if connection.dialect.name == "postgresql" else _post_sqlite
    try:
        return post(driver, entries, at)
    except errors as error:
        raise conflict(error, entries) from error


def conflict(error: Exception, entries: Sequence[NewEntry]) -> Exception:
    """Our own name for what the database refused; anything else as SQLAlchemy would have named it."""
    keys = {"key": entries[0].key} if len(entries) == 1 else {}
    for sign, kind in _REFUSALS.items():
        if sign in (getattr(error, "sqlstate", None), str(error).partition(":")[0]):
            return kind(**keys)
    text = str(error)
    if "reverses_id" in text and getattr(error, "sqlstate", "23505") == "23505":
        return AlreadyReversed(**keys)
    if getattr(error, "sqlstate", None) == "23514" or "ck_account_floor" in text:
        return BalanceTooLow(**keys)  # Amounts and sides were checked before, so only the floor is left.
    kinds = {"IntegrityError": IntegrityError, "OperationalError": OperationalError}
    wrappers = (kinds[each.__name__] for each in type(error).__mro__ if each.__name__ in kinds)
    return next(wrappers, DBAPIError)("post", None, error)


_REFUSALS: dict[str, type[BankError]] = {
    "MB001": MonthClosed,
    "month_closed": MonthClosed,
    "MB002": AccountClosed,
    "account_closed": AccountClosed,
    "MB003": KeyReused,
    "MB005": BadEntry,
    "bad_entry": BadEntry,
}

_POST = """
    SELECT * FROM post_entries(
        %s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::bigint[],
        %s::smallint[], %s::integer[], %s::smallint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s)"""


def _post_postgres(driver: Any, entries: Sequence[NewEntry], at: datetime) -> list[Posted]:
    # Whoever writes the same keys writes them in the same order, and waits instead of locking the other out.
    order = sorted(range(len(entries)), key=lambda place: entries[place].key)
    keys, seals, kinds, days, recorders, approvers, reasons, versions, reversed_ids, counts = map(
        list, zip(*(_head(entries[place]) for place in order), strict=True)
    )
    lines = zip(
        *((number, line, each.unit, each.debit_id, each.credit_id, each.amount)
          for number, place in enumerate(order, 1) for line, each in enumerate(entries[place].transfers, 1)),
        strict=True,
    )  # fmt: skip
    plain = map(_array, (versions, reversed_ids, counts, *lines))
    heads = (keys, _array(seals), kinds, _array(days), recorders, approvers, reasons)
    rows = driver.execute(_POST, [*heads, *plain, at]).fetchall()
    answers = {place: Posted(entry_id, is_new) for place, (entry_id, is_new) in zip(order, rows, strict=True)}
    return [answers[place] for place in range(len(entries))]


def _array(values: Iterable[object]) -> str:
    """Numbers, days and plain words as PostgreSQL writes an array; the driver's own way takes as long as all the rest."""
    return f"{{{','.join('NULL' if each is None else str(each) for each in values)}}}"


def _head(entry: NewEntry) -> tuple[object, ...]:
    return (
        entry.key, fingerprint(entry), entry.kind, entry.effective_on, entry.recorded_by, entry.approved_by,
        entry.reason, entry.rule_version, entry.reverses_id, len(entry.transfers),
    )  # fmt: skip


def _post_sqlite(driver: Any, entries: Sequence[NewEntry], at: datetime) -> list[Posted]:
    recorded_at = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")  # As SQLAlchemy writes it.
    known = _known(driver, [each.key for each in entries])
    seals = {key: seal for key, (_, seal) in known.items()}
    new: dict[str, NewEntry] = {}
    heads: dict[str, tuple[object, ...]] = {}
    for entry in entries:
        _, seal, kind, day, *rest = _head(entry)
        if seals.setdefault(entry.key, seal) != seal:
            raise KeyReused(key=entry.key)
        if entry.key not in known and entry.key not in new:
            new[entry.key] = entry
            heads[entry.key] = (entry.key, seal, kind, str(day), recorded_at, *rest)
    first_id = driver.execute("SELECT coalesce(max(id), 0) + 1 FROM journal_entry").fetchone()[0]
    ids = {entry.key: entry_id for entry_id, entry in enumerate(_payable(driver, list(new.values())), first_id)}
    driver.executemany(_INSERT_ENTRY, [(entry_id, *heads[key]) for key, entry_id in ids.items()])
    driver.executemany(_INSERT_TRANSFER, [line for key, entry_id in ids.items() for line in _lines(entry_id, new[key])])
    ids |= {key: entry_id for key, (entry_id, _) in known.items()}
    answer = [Posted(ids[each.key], is_new=new.pop(each.key, None) is not None) for each in entries]
    driver.executemany(_INSERT_REPEAT, [(each.entry_id, recorded_at) for each in answer if not each.is_new])
    return answer


def _payable(driver: Any, entries: list[NewEntry]) -> list[NewEntry]:
    """The entries in an order in which nobody is overdrawn on the way, if nobody is in the end.

    PostgreSQL moves every balance once for the whole call, SQLite once for each entry; what is asked together may stand in
    any order. Only members who pay one another in a circle, with points that none of them has yet, find no order here.
    """
    payers = json.dumps(list({each.debit_id for entry in entries for each in entry.transfers})) if len(entries) > 1 else "[]"
    held = dict(driver.execute(_HELD, [payers]).fetchall())
    ordered: list[NewEntry] = []
    waiting = sorted(entries, key=lambda each: _takes_and_gives(each, held)) if held else []
    while waiting:
        ready = next((each for each in waiting if min(_left(each, held).values(), default=0) >= 0), waiting[0])
        held |= _left(ready, held)
        ordered.append(ready)
        waiting = [each for each in waiting if each is not ready]
    return ordered or entries


def _takes_and_gives(entry: NewEntry, held: dict[int, int]) -> tuple[bool, bool]:
    """First comes what only gives to those who pay, last what only takes from them."""
    return any(each.debit_id in held for each in entry.transfers), all(each.credit_id not in held for each in entry.transfers)


def _left(entry: NewEntry, held: dict[int, int]) -> dict[int, int]:
    """What an entry leaves on those of the accounts that it touches."""
    left: dict[int, int] = {}
    for each in entry.transfers:
        for account_id, change in ((each.debit_id, -each.amount), (each.credit_id, each.amount)):
            if account_id in held:
                left[account_id] = left.get(account_id, held[account_id]) + change
    return left


_HELD = "SELECT id, balance FROM account WHERE has_floor AND id IN (SELECT value FROM json_each(?))"


def _lines(entry_id: int, entry: NewEntry) -> list[tuple[object, ...]]:
    day = entry.effective_on.isoformat()
    return [
        (entry_id, line, each.unit, each.debit_id, each.credit_id, each.amount, day)
        for line, each in enumerate(entry.transfers, 1)
    ]


_INSERT_ENTRY = """
    INSERT INTO journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by, approved_by,
                               reason, rule_version, reverses_id, transfer_count)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_TRANSFER = """
    INSERT INTO transfer (entry_id, line, unit, debit_id, credit_id, amount, effective_on) VALUES (?, ?, ?, ?, ?, ?, ?)"""
_INSERT_REPEAT = "INSERT INTO entry_repeat (entry_id, repeated_at) VALUES (?, ?)"


def _known(driver: Any, keys: list[str]) -> dict[str, tuple[int, object]]:
    rows = driver.execute(
        "SELECT key, id, fingerprint FROM journal_entry WHERE key IN (SELECT value FROM json_each(?))", [json.dumps(keys)]
    )
    return {key: (entry_id, seal) for key, entry_id, seal in rows}
