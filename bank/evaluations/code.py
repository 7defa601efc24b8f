"""Codes by which recipients give a mark: the number of an invitation and a signature, so that nothing secret is stored."""

import hashlib
import hmac

from bank.evaluations.models import RatingInvitation

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no letter that looks like a digit.
SIGNATURE_LENGTH = 16  # Eighty bits: nobody guesses one.
NUMBER_MAX = 12


def write(invitation: RatingInvitation, *, secret: str) -> str:
    """The code of an invitation."""
    return _digits(invitation.id) + _signature(invitation, secret)


def number(code: str) -> int | None:
    """The id of the invitation that a code names, or None when it cannot be a code; whether it is good, `is_of` says."""
    digits = code[:-SIGNATURE_LENGTH]
    if not 1 <= len(digits) <= NUMBER_MAX or not set(code) <= set(ALPHABET):
        return None
    found = 0
    for digit in digits:
        found = found * 32 + ALPHABET.index(digit)
    return found


def is_of(code: str, invitation: RatingInvitation, *, secret: str) -> bool:
    """Whether the code is this invitation's own."""
    return hmac.compare_digest(code.encode(), write(invitation, secret=secret).encode())


def _signature(invitation: RatingInvitation, secret: str) -> str:
    named = f"evaluation/{invitation.id}/{invitation.service_record_id}/{int(invitation.issued_at.timestamp())}"
    digest = hmac.digest(secret.encode(), named.encode(), hashlib.sha256)
    return "".join(ALPHABET[each % 32] for each in digest[:SIGNATURE_LENGTH])


def _digits(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return digits
