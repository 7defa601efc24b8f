"""Copies of an SQLite file, made while the bank writes to it, and put back."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bank.backup.rules import BackupDamaged, BackupFailed, PlaceNotEmpty, RestoreFailed

PAGES_AT_ONCE = 2000
Told = Callable[[int, int], None]


def dump(database: Path, target: Path, told: Told) -> None:
    """Copy a database as it is at one moment, and look whether the copy is whole; tells how many pages of how many are copied.

    Raises BackupFailed.
    """
    try:
        with (
            closing(sqlite3.connect(f"file:{database}?mode=rw", timeout=1, uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # What was overwritten since is then in no file any more.
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_master").fetchone()  # What is written from here on does not begin the copy anew.
            source.backup(copy, pages=PAGES_AT_ONCE, progress=lambda _, left, total: told(total - left, total))
            source.rollback()
            copy.execute("PRAGMA journal_mode=DELETE")  # One file alone, without what stands beside it.
            [(verdict,)] = copy.execute("PRAGMA quick_check(1)")
    except sqlite3.Error as error:
        raise BackupFailed(reason=str(error)) from error
    if verdict != "ok":
        raise BackupFailed(reason=verdict)


def restore(source: Path, database: Path) -> None:
    """Put a copy where no database is. Raises PlaceNotEmpty, BackupDamaged, and RestoreFailed when there is no room."""
    beside = [database.with_name(database.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    if any(each.exists() for each in beside):
        raise PlaceNotEmpty(place=str(database))
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
            [(verdict,)] = copy.execute("PRAGMA integrity_check(1)")
    except sqlite3.Error as error:
        raise BackupDamaged(file=source.name) from error
    if verdict != "ok":
        raise BackupDamaged(file=source.name)
    part = database.with_name(database.name + ".part")
    try:
        shutil.copyfile(source, part)
        os.link(part, database)  # Unlike a renaming, this never takes the place of a database that has come meanwhile.
    except FileExistsError as error:
        raise PlaceNotEmpty(place=str(database)) from error
    except OSError as error:
        raise RestoreFailed(reason=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)
