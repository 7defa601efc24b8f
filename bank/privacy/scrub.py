"""Takes what names a person out of everything that people and programs have written down elsewhere in the bank."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Column, ColumnElement, String, Table, cast, delete, func, literal, or_, update

from bank.db import Base, db, is_postgres
from bank.ledger.guards import ERASED, erasable_columns
from bank.people.models import Person
from bank.privacy.rules import written_ways
from bank.privacy.tables import linked, tables, texts

_OWN = {"person", "guardian", "change_detail", "answer", "journal_entry"}  # Forgotten as rows, settled, or sealed without names.
SETTLED = "shown once"  # What a kept answer has for its type when it is no longer kept.


def scrub(person: Person, words: Sequence[str]) -> None:
    """Replace the person's name in every text that belongs to him, and his phone, which is his alone, in every text there is."""
    for table in tables():
        if table.name in _OWN:
            continue
        mine = linked(table, person.id)
        for column in texts(table):
            for word in words:
                rows = literal(True) if word == person.phone else mine
                if rows is not None:
                    _replace(table, column, word, rows)


def settle_answers(person: Person, words: Sequence[str]) -> None:
    """Empty the kept answers that hold one of the words or were given to the person.

    Their keys stay, so that what was done once is still not done twice.
    """
    answer = Base.metadata.tables["answer"]
    holds = [_contains(answer.c.body, way.encode()) for word in words for way in written_ways(word)]
    rows = or_(answer.c.scope == person.key, *holds)
    emptied = update(answer).where(rows).values(content_type=SETTLED, body=b"", location=None)
    db.session.connection().execute(emptied)


def prune_answers(*, before: datetime) -> int:
    """Remove the answers of before an instant; answers how many there were."""
    answer = Base.metadata.tables["answer"]
    return db.session.connection().execute(delete(answer).where(answer.c.answered_at < before)).rowcount


def _replace(table: Table, column: Column[str], word: str, rows: ColumnElement[bool]) -> None:
    is_fixed = bool(table.info.get("append_only"))
    if is_fixed and column.name not in erasable_columns(table.name):
        return
    for way in written_ways(word):
        text = cast(column, String) if isinstance(column.type, JSON) else column
        value: ColumnElement[str] = literal(ERASED) if is_fixed else func.replace(text, way, ERASED)
        if isinstance(column.type, JSON) and is_postgres():
            value = cast(value, JSON)
        found = text.contains(way, autoescape=True)
        db.session.connection().execute(update(table).where(rows, found).values({column: value}))


def _contains(column: Column[bytes], needle: bytes) -> ColumnElement[bool]:
    if is_postgres():
        return func.strpos(func.encode(column, "hex"), needle.hex()) > 0
    return func.instr(column, needle) > 0
