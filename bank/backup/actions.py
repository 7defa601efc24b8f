"""Making a backup, thinning old ones, and putting one back."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app

from bank import clock
from bank.backup import archive, postgres, rules, sqlite
from bank.backup.archive import DATABASE, SEALS, SECRET, Manifest
from bank.db import db, is_postgres, newest_migration

OFF = "none"
MAKING = ".making-"


def folder() -> Path | None:
    """Where backups go; None when they are turned off."""
    chosen = current_app.config["BACKUP_DIR"]
    if chosen == OFF:
        return None
    return Path(chosen) if chosen else Path(current_app.config["DATA_DIR"]) / "backups"


def make(*, into: Path, at: datetime, told: sqlite.Told = lambda _done, _all: None) -> Path:
    """Write a backup of the whole bank into a folder while the bank goes on; answers the file.

    `told` learns how many pages of how many are copied; PostgreSQL's own program does not say.
    It holds the secret key where the bank keeps one, so whoever has the file has the bank. Raises BackupFailed, and
    ToolMissing on PostgreSQL without its programs.
    """
    target = into / rules.name_at(at.astimezone(clock.zone()))
    try:
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(prefix=MAKING, dir=into) as place:
            copy = Path(place) / DATABASE
            if is_postgres():
                postgres.dump(current_app.config["SCHEMA"], copy)
            else:
                sqlite.dump(Path(str(db.engine.url.database)), copy, told)
            archive.write(target, _manifest(at), {DATABASE: copy, **_kept_beside()})
    except OSError as error:
        raise rules.BackupFailed(reason=error.strerror or str(error)) from error
    return target


def thin(into: Path) -> int:
    """Remove the backups that age has made superfluous; answers how many. Other files in the folder are left alone."""
    old = rules.superfluous(each.name for each in into.iterdir())
    for name in old:
        (into / name).unlink(missing_ok=True)
    for pattern in ("bank-*.part", f"{MAKING}*"):  # Left by a crash; what is being written now is not a day old.
        for part in into.glob(pattern):
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < clock.now().timestamp() - 24 * 3600:
                    shutil.rmtree(part) if part.is_dir() else part.unlink()
    return len(old)


def check(manifest: Manifest, files: Path, settings: Mapping[str, Any]) -> None:
    """Refuse to put back what does not belong here. Raises BackupTooNew, OtherDatabase, PlaceNotEmpty."""
    if manifest.revision > newest_migration():
        raise rules.BackupTooNew(revision=manifest.revision)
    is_here_postgres = str(settings["DATABASE_URL"]).startswith("postgresql")
    if (manifest.kind == "postgresql") != is_here_postgres or (is_here_postgres and manifest.schema != settings["SCHEMA"]):
        raise rules.OtherDatabase(kind=manifest.kind, schema=manifest.schema)
    brought, there = files / SECRET, Path(settings["DATA_DIR"]) / SECRET
    # A place with a secret key of its own is the place of another bank.
    if brought.exists() and there.exists() and there.read_bytes().strip() != brought.read_bytes().strip():
        raise rules.PlaceNotEmpty(place=str(there))


@contextmanager
def secret_in_place(files: Path, data: Path) -> Iterator[None]:
    """Put the secret key where the bank keeps it, without which nothing starts; it goes again if the rest fails."""
    is_new = (files / SECRET).exists() and not (data / SECRET).exists()
    if is_new:
        _put(files / SECRET, data / SECRET)
    try:
        yield
    except BaseException:
        if is_new:
            (data / SECRET).unlink(missing_ok=True)
        raise


def restore(manifest: Manifest, files: Path) -> None:
    """Put the database and the seals back where no bank is. Raises PlaceNotEmpty, BackupDamaged, ToolMissing, RestoreFailed."""
    if is_postgres():
        postgres.restore(files / DATABASE, manifest.schema)
    else:
        sqlite.restore(files / DATABASE, Path(str(db.engine.url.database)))
    seals = Path(current_app.config["DATA_DIR"]) / SEALS
    if (files / SEALS).exists() and not seals.exists():  # Those that are here may be newer, and tell what is missing.
        _put(files / SEALS, seals)


def _manifest(at: datetime) -> Manifest:
    kind = "postgresql" if is_postgres() else "sqlite"
    return Manifest(kind, current_app.config["SCHEMA"] if is_postgres() else "", newest_migration(), at.isoformat())


def _kept_beside() -> dict[str, Path]:
    data = Path(current_app.config["DATA_DIR"])
    return {name: data / name for name in archive.BESIDE if (data / name).is_file()}


def _put(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(0o600)
        target.write_bytes(source.read_bytes())
    except OSError as error:
        raise rules.RestoreFailed(reason=error.strerror or str(error)) from error
