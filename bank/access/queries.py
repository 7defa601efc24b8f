"""What can be asked about logins, second steps, codes and tokens; nothing here changes anything."""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from bank.access import rules
from bank.access.models import ApiToken, Credential, Invitation
from bank.db import db
from bank.people import queries as people
from bank.people.models import Grant, Person
from bank.people.rules import PersonNotFound, clean_login
from bank.units.models import Unit
from bank.units.queries import unit

# OWASP's profile of 19 MiB, two passes, one lane: 22 ms on a community's PC, where the default takes 125.
PIN_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# What an unknown login is checked against, so that its answer takes as long as that of a known one.
_NOBODYS_HASH = PIN_HASHER.hash("no PIN has letters")


@dataclass(frozen=True)
class LiveToken:
    """A token that counts, when its use was last written down, and whose it is."""

    id: int
    scope_names: list[str]
    noted_at: datetime
    person: Person


def sign_in(*, login: str, pin: str) -> Person:
    """The person with this login and PIN or password. Raises SignInRefused, after the same time for every reason."""
    person = find_login(login)
    known = person.pin_hash if person else None
    try:
        PIN_HASHER.verify(known or _NOBODYS_HASH, rules.typed_secret(pin))
    except VerificationError:
        raise rules.SignInRefused() from None
    if person is None or known is None or person.closed_at is not None:
        raise rules.SignInRefused()
    return person


def require_secret(person: Person, pin: str) -> None:
    """Raise OldPinWrong unless this is the person's PIN or password."""
    try:
        PIN_HASHER.verify(person.pin_hash or _NOBODYS_HASH, rules.typed_secret(pin))
    except VerificationError:
        raise rules.OldPinWrong() from None
    if person.pin_hash is None:
        raise rules.OldPinWrong()


def person_by_login(login: str) -> Person:
    """The person with this phone or card number. Raises PersonNotFound."""
    person = find_login(login)
    if person is None:
        raise PersonNotFound()
    return person


def find_login(login: str) -> Person | None:
    """The person with this phone or card number, if there is one."""
    number = clean_login(login)
    return db.session.scalar(select(Person).where(or_(Person.phone == number, Person.card_number == number)))


def session_trace(person: Person) -> str:
    """What a session remembers of how its owner signs in: it changes with PIN, second step and signing out everywhere."""
    return _trace(person, credential(person.id))


def person_of_session(key: str, trace: str) -> Person | None:
    """Whose session this is, unless something has ended it since."""
    wanted = select(Person, Credential).outerjoin(Credential, Credential.person_id == Person.id)
    row = db.session.execute(wanted.where(Person.key == key, Person.closed_at.is_(None))).one_or_none()
    if row is None:
        return None
    person, held = row
    is_same = hmac.compare_digest(_trace(person, held).encode(), trace.encode("utf-8", "replace"))
    return person if is_same else None


def credential(person_id: int) -> Credential | None:
    """What a person's sign-in needs beside the PIN, if anything."""
    return db.session.get(Credential, person_id)


def has_second_step(person: Person) -> bool:
    """Whether signing in asks this person for a code."""
    held = credential(person.id)
    return held is not None and held.totp_salt is not None


def has_password(person: Person) -> bool:
    """Whether this person signs in with a password instead of a PIN."""
    held = credential(person.id)
    return held is not None and held.has_password


def totp_secret(person: Person, salt: str) -> str:
    """The secret in the phone of who has a second step, in base 32."""
    digest = hmac.digest(_secret_key(), f"totp:{person.key}:{salt}".encode(), "sha256")
    return b32encode(digest[:20]).decode()


def open_invitation(person_id: int, at: datetime) -> Invitation | None:
    """The code for a first sign-in that is out for a person and still counts."""
    is_open = and_(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > at)
    return db.session.scalar(select(Invitation).where(Invitation.person_id == person_id, is_open).limit(1))


def invitation(code: str, at: datetime) -> Invitation:
    """The open invitation of a code as typed. Raises InvitationNotFound, InvitationOver."""
    found = db.session.scalar(select(Invitation).where(Invitation.code_hash == keyed_hash(rules.typed_code(code))))
    if found is None:
        raise rules.InvitationNotFound()
    is_over = found.used_at is not None or found.revoked_at is not None or found.expires_at <= at
    if is_over or found.person.closed_at is not None:
        raise rules.InvitationOver()
    return found


def live_token(secret: str, at: datetime) -> LiveToken | None:
    """This API token, unless it is unknown, revoked or past its end; its owner's roles are read along with it."""
    rows = db.session.execute(_live_token(), {"secret_hash": secret_hash(secret), "at": at}).all()
    if not rows:
        return None
    owner = rows[0].Person
    people.keep_grants(owner.id, [(each.role, each.path, each.counter_id) for each in rows if each.role is not None])
    return LiveToken(rows[0].id, rows[0].scopes.split(), rows[0].noted_at, owner)


def token_owner(secret: str, at: datetime) -> Person | None:
    """Who owns this API token, unless it is unknown, revoked or past its end."""
    token = live_token(secret, at)
    return token.person if token else None


def tokens(person_id: int | None = None) -> list[ApiToken]:
    """API tokens, newest first; of one person or of all."""
    wanted = select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    return list(db.session.scalars(wanted if person_id is None else wanted.where(ApiToken.person_id == person_id)))


def tokens_seen(*, by: Person) -> Sequence[ApiToken]:
    """The tokens that count of all members whose admin or auditor `by` is, newest first."""
    held = {each.id for role in ("admin", "auditor") for each in people.units(by=by, role=role)}
    wanted = select(ApiToken).join(ApiToken.person).join(Unit, Person.unit_id == Unit.id).where(Unit.id.in_(held))
    return db.session.scalars(wanted.where(ApiToken.revoked_at.is_(None)).order_by(ApiToken.created_at.desc())).all()


def card_holders(*, by: Person, unit_id: int) -> Sequence[Person]:
    """All members of a unit and below it whose accounts are open, by unit in the order of the tree, then by name.

    Raises UnitNotFound, RoleMissing unless `by` is admin there.
    """
    place = unit(unit_id)
    people.require_role(by, "admin", place.id)
    wanted = select(Person).join(Person.unit).where(Unit.path.startswith(place.path), Person.closed_at.is_(None))
    found = db.session.scalars(wanted.options(contains_eager(Person.unit)).order_by(Person.name_sort, Person.card_number))
    return sorted(found, key=lambda each: each.unit.steps)


def never_signed_in(*, by: Person) -> Select[Person]:
    """Who has a phone number and no PIN yet, in the units where `by` is admin; to be read by `enrolled_at` and `id`."""
    held = [each.id for each in people.units(by=by, role="admin")]
    wanted = select(Person).where(Person.unit_id.in_(held), Person.phone.is_not(None), Person.pin_hash.is_(None))
    return wanted.where(Person.closed_at.is_(None)).options(joinedload(Person.unit))


def never_signed_in_count(*, by: Person) -> int:
    """How many they are."""
    ids = never_signed_in(by=by).with_only_columns(Person.id).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def secret_hash(secret: str) -> str:
    """SHA-256 of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_hash(text: str) -> str:
    """A hash with the bank's secret key: of what is short enough that a stolen database would give it away."""
    return hmac.new(_secret_key(), text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


@cache
def _live_token() -> Select[*tuple[Any, ...]]:
    """One statement for every call of the API, built once: the token, its owner, and a row for each of the owner's roles."""
    noted_at = func.coalesce(ApiToken.last_used_at, ApiToken.created_at).label("noted_at")
    wanted = select(ApiToken.id, ApiToken.scopes, noted_at, Person, Grant.role, Unit.path, Grant.counter_id)
    wanted = wanted.select_from(ApiToken).join(ApiToken.person)
    wanted = wanted.outerjoin(Grant, and_(Grant.person_id == Person.id, Grant.revoked_at.is_(None))).outerjoin(Grant.unit)
    is_live = and_(ApiToken.revoked_at.is_(None), ApiToken.expires_at > bindparam("at"), Person.closed_at.is_(None))
    return wanted.where(ApiToken.secret_hash == bindparam("secret_hash"), is_live)


def _secret_key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()


def _trace(person: Person, held: Credential | None) -> str:
    parts = [person.pin_hash or ""]
    if held is not None:
        parts += [held.totp_salt or "", held.signed_out_at.astimezone(UTC).isoformat() if held.signed_out_at else ""]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
