"""What can be asked about logins and tokens; nothing here changes anything."""

import hashlib
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import and_, or_, select

from bank.access import rules
from bank.access.models import ApiToken
from bank.db import db
from bank.people.models import Person
from bank.people.rules import PersonNotFound, clean_login

# OWASP's profile of 19 MiB, two passes, one lane: 22 ms on a community's PC, where the default takes 125.
PIN_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# What an unknown login is checked against, so that its answer takes as long as that of a known one.
_NOBODYS_HASH = PIN_HASHER.hash("no PIN has letters")


def sign_in(*, login: str, pin: str) -> Person:
    """The person whose phone or card number and PIN these are. Raises SignInRefused, after the same time for every reason."""
    person = _find_login(login)
    known = person.pin_hash if person else None
    try:
        PIN_HASHER.verify(known or _NOBODYS_HASH, rules.typed_pin(pin))
    except VerificationError:
        raise rules.SignInRefused() from None
    if person is None or known is None:
        raise rules.SignInRefused()
    return person


def person_by_login(login: str) -> Person:
    """The person with this phone or card number. Raises PersonNotFound."""
    person = _find_login(login)
    if person is None:
        raise PersonNotFound()
    return person


def _find_login(login: str) -> Person | None:
    number = clean_login(login)
    return db.session.scalar(select(Person).where(or_(Person.phone == number, Person.card_number == number)))


def token_owner(secret: str, at: datetime) -> Person | None:
    """Who owns this API token, unless it is unknown, revoked or past its end."""
    is_live = and_(ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
    token = select(ApiToken.person_id).where(ApiToken.secret_hash == secret_hash(secret), is_live)
    return db.session.scalar(select(Person).where(Person.id.in_(token)))


def secret_hash(secret: str) -> str:
    """SHA-256 of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def tokens(person_id: int | None = None) -> list[ApiToken]:
    """API tokens, newest first; of one person or of all."""
    wanted = select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    return list(db.session.scalars(wanted if person_id is None else wanted.where(ApiToken.person_id == person_id)))
