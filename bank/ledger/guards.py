"""What the database itself refuses beyond its constraints, and the posting function of PostgreSQL.

Guards are not migrated but renewed: `renew` drops and creates all of them after every migration, so that the newest text
counts and a rebuilt SQLite table does not lose its triggers. A refusal carries a word of `REFUSALS`: as SQLSTATE on
PostgreSQL, as the start of the message on SQLite.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import JSON, Connection, Index, PrimaryKeyConstraint, Table, UniqueConstraint, text

from bank.db import Base
from bank.ledger.guards_postgres import FUNCTIONS as LEDGER_FUNCTIONS
from bank.ledger.guards_postgres import POSTGRES
from bank.ledger.guards_sqlite import SQLITE

# What people write in their own words may name somebody. When he is erased it is replaced by ERASED, the only change that
# an append-only row admits. The journal admits none: its reasons are sealed, and no name belongs in them.
FREE_TEXTS = ("reason", "note", "performer", "holder", "shown_name")
ERASED = "*"


def append_only_tables() -> list[str]:
    """The tables that declare themselves append-only, in every slice."""
    return sorted(table.name for table in Base.metadata.tables.values() if table.info.get("append_only"))


@cache
def definitions(dialect: str) -> dict[str, str]:
    """The statement that creates each trigger, by the trigger's name."""
    own = {name: sql for guards in _told("guards") for name, sql in guards[dialect].items()}
    if dialect == "sqlite":
        return SQLITE | own | {name: sql for table in append_only_tables() for name, sql in _append_only_sqlite(table).items()}
    return POSTGRES | own | {name: sql for table in append_only_tables() for name, sql in _append_only_postgres(table).items()}


def functions() -> dict[str, str]:
    """The statement that creates each function of PostgreSQL, by the function's name."""
    return LEDGER_FUNCTIONS | {name: sql for each in _told("functions") for name, sql in each.items()}


def erasable_columns(table: str) -> list[str]:
    """The columns of an append-only table that hold free text and can be erased."""
    return [] if table == "journal_entry" else [each for each in FREE_TEXTS if each in Base.metadata.tables[table].columns]


def same_accounts(table: str, *columns: str) -> dict[str, Any]:
    """What a table says of itself whose rows own accounts: the columns that tell which ones never change."""
    name = f"{table}__same_accounts"
    changed = {
        "sqlite": f"WHEN {' OR '.join(f'NEW.{each} IS NOT OLD.{each}' for each in columns)}",
        "postgresql": f"FOR EACH ROW WHEN ({' OR '.join(f'NEW.{each} IS DISTINCT FROM OLD.{each}' for each in columns)})",
    }
    refuse = {
        "sqlite": f"BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END",
        "postgresql": f"EXECUTE FUNCTION refuse_change('{table}')",
    }
    create = f'CREATE TRIGGER "{name}" BEFORE UPDATE OF {", ".join(columns)} ON "{table}"'
    return {"info": {"guards": {each: {name: f"{create} {changed[each]} {refuse[each]}"} for each in changed}}}


def installed(connection: Connection) -> set[str]:
    """The names of the triggers that are in the database now."""
    if connection.dialect.name == "sqlite":
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        names = connection.execute(text(_INSTALLED_POSTGRES))
    return set(names.scalars())


def drop(connection: Connection) -> None:
    """Remove every trigger; only for a migration or a rebuild, inside its transaction."""
    for name in installed(connection):
        _drop_trigger(connection, name)
    if connection.dialect.name == "postgresql":
        for function in functions():
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}")


def renew(connection: Connection) -> None:
    """Put every guard into its present form, one statement per call, inside the caller's transaction."""
    drop(connection)
    dialect = connection.dialect.name
    if dialect == "postgresql":
        _create_functions(connection)
    for statement in definitions(dialect).values():
        connection.exec_driver_sql(statement)


@contextmanager
def lowered(connection: Connection, *tables_or_names: str) -> Iterator[None]:
    """Take some triggers, or all of a table, away for what is done inside, in the caller's transaction, and put them back."""
    present = definitions(connection.dialect.name)
    names = [each for each in sorted(installed(connection)) if {each, each.partition("__")[0]} & set(tables_or_names)]
    for name in names:
        _drop_trigger(connection, name)
    yield
    for name in names:
        connection.exec_driver_sql(present[name])


_INSTALLED_POSTGRES = """
    SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = CAST(current_schema() AS regnamespace)"""


def _told(what: str) -> list[dict[str, Any]]:
    """What tables of other slices bring along: `guards` by dialect, or the `functions` that these call."""
    return [table.info[what] for table in Base.metadata.sorted_tables if what in table.info]


def _create_functions(connection: Connection) -> None:
    """Whoever makes a temporary table shadows one of the bank's, unless those tables are said to come last."""
    before = connection.exec_driver_sql("SELECT current_setting('search_path')").scalar_one()
    own_first = "set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)"
    connection.exec_driver_sql(f"SELECT {own_first}")
    for statement in functions().values():
        connection.exec_driver_sql(statement)
    connection.execute(text("SELECT set_config('search_path', :before, true)"), {"before": before})


def _drop_trigger(connection: Connection, name: str) -> None:
    table = f' ON "{name.partition("__")[0]}"' if connection.dialect.name == "postgresql" else ""
    connection.exec_driver_sql(f'DROP TRIGGER "{name}"{table}')


def _append_only_sqlite(table: str) -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
    update = f'CREATE TRIGGER "{table}__no_update" BEFORE UPDATE ON "{table}"'
    return {
        f"{table}__no_update": f"{update} {_unless_erased(table, 'IS')}{refuse}",
        f"{table}__no_delete": f'CREATE TRIGGER "{table}__no_delete" BEFORE DELETE ON "{table}" {refuse}',
    } | _no_replace(Base.metadata.tables[table])


def _no_replace(table: Table) -> dict[str, str]:
    """INSERT OR REPLACE deletes without asking the trigger of deletes, so a second row of the same name is refused here.

    Tables that are filled in bulk have a guard of their own that asks this too.
    """
    if table.info.get("filled_in_bulk"):
        return {}
    name, act = f"{table.name}__no_replace", table.info.get("on_repeat", f"ABORT, 'append_only: {table.name}'")
    find = f'EXISTS (SELECT 1 FROM "{table.name}" WHERE '  # noqa: S608 - all names are our own.
    same = " OR ".join(f"{find}{each})" for each in sorted(_same_row(table)))
    create = f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table.name}" WHEN {same}'
    return {name: f"{create} BEGIN SELECT RAISE({act}); END"}


def _same_row(table: Table) -> Iterator[str]:
    """What makes two rows one, for each key and unique index of a table; `rowid` is another name of a single number."""
    yield "rowid = NEW.rowid"
    keys = [each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    for each in (*keys, *(index for index in table.indexes if index.unique)):
        equal = [f'"{column.name}" = NEW."{column.name}"' for column in each.columns]
        where = each.dialect_options["sqlite"]["where"] if isinstance(each, Index) else None
        if where is not None:
            equal += [str(where), re.sub(rf"\b({'|'.join(table.columns.keys())})\b", r'NEW."\1"', str(where))]
        yield " AND ".join(equal)


def _append_only_postgres(table: str) -> dict[str, str]:
    refuse = f"EXECUTE FUNCTION refuse_change('{table}')"
    unless = _unless_erased(table, "IS NOT DISTINCT FROM", json="::text")
    return {
        f"{table}__no_update": f'CREATE TRIGGER "{table}__no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW {unless}{refuse}',
        f"{table}__no_delete": f'CREATE TRIGGER "{table}__no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {refuse}',
        f"{table}__no_truncate": f'CREATE TRIGGER "{table}__no_truncate" BEFORE TRUNCATE ON "{table}" {refuse}',
    }


def _unless_erased(table: str, same: str, json: str = "") -> str:
    erasable = erasable_columns(table)
    if not erasable:
        return ""
    casts = {each.name: json if isinstance(each.type, JSON) else "" for each in Base.metadata.tables[table].columns}
    kept = [f'NEW."{name}"{cast} {same} OLD."{name}"{cast}' for name, cast in casts.items() if name not in erasable]
    kept += [f'(NEW."{name}" {same} OLD."{name}" OR NEW."{name}" {same} \'{ERASED}\')' for name in erasable]
    return f"WHEN (NOT ({' AND '.join(kept)})) "
