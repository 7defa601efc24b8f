"""Decisions about PINs, passwords, codes, tries and scopes, made from plain values only."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from random import Random

from bank.errors import Conflict, Invalid, NotAllowed, NotFound

INVITATION_DAYS = 7
PASSWORD_LENGTHS = range(10, 129)
CODE_LENGTH = 12
RECOVERY_CODES = 10
# No letter that looks like a digit; 32 of them, so that each is worth five bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SCOPES = ("read", "check_in", "counter", "all")
FORGET_AFTER = timedelta(hours=1)
TOTP_SECONDS = 30
_WEAK_PINS = frozenset("112233 445566 123123 121212 520520 147258 159357 131420 201314 520131".split())


class BadExpiry(Invalid):
    """A token ends in the future, at most one year from now."""


class BadScope(Invalid):
    """A token opens at least one part of the API, and none that does not exist."""


class WeakPin(Invalid):
    """A PIN has six digits, and is none that anybody would try first."""


class WeakPassword(Invalid):
    """A password has 10 to 128 characters, five different ones, not digits alone, and not the person's own number or name."""


class PinsDiffer(Invalid):
    """A new PIN is typed twice, the same both times."""


class OldPinWrong(Invalid):
    """A new PIN needs the old one."""


class CodeWrong(Invalid):
    """The code of the second step is not the one that counts now, or has counted already."""


class TokenNotFound(NotFound):
    """There is no such token, or not for the one who asks."""


class InvitationNotFound(NotFound):
    """There is no such code for a first sign-in."""


class InvitationOver(Conflict):
    """The code for a first sign-in has been used, revoked, or has run out."""


class SecondStepMissing(Conflict):
    """There is no second step to turn off or to give codes for."""


class TooManyTries(Conflict):
    """After several failures the next try waits, a little longer each time."""


class SignInRefused(NotAllowed):
    """The login or the PIN is wrong; which of them is not said."""


class ByAnother(NotAllowed):
    """One's own PIN is changed with the old one; only another administrator may set it without."""


@dataclass(frozen=True)
class Limit:
    """How many failures in an hour are free, and how long the next try waits at most."""

    free: int
    wait_seconds_max: int


# One who hammers from one address slows himself down; what he does to others is at most a minute's wait from a device
# that never signed in before. A hall shares one address, so an address may err often.
LIMITS = {
    "known_device": Limit(5, 300),
    "login_and_address": Limit(5, 300),
    "login": Limit(20, 60),
    "address": Limit(100, 60),
    "second_step": Limit(5, 300),
    "own_secret": Limit(5, 300),
}


def wait_seconds(kind: str, failures: int) -> int:
    """How long the next try waits after so many failures in a row: nothing, then 1, 2, 4 … seconds up to the limit."""
    limit = LIMITS[kind]
    over = failures - limit.free
    return 0 if over <= 0 else min(2 ** min(over - 1, 20), limit.wait_seconds_max)


def clean_pin(pin: str) -> str:
    """The six digits of a PIN. Raises WeakPin for repeats, runs up or down, and the ones people try first."""
    digits = typed_pin(pin)
    if not digits:
        raise WeakPin()
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    if digits in _WEAK_PINS or steps in ({0}, {1}, {9}) or len(set(digits)) < 3:
        raise WeakPin()
    return digits


def check_same(pin: str, again: str) -> None:
    """Refuse with PinsDiffer what was not typed the same twice."""
    if pin != again:
        raise PinsDiffer()


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


def typed_secret(text: str) -> str:
    """What a person proves himself by, in one spelling: six digits, or a password; the empty text when it can be neither."""
    if pin := typed_pin(text):
        return pin
    password = unicodedata.normalize("NFKC", text)
    is_text = all(each.isprintable() for each in password)
    return password if is_text and len(password) in PASSWORD_LENGTHS else ""


def clean_secret(text: str, *, own: Collection[str]) -> str:
    """A new PIN or password; `own` are the person's name and numbers, which anybody would try. Raises WeakPin, WeakPassword."""
    if re.fullmatch("[0-9]{0,9}", unicodedata.normalize("NFKC", text).strip()):
        return clean_pin(text)
    password = typed_secret(text)
    if not password or password.isdigit() or len(set(password)) < 5 or any(each in password for each in own):
        raise WeakPassword()
    return password


def is_password(secret: str) -> bool:
    """Whether a secret is a password rather than a PIN."""
    return not typed_pin(secret)


def random_code(chance: Random, length: int = CODE_LENGTH) -> str:
    """A code of 60 bits that can be read out and typed."""
    return "".join(chance.choice(ALPHABET) for _ in range(length))


def shown_code(code: str) -> str:
    """A code in groups of four, as it is printed."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed_code(text: str, length: int = CODE_LENGTH) -> str:
    """A code however it was typed, or the empty text when it is none."""
    code = re.sub(r"[\s\-‐–—]", "", unicodedata.normalize("NFKC", text)).upper()
    return code if len(code) == length and set(code) <= set(ALPHABET) else ""


def clean_scopes(scopes: Collection[str]) -> str:
    """The parts of the API that a token opens, in one spelling; `all` says the rest as well. Raises BadScope."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadScope()
    return "all" if "all" in scopes else " ".join(each for each in SCOPES if each in scopes)


def opens(scopes: Collection[str], needed: str) -> bool:
    """Whether a token with these scopes may do what needs one of them."""
    return "all" in scopes or needed in scopes
