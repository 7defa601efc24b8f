"""Decisions about rows of a table, made from plain values only."""

import re
from collections.abc import Iterable
from datetime import date

from bank.errors import Conflict, Invalid


class ImportRefused(Conflict):
    """Some rows cannot be taken in, and so none is."""


class ValueMissing(Invalid):
    """This column is needed in every row."""


class UnknownChoice(Invalid):
    """The text is none of those that this column takes."""


class BadDay(Invalid):
    """A day is written as 2026-10-15, 2026/10/15 or 20261015."""


class AmbiguousUnit(Invalid):
    """Several units are called so: the names of those above say which is meant."""


class PhoneOfAnother(Conflict):
    """The phone number belongs to somebody of another name."""


class SameNameInUnit(Conflict):
    """Somebody of the same name is in the same unit with another phone number, and is perhaps the same person."""


def parts(text: str) -> list[str]:
    """The several names that stand in one cell, parted by commas, semicolons or lines."""
    return [each.strip() for each in re.split("[、,，;；\n]", text) if each.strip()]


def groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Who belongs together when each pair does, in order of appearance; who is paired with himself alone is left out."""
    group_of: dict[int, list[int]] = {}
    for one, other in pairs:
        if one == other:
            continue
        first, second = (group_of.setdefault(each, [each]) for each in (one, other))
        if first is not second:
            first += second
            group_of |= dict.fromkeys(second, first)
    return list({id(each): each for each in group_of.values()}.values())


def day(text: str) -> date:
    """The day that a text means. Raises BadDay."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    if found is None:
        raise BadDay()
    try:
        return date(*(int(each) for each in found.groups()))
    except ValueError:
        raise BadDay() from None
