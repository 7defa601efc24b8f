"""The member's consent to a withdrawal, taken by a clerk and good for five minutes: the rotating code on the phone, the PIN,
or a check of identity that is written down.

A consent once taken is a signed text that the clerk's page keeps and hands to the action; it names the member, the clerk,
who came in the member's place, and when.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from bank.access import queries as access
from bank.access.member_code import CARD_DIGITS, is_good, is_member_code
from bank.access.rules import SignInRefused
from bank.counter.rules import (
    CONSENT_LASTS,
    NOTE_LENGTH,
    BadConsent,
    ConsentExpired,
    ConsentMissing,
    MemberCodeWrong,
    NotOfHousehold,
    PinRefused,
)
from bank.people import queries as people
from bank.people.models import Person

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a clerk took from a member: `kind` of consent, `note` on an identity check, and who came in the member's place."""

    kind: str
    note: str
    fetched_by_id: int | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What was shown at the counter, one of three; `shown_by_id` is who of the household came in the member's place."""

    code: str | None = None
    pin: str | None = None
    checked: str | None = None
    shown_by_id: int | None = None


def take(*, by: Person, for_id: int, shown: Shown, at: datetime) -> str:
    """Take the consent of the member `for_id` in the way that was shown. Raises what `by_code`, `by_pin`, `by_check` raise."""
    shower_id = shown.shown_by_id or for_id
    if shown.code is not None:
        return by_code(by=by, code=shown.code, for_id=for_id, at=at)
    if shown.pin is not None:
        return by_pin(by=by, shower_id=shower_id, pin=shown.pin, for_id=for_id, at=at)
    if shown.checked is not None:
        return by_check(by=by, shower_id=shower_id, note=shown.checked, for_id=for_id, at=at)
    raise ConsentMissing()


def by_code(*, by: Person, code: str, for_id: int | None = None, at: datetime) -> str:
    """Consent by the code on the phone of the member, or of one of the household who came for the member `for_id`.

    Raises MemberCodeWrong, PersonNotFound, NotOfHousehold.
    """
    shower = code_owner(by=by, code=code, at=at)
    return _take("phone", by=by, shower=shower, for_id=for_id, at=at)


def code_owner(*, by: Person, code: str, at: datetime) -> Person:
    """Whose rotating code this is. Raises MemberCodeWrong for one that is no longer good, PersonNotFound when out of sight."""
    if not is_member_code(code):
        raise MemberCodeWrong()
    shower = people.person_by_card(by=by, card_number=code[:CARD_DIGITS])
    if not is_good(shower, code, at=at):
        raise MemberCodeWrong()
    return shower


def by_pin(*, by: Person, shower_id: int, pin: str, for_id: int | None = None, at: datetime) -> str:
    """Consent by the PIN that the member, or one of the household, typed at the counter. Raises PinRefused, NotOfHousehold."""
    shower = people.person(by=by, person_id=shower_id)
    try:
        access.sign_in(login=shower.card_number, pin=pin)
    except SignInRefused:
        raise PinRefused() from None
    return _take("pin", by=by, shower=shower, for_id=for_id, at=at)


def by_check(*, by: Person, shower_id: int, note: str, for_id: int | None = None, at: datetime) -> str:
    """Consent by a check of identity, for which the clerk stands; `note` says what was looked at. Raises BadConsent."""
    clean = note.strip()
    if not 1 <= len(clean) <= NOTE_LENGTH or not clean.isprintable():
        raise BadConsent()
    shower = people.person(by=by, person_id=shower_id)
    return _take("checked", by=by, shower=shower, for_id=for_id, note=clean, at=at)


def read(text: str | None, *, by: Person, person_id: int, at: datetime) -> Consent:
    """The consent that a clerk took for a member's points. Raises ConsentMissing, ConsentExpired."""
    if not text:
        raise ConsentMissing()
    try:
        kind, member_id, clerk_id, fetched_by_id, second, note = _serializer().loads(text)
    except (BadData, ValueError, TypeError):
        raise ConsentMissing() from None
    if member_id != person_id:
        raise ConsentMissing()
    if clerk_id != by.id or not timedelta() <= at - (EPOCH + timedelta(seconds=second)) <= CONSENT_LASTS:
        raise ConsentExpired()
    return Consent(kind=kind, note=note, fetched_by_id=fetched_by_id)


def _take(kind: str, *, by: Person, shower: Person, for_id: int | None, note: str = "", at: datetime) -> str:
    member_id = shower.id if for_id is None else for_id
    if member_id != shower.id and not people.same_household(shower.id, member_id):
        raise NotOfHousehold()
    fetched_by_id = None if member_id == shower.id else shower.id
    return _serializer().dumps([kind, member_id, by.id, fetched_by_id, _second(at), note])


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(_secret(), salt="counter-consent")


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _second(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)
