"""The database handle, what every connection needs, and transaction(), the only commit."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from select import select
from typing import Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import BigInteger, Column, Connection, Date, DateTime, Dialect, Engine, Integer, MetaData, TypeDecorator, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

PACKAGE = Path(__file__).parent
MIGRATIONS = next(folder for folder in (PACKAGE / "_migrations", PACKAGE.parent / "migrations") if folder.exists())
APPEND_ONLY = {"info": {"append_only": True}}  # Marks a table whose rows the database never lets change or go.
COMMIT_SECONDS_MAX = 10  # A browser waits longer, and by then a standby that lives has long answered.
LOCK_SECONDS_MAX = 15  # Whoever waits longer for another writer is told to try again.
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers its rows only in a column of type INTEGER.


class Base(DeclarativeBase):
    """The base of every table; the names of its constraints are the same on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps it as text without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        assert value is None or value.tzinfo is not None, "an instant needs its zone"
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class JoiningSession(FlaskSession):
    """The session of a bank: what it does inside transaction() belongs to that, and what it reads otherwise is its own."""

    def get_bind(self, *_what: object, **_more: object) -> Engine | Connection:
        return self.info.get(_WRITING) or self._db.engine


_WRITING = "writing"  # Where a session keeps the connection of the open transaction().
db = SQLAlchemy(model_class=Base, session_options={"class_": JoiningSession})


class CommitUncertain(OperationalError):
    """The database did not confirm a commit: what was done stands or is lost, and the same request sent again settles it."""

    def __init__(self, said: str) -> None:
        super().__init__("COMMIT", None, Exception(f"the commit was not confirmed, send the same again ({said})"))


def random_key() -> str:
    """An opaque name of 20 characters that says nothing about what it names."""
    return secrets.token_hex(10)


@contextmanager
def transaction() -> Iterator[None]:
    """Do everything inside or nothing; opened by a face, round exactly one action, and never inside another.

    Raises CommitUncertain when the database leaves open which of the two it was.
    """
    session = db.session()
    assert _WRITING not in session.info, "a transaction is already open"
    session.rollback()  # What was read before ends here: the action decides on what is true now.
    connection = db.engine.connect()
    session.info[_WRITING] = connection
    try:
        _begin(connection)
        yield
        if session.in_transaction():  # It is not where an action has spoken to the connection alone.
            session.commit()
        _commit(connection)
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.info[_WRITING]
        connection.close()


def current_connection() -> Connection:
    """The connection of the open transaction(), or the one that the session reads by.

    It knows nothing of what the session has not flushed, and costs nothing of what a session does at its begin and end.
    """
    session = db.session()
    writing: Connection | None = session.info.get(_WRITING)
    return session.connection() if writing is None else writing


def newest_migration() -> str:
    """The revision that the tables of this release have; the files are named by it, in their order."""
    return max(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_postgres() -> bool:
    """Whether this bank lives in PostgreSQL rather than SQLite."""
    return db.engine.dialect.name == "postgresql"


def insert_all(model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Write many rows with the same columns at once: by COPY on PostgreSQL, by one prepared statement on SQLite.

    Raises what SQLAlchemy raises for a broken constraint.
    """
    if not rows:
        return
    connection, table = current_connection(), Base.metadata.tables[model.__tablename__]
    columns = [table.c[name] for name in rows[0]]
    names = ", ".join(f'"{each.name}"' for each in columns)
    values = zip(*(_as_stored(each, [row[each.name] for row in rows], connection.dialect) for each in columns), strict=True)
    errors = connection.dialect.loaded_dbapi.Error
    try:
        if is_postgres():
            with _driver(connection).cursor().copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * len(columns))
            insert = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'  # noqa: S608 - all names are our own.
            _driver(connection).executemany(insert, values)
    except errors as error:
        raise DBAPIError.instance(table.name, None, error, errors) from error


def _as_stored(column: Column[Any], values: list[object], dialect: Dialect) -> Iterable[object]:
    to_driver = column.type.dialect_impl(dialect).bind_processor(dialect)
    if to_driver is None or not isinstance(column.type, Instant | Date):
        return map(to_driver, values) if to_driver else values
    stored = {each: to_driver(each) for each in set(values)}  # Many rows share few instants.
    return map(stored.__getitem__, values)


def _begin(connection: Connection) -> None:
    connection.begin()
    if connection.dialect.name == "sqlite":
        # A writer that first reads and then writes would lose to one who came between, so it takes its place at once.
        _driver(connection).execute("BEGIN IMMEDIATE")


def _commit(connection: Connection) -> None:
    """Commit, and take it for done only if the server neither warned nor went away meanwhile."""
    said: list[str] = []
    connection.info["warnings"] = said
    try:
        connection.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise CommitUncertain(str(error.orig)) from error
        raise
    # A cancelled wait for the standby is a warning and a commit that only this server knows: it may die with it.
    if said:
        raise CommitUncertain(said[0])


@event.listens_for(Engine, "begin")
def _begin_postgres(connection: Connection) -> None:
    """Begin, let every unqualified name mean this bank's own tables, and wait for nobody for ever; in one round trip."""
    if connection.dialect.name == "postgresql":
        schema = connection.dialect.identifier_preparer.quote_identifier(current_app.config["SCHEMA"])
        _driver(connection).execute(f"BEGIN; SET LOCAL search_path TO {schema}; SET LOCAL lock_timeout TO '{LOCK_SECONDS_MAX}s'")


@event.listens_for(Session, "after_begin")
def _begin_sqlite(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and _WRITING not in session.info:
        _driver(connection).execute("BEGIN")


@event.listens_for(Engine, "do_connect")
def _connect(dialect: Dialect, _record: object, arguments: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    if dialect.name == "postgresql":
        return _impatient(dialect.loaded_dbapi.Connection).connect(*arguments, **settings)
    return None


@cache
def _impatient(plain: Any) -> Any:
    """The driver's connection, but one that hangs up when the server does not answer its COMMIT in time.

    No timeout of the server ends the wait for a standby, and to cancel it would be a commit that only this server knows.
    And it keeps what it has prepared when a transaction is given up, as every request gives up the one that it has read in:
    tables change only with a new release, and the server plans anew by itself when they do.
    """

    class Impatient(plain):  # type: ignore[misc]
        def commit(self) -> None:
            with self.lock:
                try:
                    self.wait(self._commit_gen(), timeout=COMMIT_SECONDS_MAX)
                except self.OperationalError as error:
                    if error.sqlstate is None:  # The server said neither yes nor no.
                        self.pgconn.finish()
                    raise

        def rollback(self) -> None:
            with self.lock:
                if self.pgconn.transaction_status:  # 0 is none.
                    self.wait(self._exec_command(b"ROLLBACK"))

    return Impatient


@event.listens_for(Engine, "connect")
def _prepare_connection(connection, record) -> None:  # type: ignore[no-untyped-def]
    if connection.__class__.__module__ != "sqlite3":
        connection.autocommit = True  # Otherwise the driver begins by itself, with a round trip of its own.
        connection.add_notice_handler(lambda notice: _note(record.info, notice))
        return
    connection.isolation_level = None  # Otherwise the driver begins late, and two writers overwrite each other.
    # What is deleted is overwritten, so that who was erased is not in the file any more. Eight times the cache that comes by
    # itself holds the accounts of a town, so that a batch does not fetch each of them from the file.
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_SECONDS_MAX}000",
        "secure_delete=ON",
        "cache_size=-16000",
    )
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "checkout")
def _leave_the_dead(connection, _record, _proxy) -> None:  # type: ignore[no-untyped-def]
    """Take another connection when the server has said something to this one at rest, which is nearly always good-bye.

    To ask whether it lives would be a round trip for every request.
    """
    if connection.__class__.__module__ != "sqlite3" and select([connection], [], [], 0)[0]:
        raise DisconnectionError()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _note(info: dict[str, Any], notice: Any) -> None:
    # The notice can be read only here: the driver empties it afterwards.
    if notice.severity_nonlocalized == "WARNING":
        info.setdefault("warnings", []).append(notice.message_primary or "")
