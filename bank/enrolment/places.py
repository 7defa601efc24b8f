"""Units by the names that people write: `向阳社区 / 第一网格`, from wherever on the way it is clear which is meant."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bank.enrolment.rules import AmbiguousUnit
from bank.units.models import Unit
from bank.units.rules import UnitNotFound

SEPARATOR = " / "

Path = tuple[str, ...]


@dataclass
class Place:
    """A unit that stands, or will stand once the rows before are taken in; then `unit_id` is filled."""

    path: Path
    kind: str
    unit_id: int | None


class Places:
    """The units of the one who asks, found by the end of their path; the bank itself is the empty path."""

    def __init__(self, units: Iterable[Unit], own_ids: set[int]) -> None:
        self._by_end: dict[Path, list[Place]] = {}
        self.by_id: dict[int, Place] = {}
        for unit in units:
            above = self.by_id.get(unit.parent_id or 0)
            path = () if unit.kind == "bank" else (*(above.path if above else ()), unit.name)
            self.by_id[unit.id] = Place(path, unit.kind, unit.id)
            if unit.id in own_ids:
                self._put(self.by_id[unit.id])

    def add(self, name: str, kind: str, parent: Place) -> Place:
        """Let a unit that is yet to be added be found like all others."""
        return self._put(Place((*parent.path, name), kind, None))

    def find(self, text: str) -> Place:
        """The unit that a text means, the bank for an empty one. Raises UnitNotFound, AmbiguousUnit."""
        path = next((each for each in _paths(text) if each in self._by_end), None)
        found = self._by_end[path] if path is not None else []
        # A whole path means itself, also when another unit's path ends in the same names.
        whole = [each for each in found if each.path == path]
        if len(found) > 1 and not whole:
            raise AmbiguousUnit()
        if not found:
            raise UnitNotFound()
        return (whole or found)[0]

    def has(self, text: str) -> bool:
        """Whether a text means a unit, or several."""
        return any(each in self._by_end for each in _paths(text))

    def child(self, parent: Place, name: str) -> Place | None:
        """The unit of this name right below another, or None."""
        path = (*parent.path, name)
        return next((each for each in self._by_end.get(path, []) if each.path == path), None)

    def _put(self, place: Place) -> Place:
        ends = [place.path[start:] for start in range(len(place.path))] or [()]
        for end in ends:
            self._by_end.setdefault(end, []).append(place)
        return place


def _paths(text: str) -> Iterator[Path]:
    # A name may itself hold a slash, so one between blanks parts the names first.
    for pattern in (r"\s+[/>]\s+", r"\s*[/>\\]\s*"):
        yield tuple(each for each in re.split(pattern, unicodedata.normalize("NFKC", text).strip()) if each)


def text_of(path: Path) -> str:
    """A path as people write it."""
    return SEPARATOR.join(path)
