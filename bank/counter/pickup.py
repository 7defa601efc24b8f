"""Pick-up codes: eight digits that a member's page shows for a reservation, and that the tables keep only as a hash.

The digits are an HMAC over the redemption's random key, so that the page can show them again and nobody can guess them from
what is stored. Two reservations never share a code: who meets a taken one takes the next turn.
"""

import hashlib
import hmac

from flask import current_app

DIGITS = 8
TURNS = 100


def code(key: str, turn: int) -> str:
    """The pick-up code of a redemption's key at a turn."""
    return f"{int.from_bytes(_mac(f'pickup/{key}/{turn}')[:8]) % 10**DIGITS:0{DIGITS}d}"


def code_hash(digits: str) -> str:
    """What the tables keep of a code; without the bank's secret all codes could be tried against it."""
    return _mac(f"pickup-hash/{digits}").hex()


def _mac(text: str) -> bytes:
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256)
