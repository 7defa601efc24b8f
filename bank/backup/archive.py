"""One backup is one file: the database, the seals, the secret key where the bank keeps it, and what it is of."""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bank.backup.rules import BackupDamaged, BackupFailed, RestoreFailed

MANIFEST = "manifest.json"
DATABASE = "database"
SECRET, SEALS = BESIDE = ("secret_key", "seals.txt")


@dataclass(frozen=True)
class Manifest:
    """What a backup is of: the kind of database, the schema (PostgreSQL), the revision of its tables, and when it was made."""

    kind: str
    schema: str
    revision: str
    made_at: str


def write(path: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write a backup whole or not at all, for the owner's eyes only. Raises BackupFailed when there is no room."""
    part = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                archive.writestr(MANIFEST, json.dumps(asdict(manifest)))
                for name, each in files.items():
                    archive.write(each, name)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BackupFailed(reason=error.strerror or str(error)) from error


@contextmanager
def opened(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """What a backup is of, and a folder with its files, for a while.

    Raises BackupDamaged for half or broken files, RestoreFailed without room to unpack it.
    """
    with TemporaryDirectory(prefix="bank-restore-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = Manifest(**json.loads(archive.read(MANIFEST)))
                for name in (DATABASE, *BESIDE):  # No other name is taken out, whatever the file holds.
                    if name in archive.namelist():
                        with archive.open(name) as source, (Path(folder) / name).open("xb") as target:
                            shutil.copyfileobj(source, target)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, TypeError, ValueError, EOFError) as error:
            raise BackupDamaged(file=path.name) from error
        except OSError as error:  # No room to unpack it, or no right to read it: the file may be whole.
            raise RestoreFailed(reason=error.strerror or str(error)) from error
        if not (Path(folder) / DATABASE).exists():
            raise BackupDamaged(file=path.name)
        yield manifest, Path(folder)
