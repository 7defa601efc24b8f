"""Decisions about devices, made from plain values only."""

import re
import unicodedata
from datetime import timedelta
from random import Random

from bank.errors import Conflict, Invalid, NotFound

CODE_MINUTES = 10
CODE_DIGITS = 8
SECRET_PREFIX = "device-"  # noqa: S105 - it tells a device's token from a person's.
LOOKED_AT_EVERY = timedelta(minutes=10)


class BadDeviceScope(Invalid):
    """A device is for check-in, for a counter, or for display."""


class DeviceNotFound(NotFound):
    """There is no such device, or not for the one who asks."""


class JoinCodeNotFound(NotFound):
    """No device waits for this code: it is mistyped, used, or older than ten minutes."""


class DeviceRevoked(Conflict):
    """This device has been revoked; a new one can be added."""


def random_digits(chance: Random) -> str:
    """A code that can be typed with a remote control."""
    return f"{chance.randrange(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def typed_digits(text: str) -> str:
    """A join code however it was typed, or the empty text when it is none."""
    digits = re.sub(r"[\s\-‐–—]", "", unicodedata.normalize("NFKC", text))
    return digits if re.fullmatch(f"[0-9]{{{CODE_DIGITS}}}", digits) else ""
