"""Everything that changes PINs and API tokens. `by=None` is the operator at the machine."""

import secrets
from datetime import datetime, timedelta

from bank.access import queries, rules
from bank.access.models import ApiToken
from bank.db import db
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import OnlyForYourself
from bank.units.rules import clean_unit_name

TOKEN_DAYS_MAX = 366


def set_pin(*, by: Person | None, person_id: int, pin: str, at: datetime) -> None:
    """Set the PIN a person signs in with: one's own, or as admin of the unit and of every unit where the person holds a role.

    Raises WeakPin, PersonNotFound, RoleMissing.
    """
    digits = rules.clean_pin(pin)
    person = people.person(by=by, person_id=person_id)
    if by is None or by.id != person_id:
        # Whoever sets a PIN could sign in as the person, so he must already hold power over all that the person may do.
        for unit_id in {
            person.unit_id,
            *(each.unit_id for each in people.grants(person_id)),
        }:
            people.require_role(by, "admin", unit_id)
    person.pin_hash = queries.PIN_HASHER.hash(digits)
    db.session.flush()


def change_pin(*, by: Person, old_pin: str, pin: str, at: datetime) -> Person:
    """Set one's own PIN, knowing the old one, so that nobody who finds an unlocked phone keeps the account.

    Raises OldPinWrong, WeakPin.
    """
    try:
        queries.sign_in(login=by.card_number, pin=old_pin)
    except rules.SignInRefused:
        raise rules.OldPinWrong() from None
    set_pin(by=by, person_id=by.id, pin=pin, at=at)
    return by


def create_token(*, by: Person | None, person_id: int, name: str, expires_at: datetime, at: datetime) -> tuple[ApiToken, str]:
    """Make a token of the API and its secret, which is nowhere kept; it can do what its owner may do.

    Raises OnlyForYourself, PersonNotFound, BadUnitName, BadExpiry.
    """
    if by is not None and by.id != person_id:
        raise OnlyForYourself()
    if not at < expires_at <= at + timedelta(days=TOKEN_DAYS_MAX):
        raise rules.BadExpiry()
    person = people.person(by=by, person_id=person_id)
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        person_id=person.id,
        name=clean_unit_name(name)[:60],
        prefix=secret[:8],
        secret_hash=queries.secret_hash(secret),
        created_at=at,
        expires_at=expires_at,
    )
    db.session.add(token)
    db.session.flush()
    return token, secret


def revoke_token(*, by: Person | None, token_id: int, at: datetime) -> ApiToken:
    """End a token at once; ending it again changes nothing. Raises TokenNotFound for another's."""
    token = db.session.get(ApiToken, token_id, with_for_update=True)
    if token is None or (by is not None and token.person_id != by.id):
        raise rules.TokenNotFound()
    token.revoked_at = token.revoked_at or at
    db.session.flush()
    return token
