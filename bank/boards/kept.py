"""What a process keeps of boards for five seconds, so that many who look at once ask the books once."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import current_app

from bank.boards.rules import KEPT, Asked

BOARDS_MAX = 200  # A hall shows five; a town has a hundred halls.
Found = TypeVar("Found")
_LOCK = Lock()


@dataclass
class _Place(Generic[Found]):
    lock: Lock = field(default_factory=Lock)
    found: Found | None = None
    as_of: datetime | None = None

    def is_fresh(self, at: datetime) -> bool:
        return self.as_of is not None and self.as_of <= at < self.as_of + KEPT


def kept(asked: Asked, find: Callable[[], Found], *, at: datetime, is_good: Callable[[Found], bool]) -> tuple[Found, datetime]:
    """What was found less than five seconds ago and is still good, or what is found now, and when that was."""
    place: _Place[Found] = _place(asked)
    # Whoever comes while another is asking the books waits for the answer instead of asking them again.
    with place.lock:
        if not place.is_fresh(at) or not is_good(place.found):  # type: ignore[arg-type]
            place.found, place.as_of = find(), at
        return place.found, place.as_of  # type: ignore[return-value]


def forget() -> None:
    """Ask the books again for every board from here on."""
    current_app.extensions.pop("boards", None)


def _place(asked: Asked) -> _Place[Any]:
    key = (str(current_app.config["SCHEMA"]), asked)
    with _LOCK:
        places: OrderedDict[tuple[str, Asked], _Place[Any]] = current_app.extensions.setdefault("boards", OrderedDict())
        place = places.setdefault(key, _Place())
        places.move_to_end(key)
        while len(places) > BOARDS_MAX:
            places.popitem(last=False)
        return place
