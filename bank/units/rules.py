"""Decisions about units and their names, made from plain values only."""

import unicodedata

from bank.errors import Conflict, Invalid, NotFound

MARKS = " ·'’.-"  # The signs that names have between their letters.

# Which kinds of unit a unit of this kind may hang under; a bank stands alone.
PARENT_KINDS = {
    "bank": (),
    "street": ("bank",),
    "community": ("bank", "street"),
    "grid": ("community",),
    "building": ("grid", "community"),
    "home_unit": ("bank", "street", "community"),
    "team": ("bank", "street", "community", "grid"),
}
MEMBER_KINDS = ("bank", "street", "community", "grid", "building")

_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0"


class BadUnitName(Invalid):
    """A unit's name, or a token's, has 2 to 100 characters; no pictures or control characters."""


class BadUnit(Invalid):
    """A unit of this kind cannot stand there."""


class UnitNameTaken(Conflict):
    """A unit of this name stands there already."""


class UnitNotFound(NotFound):
    """There is no such unit, or not for the one who asks."""


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
