"""Decisions about units and their names, made from plain values only."""

import unicodedata

from bank.errors import Conflict, Invalid, NotFound

MARKS = " ·'’.-"  # The signs that names have between their letters.

# Which kinds of unit a unit of this kind may hang under; a bank stands alone.
PARENT_KINDS = {
    "bank": (),
    "street": ("bank",),
    "community": ("bank", "street"),
    "grid": ("community", "grid"),
    "building": ("grid", "community", "building"),
    "home_unit": ("bank", "street", "community", "home_unit"),
    "team": ("bank", "street", "community", "grid", "home_unit", "team"),
}
PATH_MAX = 200  # What the column holds: more than twenty levels, however large the numbers.
MEMBER_KINDS = ("bank", "street", "community", "grid", "building")

_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0"


class BadUnitName(Invalid):
    """A unit's name, or a token's, has 2 to 100 characters; no pictures or control characters."""


class BadUnit(Invalid):
    """A unit of this kind cannot stand there."""


class UnitNameTaken(Conflict):
    """A unit of this name stands there already."""


class UnitBelowItself(Conflict):
    """A unit cannot be moved below itself or a unit that stands below it."""


class TooDeep(Conflict):
    """The tree has some twenty levels at most."""


class UnitClosed(Conflict):
    """A closed unit takes no new members, units or roles."""


class UnitInUse(Conflict):
    """A unit is closed when no open unit stands below it and nobody belongs to it any more."""


class UnitNotFound(NotFound):
    """There is no such unit, or not for the one who asks."""


def check_place(*, kind: str, parent_kind: str | None, is_parent_closed: bool = False) -> None:
    """Refuse a place below a unit of the wrong kind (BadUnit) or below a closed one (UnitClosed); None stands alone."""
    if kind not in PARENT_KINDS or (parent_kind is not None and parent_kind not in PARENT_KINDS[kind]):
        raise BadUnit(kind=kind)
    if is_parent_closed:
        raise UnitClosed()


def moved_path(path: str, *, old: str, new: str) -> str:
    """The path of a unit at or below `old`, once that stands at `new`. Raises TooDeep."""
    moved = new + path.removeprefix(old)
    if len(moved) > PATH_MAX:
        raise TooDeep()
    return moved


def clean_unit_name(name: str) -> str:
    """A unit's name in one spelling; digits, brackets and dashes are fine. Raises BadUnitName."""
    clean = unicodedata.normalize("NFKC", name).strip()
    if not 2 <= len(clean) <= 100 or not all(is_name_character(each) or each in "0123456789()-#/,、《》“”&+" for each in clean):
        raise BadUnitName()
    return clean


def is_name_character(character: str) -> bool:
    """Whether a name may hold this character: letters of every script, and the signs between them."""
    if 0x20000 <= ord(character) <= 0x3FFFF:
        return True  # Rare Chinese characters, the newest of which this Python may not know yet.
    if character in _INVISIBLE_LETTERS or "\ufe00" <= character <= "\ufe0f":
        return False
    return character in MARKS or unicodedata.category(character)[0] in "LM"
