"""The rotating code on a member's phone: 18 digits, so that a gun types it under any input method.

The card number, and eight digits of an HMAC over the member's key and the slot of 15 seconds; it is good for 5 seconds more
on both sides.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Protocol

from flask import current_app

from bank.people.models import Person

SLOT_SECONDS, SLOT_MARGIN = 15, 5
CARD_DIGITS, MAC_DIGITS = 10, 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = re.compile(f"[0-9]{{{CARD_DIGITS + MAC_DIGITS}}}")


class Keyed(Protocol):
    """A person, or as much of one as a code hangs on."""

    @property
    def key(self) -> str:
        """The opaque name."""


def member_code(person: Person, *, at: datetime) -> str:
    """The code that the member's phone shows now."""
    return person.card_number + _mac(person, _second(at) // SLOT_SECONDS)


def seconds_left(at: datetime) -> int:
    """Seconds until the code on the phone changes, 1 to 15."""
    return SLOT_SECONDS - _second(at) % SLOT_SECONDS


def is_member_code(text: str) -> bool:
    """Whether a text has the shape of a rotating code, which no other number at a desk or a door has."""
    return bool(_SHAPE.fullmatch(text))


def is_good(person: Keyed, code: str, *, at: datetime, margin_seconds: int = SLOT_MARGIN) -> bool:
    """Whether the person's phone showed this code at that instant, or so many seconds before or after it."""
    second = _second(at)
    slots = range((second - margin_seconds) // SLOT_SECONDS, (second + margin_seconds) // SLOT_SECONDS + 1)
    return any(hmac.compare_digest(code[CARD_DIGITS:], _mac(person, slot)) for slot in slots)


def _mac(person: Keyed, slot: int) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.digest(secret, f"member-code/{person.key}/{slot}".encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8]) % 10**MAC_DIGITS:0{MAC_DIGITS}d}"


def _second(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)
