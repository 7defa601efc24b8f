"""Everything that changes PINs, passwords, one-time codes and API tokens. `by=None` is the operator at the machine."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select, update

from bank.access import queries, rules
from bank.access.models import ApiToken, Credential, Invitation
from bank.db import db
from bank.people import changes
from bank.people import queries as people
from bank.people.actions import CHANCE
from bank.people.models import Person
from bank.people.rules import OnlyForYourself, PersonClosed
from bank.units.rules import clean_unit_name

TOKEN_DAYS_MAX = 366
LOOKED_AT_EVERY = timedelta(minutes=10)


def set_pin(*, by: Person | None, person_id: int, pin: str, at: datetime) -> None:
    """Set the PIN of another person, as admin of the unit and of every unit where the person holds a role; recorded.

    It takes the place of a password. Raises WeakPin, PersonNotFound, RoleMissing, ByAnother.
    """
    digits = rules.clean_pin(pin)
    person = governed(by, person_id)
    changes.record(by=by, subject=changes.of_person(person), what="set_pin", before={}, after={}, at=at)
    _revoke_open(person.id, at)
    _keep_secret(person, digits)


def change_pin(*, by: Person, old_pin: str, pin: str, at: datetime) -> Person:
    """Set one's own PIN or password, knowing the old one, so that nobody who finds an unlocked phone keeps the account.

    Raises OldPinWrong, WeakPin, WeakPassword.
    """
    queries.require_secret(by, old_pin)
    secret = rules.clean_secret(pin, own=[each for each in (by.phone, by.card_number, by.name) if each])
    if people.roles(by):
        what = "change_to_password" if rules.is_password(secret) else "change_to_pin"
        changes.record(by=by, subject=changes.of_person(by), what=what, before={}, after={}, at=at)
    _keep_secret(by, secret)
    return by


def sign_out_everywhere(*, by: Person, at: datetime) -> Person:
    """End every session of one's own, in all browsers."""
    credential_of(by).signed_out_at = at
    db.session.flush()
    return by


def invite(*, by: Person | None, person_id: int, at: datetime, chance: Random = CHANCE) -> tuple[Invitation, str]:
    """Make a code with which a person sets a PIN once within 7 days, and end an earlier one; the code is nowhere kept.

    Raises PersonNotFound, RoleMissing, ByAnother.
    """
    person = governed(by, person_id)
    _revoke_open(person.id, at)
    code = rules.random_code(chance)
    made = Invitation(
        person_id=person.id,
        code_hash=queries.keyed_hash(code),
        made_at=at,
        made_by_id=by.id if by else None,
        expires_at=at + timedelta(days=rules.INVITATION_DAYS),
    )
    db.session.add(made)
    db.session.flush()  # The answer names the invitation's id.
    changes.record(by=by, subject=changes.of_person(person), what="invite", before={}, after={"until": made.expires_at}, at=at)
    return made, code


def revoke_invitation(*, by: Person | None, person_id: int, at: datetime) -> Person:
    """End the code for a first sign-in that a person has; without one nothing changes. Raises as `invite` does."""
    person = governed(by, person_id)
    if _revoke_open(person.id, at):
        changes.record(by=by, subject=changes.of_person(person), what="revoke_invitation", before={}, after={}, at=at)
    return person


def activate(*, code: str, pin: str, at: datetime) -> Person:
    """Set the PIN of the person to whom a one-time code was handed; the code is then used up.

    Raises InvitationNotFound, InvitationOver, WeakPin.
    """
    digits = rules.clean_pin(pin)
    found = queries.invitation(code, at)
    used = update(Invitation).where(Invitation.id == found.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    # Two phones may send the same code at once; the row lets one of them through.
    if db.session.scalar(used.values(used_at=at).returning(Invitation.id)) is None:
        raise rules.InvitationOver()
    changes.record(by=found.person, subject=changes.of_person(found.person), what="activate", before={}, after={}, at=at)
    _keep_secret(found.person, digits)
    return found.person


def create_token(
    *,
    by: Person | None,
    person_id: int,
    name: str,
    expires_at: datetime,
    at: datetime,
    scopes: Collection[str] = ("all",),
) -> tuple[ApiToken, str]:
    """Make a token of the API and its secret, which is nowhere kept; it can do what its owner may do, within its scopes.

    Raises OnlyForYourself, PersonNotFound, BadUnitName, BadExpiry, BadScope.
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
        scopes=rules.clean_scopes(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    db.session.add(token)
    db.session.flush()
    return token, secret


def revoke_token(*, by: Person | None, token_id: int, at: datetime) -> ApiToken:
    """End a token at once, one's own or as admin of its owner's unit; ending it again changes nothing.

    Raises TokenNotFound for another's.
    """
    token = db.session.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise rules.TokenNotFound()
    is_own = by is not None and by.id == token.person_id
    if not is_own and not people.has_role(by, "admin", token.person.unit_id):
        raise rules.TokenNotFound()
    if token.revoked_at is None:
        token.revoked_at = at
        if not is_own:
            subject = changes.of_person(token.person)
            changes.record(by=by, subject=subject, what="revoke_token", before={"begins": token.prefix}, after={}, at=at)
    db.session.flush()
    return token


def note_token(*, token_id: int, at: datetime) -> None:
    """Write down that a token was used; once in ten minutes is enough to see which ones live."""
    is_due = ApiToken.last_used_at.is_(None) | (ApiToken.last_used_at < at - LOOKED_AT_EVERY)
    db.session.execute(update(ApiToken).where(ApiToken.id == token_id, is_due).values(last_used_at=at))


def credential_of(person: Person) -> Credential:
    """The row that holds what a person's sign-in needs beside the PIN, made when it is missing, and locked."""
    # Two requests of one person may come at once; locking the person lets the second find the first one's row.
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    held = db.session.get(Credential, person.id, populate_existing=True)
    if held is None:
        held = Credential(person_id=person.id, has_password=False)
        db.session.add(held)
        db.session.flush()
    return held


def governed(by: Person | None, person_id: int) -> Person:
    """Another person whose way to sign in `by` may set anew. Raises PersonNotFound, RoleMissing, ByAnother, PersonClosed."""
    person = people.person(by=by, person_id=person_id)
    if by is not None and by.id == person_id:
        raise rules.ByAnother()
    if person.closed_at is not None:
        raise PersonClosed()
    # Whoever sets a PIN could sign in as the person, so he must already hold power over all that the person may do.
    for unit_id in {person.unit_id, *(each.unit_id for each in people.grants(person_id))}:
        people.require_role(by, "admin", unit_id)
    return person


def _keep_secret(person: Person, secret: str) -> None:
    person.pin_hash = queries.PIN_HASHER.hash(secret)
    if rules.is_password(secret) or queries.has_password(person):
        credential_of(person).has_password = rules.is_password(secret)
    db.session.flush()


def _revoke_open(person_id: int, at: datetime) -> bool:
    is_open = (Invitation.person_id == person_id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    ended = db.session.scalars(update(Invitation).where(*is_open).values(revoked_at=at).returning(Invitation.id))
    return bool(ended.all())
