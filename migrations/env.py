"""Runs migrations inside one transaction per bank, and renews the guards after them."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, ForeignKeyConstraint, text

from bank.db import Base, Instant, db
from bank.ledger import guards


def _enter_schema(connection: Connection) -> None:
    """One bank is one schema; whoever upgrades it keeps others from doing so at the same time."""
    schema = current_app.config["SCHEMA"]
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"bank-upgrade:{schema}"})
    connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    connection.dialect.default_schema_name = schema  # Otherwise the comparison with the models looks into `public`.


def _begin_sqlite(connection: Connection) -> None:
    # A table is rebuilt by copying it, which must not look like deleting what other rows refer to.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _render(kind: str, item: object, _context: object) -> str | bool:
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def _is_compared(item: object, _name: str | None, kind: str, _is_reflected: bool, _other: object) -> bool:
    """Guards stand for the foreign keys of a table that says so; on SQLite it has them all the same."""
    is_guarded = isinstance(item, ForeignKeyConstraint) and item.table.info.get("is_guarded", False)
    return not (is_guarded and kind == "foreign_key_constraint")


def _configure(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    arguments = current_app.extensions["migrate"].configure_args | {"render_as_batch": is_sqlite, "transactional_ddl": True}
    arguments["render_item"] = _render
    if not is_sqlite:
        arguments["include_object"] = _is_compared
    context.configure(connection=connection, target_metadata=Base.metadata, **arguments)


def run() -> None:
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        _begin_sqlite(connection) if is_sqlite else _enter_schema(connection)
        _configure(connection)
        guards.drop(connection)
        context.run_migrations()
        if context.get_context().get_current_revision() is not None:
            guards.renew(connection)
        if is_sqlite:
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all(), "a migration broke a reference"
        connection.commit()
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
