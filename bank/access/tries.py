"""Slows down whoever guesses, in the database, so that it holds for all processes; and locks out nobody for long.

Every try is counted before it is judged and taken off again when it was right, so that a hundred guesses at once count
as a hundred:

    with transaction():
        tries.begin(keys, at=at)                      # raises TooManyTries, and then counts nothing
    person = queries.sign_in(login=login, pin=pin)
    with transaction():
        tries.end(keys)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bank.access import queries, rules
from bank.access.models import Tries
from bank.db import db, is_postgres
from bank.people.models import Person
from bank.people.rules import clean_login


@dataclass(frozen=True)
class Key:
    """What failures are counted by; the hash says nothing of whose they are."""

    kind: str
    hash: str


def keys_of_sign_in(*, person: Person | None, login: str, device: str | None, address: str) -> list[Key]:
    """A device that signed in as this person before counts by itself alone, so no stranger's failures keep it out."""
    if device is not None:
        return [_key("known_device", device)]
    who = person.key if person else clean_login(login) or login  # Phone and card number are two logins, but one account.
    return [_key("login_and_address", f"{who}\n{address}"), _key("login", who), key_of_address(address)]


def key_of_address(address: str) -> Key:
    """By where the try comes from, for codes that name nobody."""
    return _key("address", address)


def key_of_second_step(person: Person) -> Key:
    """By the account whose PIN was right already."""
    return _key("second_step", person.key)


def key_of_own_secret(person: Person) -> Key:
    """By the account that is signed in already, so that a found phone gives nobody its PIN."""
    return _key("own_secret", person.key)


def begin(keys: Sequence[Key], *, at: datetime) -> None:
    """Count a try for each key. Raises TooManyTries with `seconds` to wait when one of them is still waiting."""
    _forget_old(at)
    rows = _locked(keys, at)
    until = max((row.open_at for row in rows.values()), default=at)
    if until > at:
        raise rules.TooManyTries(seconds=int((until - at).total_seconds()) + 1)
    for key in keys:
        row = rows[key.hash]
        row.failures = 1 if row.last_at < at - rules.FORGET_AFTER else row.failures + 1
        row.last_at, row.open_at = at, at + timedelta(seconds=rules.wait_seconds(key.kind, row.failures))
    db.session.flush()


def end(keys: Sequence[Key], *, at: datetime) -> None:
    """The try was right: the account begins anew, and the address is as it was before the try."""
    rows = _locked(keys, at)
    for key in keys:
        row = rows[key.hash]
        if key.kind == "address" and row.failures > 1:
            row.failures, row.open_at = row.failures - 1, at
        else:
            db.session.delete(row)
    db.session.flush()


def _locked(keys: Sequence[Key], at: datetime) -> dict[str, Tries]:
    """The rows of the keys, made where missing, and locked in order."""
    insert = postgresql.insert if is_postgres() else sqlite.insert
    hashes = sorted(key.hash for key in keys)
    rows = [{"key": each, "failures": 0, "last_at": at, "open_at": at} for each in hashes]
    db.session.execute(insert(Tries).values(rows).on_conflict_do_nothing())
    wanted = select(Tries).where(Tries.key.in_(hashes)).order_by(Tries.key).with_for_update()
    return {row.key: row for row in db.session.scalars(wanted.execution_options(populate_existing=True))}


def _forget_old(at: datetime) -> None:
    # Whoever is being counted elsewhere is skipped, so that no two requests wait for each other.
    old = select(Tries.key).where(Tries.last_at < at - rules.FORGET_AFTER).with_for_update(skip_locked=True)
    db.session.execute(delete(Tries).where(Tries.key.in_(old)), execution_options={"synchronize_session": False})


def _key(kind: str, name: str) -> Key:
    return Key(kind, queries.keyed_hash(f"{kind}\n{name}"))
