"""Which rows of all tables are about a person, found in the tables' own definitions, so that a new slice is never forgotten."""

from collections.abc import Iterator

from sqlalchemy import JSON, Column, ColumnElement, String, Table, or_, select

from bank.db import Base
from bank.privacy.rules import is_about

# What hangs below these belongs to the organisation, not to the person who leads or published it.
_OF_ALL = {"unit", "person", "account", "journal_entry", "counter", "reward", "device"}
_WORDS_MIN = 30  # Columns for fewer characters hold codes and keys.
_DEPTH = 3


def tables() -> list[Table]:
    """Every table of the bank, whichever slice it belongs to."""
    return Base.metadata.sorted_tables


def about(table: Table, person_id: int) -> ColumnElement[bool] | None:
    """The rows that are about a person: those that name him, unless only as the one who wrote or approved them."""
    if table.name == "person":
        return table.c.id == person_id
    named = [each == person_id for each in _naming(table) if is_about(each.name)]
    return or_(*named) if named else None


def linked(table: Table, person_id: int, depth: int = _DEPTH) -> ColumnElement[bool] | None:
    """The rows that name a person in any part, or belong to a row that does, such as the steps of a redemption."""
    ways: list[ColumnElement[bool]] = [each == person_id for each in _naming(table)]
    for column in table.columns if depth else ():
        for key in column.foreign_keys:
            parent = key.column.table
            above = linked(parent, person_id, depth - 1) if parent.name not in _OF_ALL and parent is not table else None
            if above is not None:
                ways.append(column.in_(select(key.column).where(above)))
    return or_(*ways) if ways else None


def texts(table: Table) -> Iterator[Column[str]]:
    """The columns in which people write: long enough for words, and no key, hash, path or public title."""
    for column in table.columns:
        is_text = isinstance(column.type, String) and (column.type.length or _WORDS_MIN) >= _WORDS_MIN
        is_title = column.name in {"name", "key", "path", "code", "source", "what", "subject_key"}
        if isinstance(column.type, JSON) or (is_text and not is_title and not column.name.endswith(("hash", "_by", "_sort"))):
            yield column


def _naming(table: Table) -> list[Column[int]]:
    return [each for each in table.columns if any(key.column.table.name == "person" for key in each.foreign_keys)]
