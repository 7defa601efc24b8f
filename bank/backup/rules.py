"""Decisions about backups, made from plain values only."""

import re
from collections.abc import Iterable
from datetime import datetime

from bank.errors import Conflict, Invalid

KEPT = {"%Y-%m-%d": 7, "%G-%V": 5, "%Y-%m": 12}  # The newest of each of the last 7 days, 5 weeks and 12 months.
_NAME = re.compile(r"bank-([0-9]{8}-[0-9]{6})\.zip")
_FORMAT = "%Y%m%d-%H%M%S"


class BackupFailed(Conflict):
    """The backup could not be written, so there is none of this time; earlier ones are untouched."""


class RestoreFailed(Conflict):
    """The backup could not be put back, for want of room or of a right to write; where the database goes nothing was changed."""


class BackupDamaged(Invalid):
    """This file is not a whole backup of a bank."""


class PlaceNotEmpty(Conflict):
    """A backup is only put back where no bank is."""


class BackupTooNew(Conflict):
    """The backup was made by a newer release of the bank."""


class OtherDatabase(Conflict):
    """The backup is of the other kind of database, or of another schema."""


class ToolMissing(Conflict):
    """PostgreSQL is backed up by its own programs, which are not on this machine or older than the server."""


def name_at(at: datetime) -> str:
    """The name of a backup's file, by its local time."""
    return f"bank-{at:{_FORMAT}}.zip"


def made_at(name: str) -> datetime | None:
    """The local time that a backup's name tells; None for any other file."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found.group(1), _FORMAT) if found else None  # noqa: DTZ007 - both are local.
    except ValueError:
        return None


def superfluous(names: Iterable[str]) -> list[str]:
    """Which of some backups to remove: all but the newest of each of the last 7 days, 5 weeks and 12 months that have one."""
    made = sorted(((at, name) for name in names if (at := made_at(name)) is not None), reverse=True)
    kept = {name for pattern, count in KEPT.items() for name in _newest_of_each(made, pattern, count)}
    return sorted(name for _, name in made if name not in kept)


def _newest_of_each(made: list[tuple[datetime, str]], pattern: str, count: int) -> list[str]:
    newest: dict[str, str] = {}
    for at, name in made:
        newest.setdefault(at.strftime(pattern), name)
    return list(newest.values())[:count]
