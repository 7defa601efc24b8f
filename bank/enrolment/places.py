"""Units by the names that people write: `向阳社区 / 第一网格`, from wherever on the way it is clear which is meant."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bank.enrolment.rules import AmbiguousUnit
from bank.people import queries as people
from bank.people.models import Person
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
    """The open units, found by the end of their path: one's own, or anywhere; the bank itself is the empty path."""

    def __init__(self, units: Iterable[Unit], own_ids: set[int]) -> None:
        self._own: dict[Path, list[Place]] = {}
        self._all: dict[Path, list[Place]] = {}
        self._by_id: dict[int, Place] = {}
        self._own_ids = own_ids
        for unit in units:
            above = self._by_id.get(unit.parent_id or 0)
            path = () if unit.kind == "bank" else (*(above.path if above else ()), unit.name)
            self._by_id[unit.id] = place = Place(path, unit.kind, unit.id)
            if unit.closed_at is None:
                self._put(place, is_own=unit.id in own_ids)

    def add(self, name: str, kind: str, parent: Place) -> Place:
        """Let a unit that is yet to be added be found like all others."""
        place = Place((*parent.path, name), kind, None)
        self._put(place, is_own=True)
        return place

    def find(self, text: str) -> Place:
        """The own unit that a text means, the bank for an empty one. Raises UnitNotFound, AmbiguousUnit."""
        return _find(self._own, text)

    def find_anywhere(self, text: str) -> Place:
        """The unit that a text means, whosever it is. Raises UnitNotFound, AmbiguousUnit."""
        return _find(self._all, text)

    def has(self, text: str) -> bool:
        """Whether a text means an own unit, or several."""
        return any(each in self._own for each in _paths(text))

    def child(self, parent: Place, name: str) -> Place | None:
        """The unit of this name right below another, or None."""
        path = (*parent.path, name)
        return next((each for each in self._own.get(path, []) if each.path == path), None)

    def is_own(self, unit_id: int) -> bool:
        """Whether a unit is one's own, open or closed."""
        return unit_id in self._own_ids

    def own(self) -> Iterator[Place]:
        """One's own open units, each after the one above it."""
        return (each for each in self._by_id.values() if each.unit_id in self._own_ids and each in self._own[each.path])

    def name_of(self, unit_id: int) -> str:
        """A unit's whole path as people write it."""
        return text_of(self._by_id[unit_id].path)

    def _put(self, place: Place, *, is_own: bool) -> None:
        for end in [place.path[start:] for start in range(len(place.path))] or [()]:
            self._all.setdefault(end, []).append(place)
            if is_own:
                self._own.setdefault(end, []).append(place)


def open_places(by: Person | None, role: str) -> Places:
    """All units, of which those where `by` holds the role are the own ones."""
    # Whoever writes down a path begins it where he likes, also above his own units.
    return Places(people.units(by=None), {each.id for each in people.units(by=by, role=role)})


def text_of(path: Path) -> str:
    """A path as people write it."""
    return SEPARATOR.join(path)


def _find(by_end: dict[Path, list[Place]], text: str) -> Place:
    path = next((each for each in _paths(text) if each in by_end), None)
    found = by_end[path] if path is not None else []
    # A whole path means itself, also when another unit's path ends in the same names.
    whole = [each for each in found if each.path == path]
    if len(found) > 1 and not whole:
        raise AmbiguousUnit()
    if not found:
        raise UnitNotFound()
    return (whole or found)[0]


def _paths(text: str) -> Iterator[Path]:
    plain = unicodedata.normalize("NFKC", text).strip()
    # A name may itself hold a slash, so one between blanks parts the names first.
    for pattern in (r"\s+[/>]\s+", r"\s*[/>\\]\s*"):
        yield tuple(each for each in re.split(pattern, plain) if each)
