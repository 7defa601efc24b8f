"""What the migrations build is what the models and guards describe, on both databases."""

import flask_migrate
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, text

from bank.db import MIGRATIONS, db, newest_migration
from bank.ledger import guards
from bank.main import attach_migrations

TRIGGERS_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
TRIGGERS_POSTGRES = """
    SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = CAST(current_schema() AS regnamespace)"""
FUNCTIONS_POSTGRES = """
    SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = CAST(current_schema() AS regnamespace)"""


def definitions(connection: Connection) -> dict[str, str]:
    """The text of every trigger and function that is in the database."""
    is_sqlite = connection.dialect.name == "sqlite"
    queries = [TRIGGERS_SQLITE] if is_sqlite else [TRIGGERS_POSTGRES, FUNCTIONS_POSTGRES]
    return {name: body for query in queries for name, body in connection.execute(text(query))}


def test_the_chain_has_one_head() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [newest_migration()]


def test_models_and_migrations_agree(app: Flask) -> None:
    attach_migrations(app)
    flask_migrate.check()


def test_every_trigger_is_in_place(app: Flask, kind: str) -> None:
    connection = db.session.connection()
    assert guards.installed(connection) == set(guards.definitions(kind))


def test_triggers_and_functions_are_those_of_the_code(app: Flask) -> None:
    with db.engine.connect() as connection:
        migrated = definitions(connection)
        guards.renew(connection)
        assert definitions(connection) == migrated


def test_upgrading_again_changes_nothing(app: Flask) -> None:
    attach_migrations(app)
    before = definitions(db.session.connection())
    db.session.rollback()
    flask_migrate.upgrade()
    assert definitions(db.session.connection()) == before
