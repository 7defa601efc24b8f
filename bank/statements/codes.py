"""The verification code of a statement: HMAC-SHA256 over person and month, made inside the database for all rows at once."""

import hashlib
import hmac
import sqlite3
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, Engine, LargeBinary, String, event, func, literal
from sqlalchemy.orm import InstrumentedAttribute

from bank.db import is_postgres

LENGTH = 16
BLOCK = hashlib.sha256().block_size


def code(*, person_key: str, month: date, secret: bytes) -> str:
    """16 hexadecimal digits; the same member, month and secret always give the same."""
    return _code(f"{person_key}:{month}", secret)


def code_column(person_key: InstrumentedAttribute[str], month: date) -> ColumnElement[str]:
    """`code` as an SQL expression; neither database has HMAC of its own."""
    message, secret = person_key.concat(f":{month}"), _secret()
    if is_postgres():
        return _hmac_of_hashes(message, secret)
    return func.statement_code(message, literal(secret, LargeBinary), type_=String)


@event.listens_for(Engine, "connect")
def _teach(connection, _record) -> None:  # type: ignore[no-untyped-def]
    # Once, when nothing is being read: SQLite does not let a function be made again while it is.
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("statement_code", 2, _code, deterministic=True)


def _code(message: str, secret: bytes) -> str:
    return hmac.digest(secret, message.encode(), "sha256").hex()[:LENGTH]


def _secret() -> bytes:
    """Of the codes alone, so that the secret key itself never travels in a query."""
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), b"statement code", "sha256")


def _hmac_of_hashes(message: ColumnElement[str], secret: bytes) -> ColumnElement[str]:
    inner, outer = (literal(_padded(secret, pad), LargeBinary) for pad in (0x36, 0x5C))
    hashed = func.sha256(inner.concat(func.convert_to(message, "UTF8")), type_=LargeBinary)
    return func.substr(func.encode(func.sha256(outer.concat(hashed)), "hex"), 1, LENGTH, type_=String)


def _padded(secret: bytes, pad: int) -> bytes:
    return bytes(each ^ pad for each in secret.ljust(BLOCK, b"\0"))
