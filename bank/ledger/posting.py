"""How entries reach the database: one call to PostgreSQL, a few prepared statements on SQLite, never the ORM.

Both ways join the caller's open transaction, lock member accounts in id order, look each key up before anything else, and
leave balances, floors and closed months to the guards. `conflict` turns what the database said into our own words.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bank.db import current_connection
from bank.errors import BankError
from bank.ledger import guards
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


class Posted(NamedTuple):
    """The journal entry that stands under a key, and whether this call wrote it."""

    entry_id: int
    is_new: bool


def write(entries: Sequence[NewEntry], at: datetime) -> list[Posted]:
    """Post all entries or none in the open transaction, and answer in their order."""
    connection = current_connection()
    post = _post_postgres if connection.dialect.name == "postgresql" else _post_sqlite
    try:
        return post(connection, entries, at)
    except connection.dialect.loaded_dbapi.Error as error:
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


def _post_postgres(connection: Connection, entries: Sequence[NewEntry], at: datetime) -> list[Posted]:
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
    heads = (_texts(keys), _array(seals), _array(kinds), _array(days), *map(_texts, (recorders, approvers, reasons)))
    plain = map(_array, (versions, reversed_ids, counts, *lines))
    rows = _driver(connection).execute(_POST, [*heads, *plain, at]).fetchall()
    answers = {place: Posted(entry_id, is_new) for place, (entry_id, is_new) in zip(order, rows, strict=True)}
    return [answers[place] for place in range(len(entries))]


def _array(values: Iterable[object]) -> str:
    """Numbers, days and plain words as PostgreSQL writes an array; the driver's own way takes as long as all the rest."""
    return f"{{{','.join('NULL' if each is None else str(each) for each in values)}}}"


def _texts(values: Iterable[str | None]) -> str:
    """Any texts as PostgreSQL writes an array."""
    quoted = (each if each is None else '"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in values)
    return _array(quoted)


def _head(entry: NewEntry) -> tuple[object, ...]:
    return (
        entry.key, fingerprint(entry), entry.kind, entry.effective_on, entry.recorded_by, entry.approved_by,
        entry.reason, entry.rule_version, entry.reverses_id, len(entry.transfers),
    )  # fmt: skip


def _post_sqlite(connection: Connection, entries: Sequence[NewEntry], at: datetime) -> list[Posted]:
    driver = _driver(connection)
    recorded_at = at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")  # As SQLAlchemy writes it.
    known = _known(driver, [each.key for each in entries])
    [last_id] = driver.execute("SELECT coalesce(max(id), 0) FROM journal_entry").fetchone()
    heads: list[tuple[object, ...]] = []
    lines: list[tuple[Any, ...]] = []
    answer = []
    for entry in entries:
        seal, found = fingerprint(entry), known.get(entry.key)
        if found and found[1] != seal:
            raise KeyReused(key=entry.key)
        if not found:
            found = known[entry.key] = (last_id := last_id + 1, seal)
            heads.append(_row(last_id, seal, entry, recorded_at))
            day = entry.effective_on.isoformat()
            lines += [(last_id, line, *each, day) for line, each in enumerate(entry.transfers, 1)]
            answer.append(Posted(last_id, is_new=True))
        else:
            answer.append(Posted(found[0], is_new=False))
    driver.executemany(_INSERT_ENTRY, heads)
    _insert_transfers(connection, lines)
    driver.executemany(_INSERT_REPEAT, [(each.entry_id, recorded_at) for each in answer if not each.is_new])
    return answer


def _known(driver: Any, keys: list[str]) -> dict[str, tuple[int, str]]:
    asked = "?" if len(keys) == 1 else "SELECT value FROM json_each(?)"
    known = f"SELECT key, id, fingerprint FROM journal_entry WHERE key IN ({asked})"  # noqa: S608 - both are our own words.
    rows = driver.execute(known, keys if len(keys) == 1 else [json.dumps(keys)])
    return {key: (entry_id, seal) for key, entry_id, seal in rows}


def _row(entry_id: int, seal: str, entry: NewEntry, recorded_at: str) -> tuple[object, ...]:
    return (
        entry_id, entry.key, seal, entry.kind, entry.effective_on.isoformat(), recorded_at, entry.recorded_by,
        entry.approved_by, entry.reason, entry.rule_version, entry.reverses_id, len(entry.transfers),
    )  # fmt: skip


def _insert_transfers(connection: Connection, lines: list[tuple[Any, ...]]) -> None:
    """Each moves its balances at once; where a payer waits for what comes later in the call, all are moved together.

    PostgreSQL moves every balance once for the whole call, so that what is asked together may stand in any order. Here the
    guards that know single lines only stand aside for that, never the floor itself, and nobody else writes meanwhile.
    """
    driver = _driver(connection)
    if {each[_DEBIT] for each in lines}.isdisjoint(each[_CREDIT] for each in lines):
        driver.executemany(_INSERT_TRANSFER, lines)
        return
    try:
        with connection.begin_nested():
            driver.executemany(_INSERT_TRANSFER, lines)
    except connection.dialect.loaded_dbapi.Error as error:
        if "ck_account_floor" not in str(error):
            raise
        with connection.begin_nested(), guards.lowered(connection, "transfer__moves_balance", "account__balance_by_entry"):
            driver.executemany(_INSERT_TRANSFER, lines)
            driver.execute(_MOVE_BALANCES, [lines[0][0]] * 2)


_DEBIT, _CREDIT = 3, 4  # Where a line has its accounts.
_INSERT_ENTRY = """
    INSERT INTO journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by, approved_by,
                               reason, rule_version, reverses_id, transfer_count)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_TRANSFER = """
    INSERT INTO transfer (entry_id, line, unit, debit_id, credit_id, amount, effective_on) VALUES (?, ?, ?, ?, ?, ?, ?)"""
_INSERT_REPEAT = "INSERT INTO entry_repeat (entry_id, repeated_at) VALUES (?, ?)"
_MOVE_BALANCES = """
    UPDATE account SET balance = balance + moved.amount, last_entry_id = moved.entry_id, last_line = NULL
    FROM (SELECT account_id, sum(amount) AS amount, max(entry_id) AS entry_id
          FROM (SELECT credit_id AS account_id, amount, entry_id FROM transfer WHERE entry_id >= ?
                UNION ALL SELECT debit_id, -amount, entry_id FROM transfer WHERE entry_id >= ?)
          GROUP BY account_id) AS moved
    WHERE id = moved.account_id AND has_floor"""


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
