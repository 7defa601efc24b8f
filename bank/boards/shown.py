"""Whether all who stand on a kept board may still be shown, asked in one round trip: every look at a board asks it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    any_,
    bindparam,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Compiled
from sqlalchemy.exc import DBAPIError

from bank.boards.rules import Row
from bank.consents.queries import gives_consent
from bank.db import db, is_postgres
from bank.people.models import Person
from bank.statements.rules import adult_born_until


def are_shown(rows: Sequence[Row], today: date) -> bool:
    """Whether all of them may still be shown: a consent withdrawn or an account closed counts at once, not in five seconds."""
    if not rows:
        return True
    ids, born_until = ",".join(str(each.id) for each in rows), adult_born_until(today).isoformat()
    # Ids go over as one text: to write a list down takes the driver longer than to look all of them up.
    if is_postgres():
        return _count(_on_postgres(current_app.config["SCHEMA"]), {"ids": f"{{{ids}}}", "born_until": born_until}) == len(rows)
    return _count(_on_sqlite(), {"ids": f"[{ids}]", "born_until": born_until}) == len(rows)


def _count(statement: Compiled, given: dict[str, object]) -> int:
    errors = db.engine.dialect.loaded_dbapi.Error
    ready = {"prepare": True} if is_postgres() else {}  # The same words each time: the server plans them once.
    with _connection() as connection:
        try:
            return int(connection.execute(str(statement), statement.construct_params(given), **ready).fetchone()[0])
        except errors as error:
            raise DBAPIError.instance(str(statement), None, error, errors) from error


def may_be_shown(born_until: date | BindParameter[date]) -> ColumnElement[bool]:
    """Of a row of persons: who agrees to be on boards, is of age and has an open account."""
    return and_(is_open_adult(born_until), gives_consent(Person.id, "board"))


def is_open_adult(born_until: date | BindParameter[date]) -> ColumnElement[bool]:
    """Of a row of persons: who is not known to be a minor, born after that day, and has an open account."""
    return and_(Person.closed_at.is_(None), or_(Person.born_on.is_(None), Person.born_on <= born_until))


@contextmanager
def _connection() -> Iterator[Any]:
    """The driver's connection of the present transaction, or any: to begin and to end one would be two more round trips."""
    session = db.session()
    if session.in_transaction():
        yield session.connection().connection.driver_connection
        return
    taken = db.engine.raw_connection()
    try:
        yield taken.driver_connection
    finally:
        taken.close()


@cache
def _on_postgres(schema: str) -> Compiled:
    # Outside of a transaction nobody has said which bank a bare name means.
    ids = Person.id == any_(cast(bindparam("ids", type_=String), ARRAY(BigInteger)))
    where: Any = {"schema_translate_map": {None: schema}, "render_schema_translate": True}
    return _counted(ids).compile(dialect=db.engine.dialect, **where)


@cache
def _on_sqlite() -> Compiled:
    ids = Person.id.in_(select(func.json_each(bindparam("ids")).table_valued("value").c.value))
    return _counted(ids).compile(dialect=sqlite.dialect(paramstyle="named"))


def _counted(ids: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Person.__table__).where(ids, may_be_shown(bindparam("born_until", type_=Date)))
