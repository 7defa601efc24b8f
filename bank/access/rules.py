"""Decisions about PINs, signing in and tokens, made from plain values only."""

import re
import unicodedata
from itertools import pairwise
from random import Random

from bank.errors import Invalid, NotAllowed, NotFound

_WEAK_PINS = frozenset(
    {
        "112233",
        "445566",
        "123123",
        "121212",
        "520520",
        "147258",
        "159357",
        "131420",
        "201314",
        "520131",
    }
)


class BadExpiry(Invalid):
    """A token ends in the future, at most one year from now."""


class WeakPin(Invalid):
    """A PIN has six digits, and is none that anybody would try first."""


class OldPinWrong(Invalid):
    """A new PIN needs the old one."""


class TokenNotFound(NotFound):
    """There is no such token, or not for the one who asks."""


class SignInRefused(NotAllowed):
    """The login or the PIN is wrong; which of them is not said."""


def clean_pin(pin: str) -> str:
    """The six digits of a PIN. Raises WeakPin for repeats, runs up or down, and the ones people try first."""
    digits = typed_pin(pin)
    if not digits:
        raise WeakPin()
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    if digits in _WEAK_PINS or steps in ({0}, {1}, {9}) or len(set(digits)) < 3:
        raise WeakPin()
    return digits


def typed_pin(pin: str) -> str:
    """The six digits of a PIN, also of full width, or the empty text when it is none."""
    digits = unicodedata.normalize("NFKC", pin).strip()
    return digits if re.fullmatch("[0-9]{6}", digits) else ""


def random_pin(chance: Random) -> str:
    """Six digits that nobody would try first."""
    while True:
        try:
            return clean_pin(f"{chance.randrange(1_000_000):06d}")
        except WeakPin:
            continue
