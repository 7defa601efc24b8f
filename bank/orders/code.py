"""An order's codes: a link to follow it, ten digits to type instead, and four digits each for the start and the end.

All are an HMAC over the order's random key, so that the asker's page can show them again and nobody can tell them from
what is stored; of the typed code the table keeps a hash to find the order by.
"""

import hashlib
import hmac
import re

from flask import current_app

DIGITS, SERVICE_DIGITS = 10, 4
SIGNATURE_LENGTH = 20


def link(order_id: int, key: str) -> str:
    """What stands in the address of the asker's page."""
    return f"{order_id}-{_mac(f'order-link/{key}').hex()[:SIGNATURE_LENGTH]}"


def number(text: str) -> int | None:
    """The order that a link names, or None; whether it is its own, `is_link` says."""
    found = re.fullmatch(f"([0-9]{{1,15}})-[0-9a-f]{{{SIGNATURE_LENGTH}}}", text)
    return int(found[1]) if found else None


def is_link(text: str, order_id: int, key: str) -> bool:
    """Whether a link is this order's own."""
    return hmac.compare_digest(text.encode(), link(order_id, key).encode())


def typed(key: str) -> str:
    """The ten digits that the asker is given."""
    return _digits(f"order/{key}", DIGITS)


def typed_hash(digits: str) -> str:
    """What the table keeps of the ten digits."""
    return _mac(f"order-hash/{digits}").hex()


def service_code(key: str, what: str) -> str:
    """The four digits by which the asker says that a service begins (`start`) or is done (`end`)."""
    return _digits(f"order-{what}/{key}", SERVICE_DIGITS)


def is_service_code(digits: str, key: str, what: str) -> bool:
    """Whether four digits, as somebody typed them, are the asker's."""
    clean = re.sub(r"\D", "", digits)
    return hmac.compare_digest(clean.encode(), service_code(key, what).encode())


def _digits(text: str, count: int) -> str:
    return f"{int.from_bytes(_mac(text)[:8]) % 10**count:0{count}d}"


def _mac(text: str) -> bytes:
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256)
