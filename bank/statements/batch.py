"""Papers of whole communities, made on all cores: one process reads the books and hands each community's data to the others."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bank.documents.pdf import pdf
from bank.statements import paper, printing
from bank.statements.members import StatementView
from bank.units.models import Unit

FILE_MAX = 300  # Statements in one file; a sheet costs some megabytes while it is set.


@dataclass(frozen=True)
class Printed:
    """A community's file, and how many statements are in it."""

    path: Path
    count: int


def print_all(units: list[Unit], *, month: date, folder: Path, site: str) -> Iterator[Printed]:
    """Write one PDF for each unit into a folder, its members' statements grid by grid; tells of each when it is there.

    A unit of more than 300 goes on in files -2, -3 and so on, so that all cores work on it and memory is bounded.
    A file is complete or not there at all. Raises FontMissing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Not forked: the connection to the database must not be shared. A process a file: the typesetter remembers all it has set.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        waiting: set[Future[Printed]] = set()
        for unit, number, views in _parts(units, month):
            part = f"-{number}" if number > 1 else ""
            target = folder / f"{month:%Y-%m}-{unit.id:05}-{unit.name.replace('/', '_')}{part}.pdf"
            data = json.dumps(paper.told(views, site=site), ensure_ascii=False)
            waiting.add(pool.submit(_print, data, views[0].issued_at, str(target), len(views)))
            if len(waiting) >= 2 * (os.cpu_count() or 1):  # So that the data of a whole city never wait in memory.
                first = next(as_completed(waiting))
                waiting.remove(first)
                yield first.result()
        for each in as_completed(waiting):
            yield each.result()


def _parts(units: list[Unit], month: date) -> Iterator[tuple[Unit, int, list[StatementView]]]:
    """Each unit with its statements, a file's worth at a time, and which of its files that is."""
    for unit in units:
        everybody = printing.all_in(unit_id=unit.id, month=month)
        for number in count(1):
            views = list(islice(everybody, FILE_MAX))
            if not views:
                break
            yield unit, number, views


def _print(data: str, at: datetime, target: str, statements: int) -> Printed:
    told: dict[str, Any] = json.loads(data)
    path = Path(target)
    half = path.with_suffix(".part")
    half.write_bytes(pdf("statement", told, at=at))
    half.replace(path)
    return Printed(path, statements)
