"""The activity's code: a short link that changes every 15 seconds, a code to type, one on paper, and the right kept after a scan.

All four are HMACs over the activity's random key, so that a code opens one activity of one bank and nothing else:

    link code    K7 + 10 characters of the slot of 15 s; good for 5 s more on both sides, so that no scan fails on the edge
    typed code   6 characters of the slot of 60 s; good for 60 s more, because typing takes longer
    static code  like a link code, but of no slot: good as long as check-in is open, and marked as weaker evidence
    right        activity, second and way of the scan, and their HMAC; good for 5 minutes, time enough to sign in
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bank.attendance.rules import CodeExpired, CodeUnknown

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # Without 0, O, 1 and I, which look alike on paper.
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LINK_SECONDS, LINK_MARGIN, LINK_LENGTH = 15, 5, 10
TYPED_SECONDS, TYPED_MARGIN, TYPED_LENGTH = 60, 60, 6
RIGHT_SECONDS, RIGHT_LENGTH = 300, 16
MEMORY_SLOTS = 1920  # How many past slots are told apart from a forgery: eight hours of link codes, 4 ms of work.

_LINK = re.compile(f"([{ALPHABET}]{{1,13}})([{ALPHABET}]{{{LINK_LENGTH}}})")
_TYPED = re.compile(f"[{ALPHABET}]{{{TYPED_LENGTH}}}")
_RIGHT = re.compile(f"([1-9][0-9]{{0,17}})-([0-9]{{1,11}})-([LTS])-([{ALPHABET}]{{{RIGHT_LENGTH}}})")
_WAYS = {"link": "L", "typed": "T", "static": "S"}
_LETTERS = {letter: way for way, letter in _WAYS.items()}


@dataclass(frozen=True)
class Scan:
    """When a good code was scanned or typed, and which (`link`, `typed`, `static`)."""

    scanned_at: datetime
    way: str


def link_code(activity_id: int, key: str, *, secret: str, at: datetime) -> str:
    """The code of the present slot, as in `/a/K7…`."""
    return _number(activity_id) + _mac(secret, "link", key, _second(at) // LINK_SECONDS, LINK_LENGTH)


def typed_code(key: str, *, secret: str, at: datetime) -> str:
    """The six characters to type when a camera does not work."""
    return _mac(secret, "typed", key, _second(at) // TYPED_SECONDS, TYPED_LENGTH)


def static_code(activity_id: int, key: str, *, secret: str) -> str:
    """The code to print for a place without a screen, as in `/a/K7…`."""
    return _number(activity_id) + _mac(secret, "static", key, 0, LINK_LENGTH)


def seconds_left(at: datetime) -> int:
    """Seconds until the link code changes, 1 to 15."""
    return LINK_SECONDS - _second(at) % LINK_SECONDS


def right(activity_id: int, key: str, *, secret: str, scan: Scan) -> str:
    """What a browser keeps for 5 minutes after a good scan."""
    second, way = _second(scan.scanned_at), _WAYS[scan.way]
    return f"{activity_id}-{second}-{way}-{_mac(secret, f'right/{way}', key, second, RIGHT_LENGTH)}"


def activity_id(ticket: str) -> int | None:
    """The activity that a link code or a right names, not yet checked; None for a typed code, which names none.

    Raises CodeUnknown for what has no code's shape.
    """
    ticket = clean(ticket)
    if kept := _RIGHT.fullmatch(ticket):
        return int(kept[1])
    if _TYPED.fullmatch(ticket):
        return None
    link = _LINK.fullmatch(ticket)
    if link is None or (number := _read_number(link[1])) >= 2**63:
        raise CodeUnknown()
    return number


def read(ticket: str, key: str, *, secret: str, at: datetime) -> Scan:
    """When the activity's code was scanned. Raises CodeExpired for one that was good before, CodeUnknown for any other."""
    ticket = clean(ticket)
    if kept := _RIGHT.fullmatch(ticket):
        return _read_right(int(kept[2]), kept[3], kept[4], key, secret=secret, at=at)
    if _TYPED.fullmatch(ticket):
        _check_slot(ticket, "typed", key, TYPED_SECONDS, TYPED_MARGIN, secret=secret, at=at)
        return Scan(at, "typed")
    if link := _LINK.fullmatch(ticket):
        if _is_same(link[2], _mac(secret, "static", key, 0, LINK_LENGTH)):
            return Scan(at, "static")
        _check_slot(link[2], "link", key, LINK_SECONDS, LINK_MARGIN, secret=secret, at=at)
        return Scan(at, "link")
    raise CodeUnknown()


def is_typed(ticket: str, key: str, *, secret: str, at: datetime) -> bool:
    """Whether this is the activity's typed code, now or in the slot before."""
    slots = _good_slots(TYPED_SECONDS, TYPED_MARGIN, at)
    return any(_is_same(clean(ticket), _mac(secret, "typed", key, slot, TYPED_LENGTH)) for slot in slots)


def clean(ticket: str) -> str:
    """A code however it was typed: capitals, without spaces."""
    return re.sub(r"\s", "", ticket[:100]).upper()


def _read_right(second: int, way: str, mac: str, key: str, *, secret: str, at: datetime) -> Scan:
    if not _is_same(mac, _mac(secret, f"right/{way}", key, second, RIGHT_LENGTH)):
        raise CodeUnknown()
    # A right from the future means that the clock was set back; a few seconds are two machines that disagree.
    if not -LINK_MARGIN <= _second(at) - second <= RIGHT_SECONDS:
        raise CodeExpired()
    return Scan(min(at, EPOCH + second * SECOND), _LETTERS[way])


def _check_slot(mac: str, purpose: str, key: str, seconds: int, margin: int, *, secret: str, at: datetime) -> None:
    good = _good_slots(seconds, margin, at)
    past = range(good[0] - MEMORY_SLOTS, good[0])
    if any(_is_same(mac, _mac(secret, purpose, key, slot, len(mac))) for slot in good):
        return
    if any(_is_same(mac, _mac(secret, purpose, key, slot, len(mac))) for slot in past):
        raise CodeExpired()
    raise CodeUnknown()


def _good_slots(seconds: int, margin: int, at: datetime) -> range:
    second = _second(at)
    return range((second - margin) // seconds, (second + min(margin, LINK_MARGIN)) // seconds + 1)


def _mac(secret: str, purpose: str, key: str, number: int, length: int) -> str:
    digest = hmac.digest(secret.encode(), f"check-in/{purpose}/{key}/{number}".encode(), hashlib.sha256)
    return "".join(ALPHABET[each % 32] for each in digest[:length])


def _is_same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _second(at: datetime) -> int:
    return (at - EPOCH) // SECOND


def _number(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return digits


def _read_number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * 32 + ALPHABET.index(digit)
    return number
