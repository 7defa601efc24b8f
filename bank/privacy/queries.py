"""All that the bank holds about a person, to be taken along; nothing here changes anything."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, Row, Table, case, or_, select

from bank.db import db
from bank.documents import tables as files
from bank.ledger.models import JournalEntry, Transfer
from bank.people.models import Person
from bank.privacy import rules
from bank.privacy.tables import about, tables

Rows = list[dict[str, object]]
_SAME_TIME = (2026, 1, 1, 0, 0, 0)  # A file in the archive tells nothing by its own time.


def own_data(person: Person) -> dict[str, Rows]:
    """Every row about a person by table, and the lines of both accounts; no secrets, and of others at most their number.

    Points are hundredths, minutes whole, instants in UTC; what a number stands for has its name beside it.
    """
    found, titles = {}, _Titles()
    for table in tables():
        condition = about(table, person.id)
        if condition is not None:
            rows = db.session.execute(select(table).where(condition).order_by(*table.primary_key.columns))
            found[table.name] = [_plain(table, row, person, titles) for row in rows]
    found["account_line"] = _lines(person)
    return {name: rows for name, rows in found.items() if rows}


def as_json(data: Mapping[str, Rows]) -> bytes:
    """Own data as one file for programs."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def as_zip(data: Mapping[str, Rows]) -> bytes:
    """Own data as an archive of tables for a spreadsheet program, one file per table."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in data.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))  # A row leaves out who else it names.
            cells = ([_cell(row.get(column)) for column in columns] for row in rows)
            packed.writestr(zipfile.ZipInfo(f"{name}.csv", _SAME_TIME), b"".join(files.write("csv", columns, cells)))
    return archive.getvalue()


def _plain(table: Table, row: Row[Any], person: Person, titles: "_Titles") -> dict[str, object]:
    values: dict[str, object] = {}
    for column in table.columns:
        value = row._mapping[column]
        if rules.is_secret(column.name) or isinstance(column.type, LargeBinary) or _is_another(column, value, person):
            continue
        values[column.name] = _value(value)
        title = titles[column, value] if column.foreign_keys else None
        if title is not None:
            values[f"{column.name.removesuffix('_id')}_name"] = title
    return values


def _is_another(column: Column[Any], value: object, person: Person) -> bool:
    return any(key.column.table.name == "person" for key in column.foreign_keys) and value not in (None, person.id)


class _Titles(dict[tuple[Column[Any], Any], Any]):
    """The name of what a number stands for: of a unit, an activity, a reward; never of a person. Each is read once."""

    def __missing__(self, asked: tuple[Column[Any], Any]) -> Any:
        column, value = asked
        self[asked] = None
        for key in column.foreign_keys if value is not None else ():
            parent = key.column.table
            if parent.name != "person" and "name" in parent.c:
                self[asked] = db.session.execute(select(parent.c.name).where(key.column == value)).scalar()
        return self[asked]


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def _cell(value: object) -> str | int | None:
    if value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return json.dumps(value, ensure_ascii=False)


def _lines(person: Person) -> Rows:
    accounts = (person.points_account_id, person.minutes_account_id)
    amount = case((Transfer.credit_id.in_(accounts), Transfer.amount), else_=-Transfer.amount).label("amount")
    columns = (JournalEntry.key, JournalEntry.kind, JournalEntry.effective_on, JournalEntry.recorded_at, Transfer.unit, amount)
    wanted = select(*columns).join(Transfer, Transfer.entry_id == JournalEntry.id)
    wanted = wanted.where(or_(Transfer.credit_id.in_(accounts), Transfer.debit_id.in_(accounts)))
    rows = db.session.execute(wanted.order_by(JournalEntry.id, Transfer.line))
    return [{name: _value(value) for name, value in row._mapping.items()} for row in rows]
