"""The verification code of a statement: HMAC-SHA256 over person and month, made inside the database for all rows at once."""

import hashlib
import hmac
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, LargeBinary, String, func, literal
from sqlalchemy.orm import InstrumentedAttribute

from bank.db import db, is_postgres

LENGTH = 16
BLOCK = hashlib.sha256().block_size


def code(*, person_key: str, month: date, secret: bytes) -> str:
    """16 hexadecimal digits; the same member, month and secret always give the same."""
    return hmac.new(secret, f"{person_key}:{month}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def code_column(person_key: InstrumentedAttribute[str], month: date) -> ColumnElement[str]:
    """`code` as an SQL expression; neither database has HMAC of its own."""
    secret = _secret()
    if is_postgres():
        return _hmac_of_hashes(person_key.concat(f":{month}"), secret)
    connection = db.session.connection().connection.dbapi_connection
    assert connection is not None
    connection.create_function("statement_code", 1, lambda key: code(person_key=key, month=month, secret=secret))
    return func.statement_code(person_key, type_=String)


def _secret() -> bytes:
    """Of the codes alone, so that the secret key itself never travels in a query."""
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), b"statement code", "sha256")


def _hmac_of_hashes(message: ColumnElement[str], secret: bytes) -> ColumnElement[str]:
    inner, outer = (literal(_padded(secret, pad), LargeBinary) for pad in (0x36, 0x5C))
    hashed = func.sha256(inner.concat(func.convert_to(message, "UTF8")), type_=LargeBinary)
    return func.substr(func.encode(func.sha256(outer.concat(hashed)), "hex"), 1, LENGTH, type_=String)


def _padded(secret: bytes, pad: int) -> bytes:
    return bytes(each ^ pad for each in secret.ljust(BLOCK, b"\0"))
