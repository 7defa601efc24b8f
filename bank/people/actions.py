"""Everything that changes units, persons, roles, consents and API tokens. `by=None` is the operator at the machine."""

import random
import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import InstrumentedAttribute

from bank import clock
from bank.db import db
from bank.errors import Invalid
from bank.ledger import actions as ledger
from bank.people import queries, rules
from bank.people.models import PURPOSES, ROLES, ApiToken, Consent, Grant, Person, Unit
from bank.people.names import sort_name
from bank.people.rules import NewPerson

TOKEN_DAYS_MAX = 366
CHANCE = secrets.SystemRandom()
_CHUNK = 5000  # Values of one IN list, well below what SQLite takes.


def found_bank(*, name: str, at: datetime) -> None:
    """Add the unit that all others stand below, once."""
    if db.session.scalar(select(Unit.id).where(Unit.parent_id.is_(None), Unit.kind == "bank").limit(1)) is None:
        add_unit(by=None, name=name, kind="bank", parent_id=None, at=at)


def add_unit(
    *,
    by: Person | None,
    name: str,
    kind: str,
    parent_id: int | None,
    at: datetime,
    chance: random.Random = CHANCE,
) -> Unit:
    """Add a unit below another, with its account `issued/<key>`; only the operator adds one that stands alone.

    Raises RoleMissing unless `by` is admin there, BadUnitName, BadUnit, UnitNameTaken.
    """
    name = rules.clean_unit_name(name)
    parent = queries.unit(parent_id) if parent_id is not None else None
    if parent is not None:
        queries.require_role(by, "admin", parent.id)
    elif by is not None:
        raise rules.RoleMissing(role="admin")
    if kind not in rules.PARENT_KINDS or (parent is not None and parent.kind not in rules.PARENT_KINDS[kind]):
        raise rules.BadUnit(kind=kind)
    if db.session.scalar(select(Unit.id).where(Unit.parent_id.is_not_distinct_from(parent_id), Unit.name == name)) is not None:
        raise rules.UnitNameTaken()
    key = _random_key(chance)
    account_id = ledger.open_account(code=f"issued/{key}", unit="points", has_floor=False, at=at)
    unit = Unit(
        key=key,
        parent_id=parent_id,
        kind=kind,
        name=name,
        path="",
        issued_account_id=account_id,
        added_at=at,
    )
    db.session.add(unit)
    db.session.flush()  # The path ends in the unit's own id.
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.flush()
    return unit


def enrol(*, by: Person | None, new: NewPerson, at: datetime, chance: random.Random = CHANCE) -> Person:
    """Enrol a person and open the account pair. Raises what enrol_all raises."""
    [person_id] = enrol_all(by=by, new=[new], at=at, chance=chance)
    return db.session.get_one(Person, person_id)


def enrol_all(
    *,
    by: Person | None,
    new: Sequence[NewPerson],
    at: datetime,
    chance: random.Random = CHANCE,
) -> list[int]:
    """Enrol many persons at once, all or none; their ids in the same order. None of them can sign in before a PIN is set.

    Raises RoleMissing unless `by` is admin at every unit, BadName, BadPhone, PhoneTaken, BadBirthDate, BadUnit; each
    names in `row` (from 0) whom it is about.
    """
    for unit_id in {each.unit_id for each in new}:
        _check_member_unit(by, unit_id)
    for home_unit_id in {each.home_unit_id for each in new if each.home_unit_id is not None}:
        if queries.unit(home_unit_id).kind != "home_unit":
            raise rules.BadUnit(kind="home_unit")
    on = clock.local_day(at)
    rows = [_row(each, number, on) for number, each in enumerate(new)]
    _refuse_taken_phones([str(each["phone"]) for each in rows])
    cards = _free_cards(len(rows), chance)
    keys = [_random_key(chance) for _ in rows]
    accounts = ledger.open_member_accounts(keys=keys, at=at)
    enrolled_by_id = by.id if by else None
    for row, key, card, (points_id, minutes_id) in zip(rows, keys, cards, accounts, strict=True):
        row |= {
            "key": key,
            "card_number": card,
            "points_account_id": points_id,
            "minutes_account_id": minutes_id,
        }
        row |= {"enrolled_at": at, "enrolled_by_id": enrolled_by_id}
    if not rows:
        return []
    db.session.execute(insert(Person), rows)
    return _ids(keys)


def set_pin(*, by: Person | None, person_id: int, pin: str, at: datetime) -> None:
    """Set the PIN a person signs in with: one's own, or as admin of the unit and of every unit where the person holds a role.

    Raises WeakPin, PersonNotFound, RoleMissing.
    """
    digits = rules.clean_pin(pin)
    person = queries.person(by=by, person_id=person_id)
    if by is None or by.id != person_id:
        # Whoever sets a PIN could sign in as the person, so he must already hold power over all that the person may do.
        for unit_id in {
            person.unit_id,
            *(each.unit_id for each in queries.grants(person_id)),
        }:
            queries.require_role(by, "admin", unit_id)
    person.pin_hash = queries.PIN_HASHER.hash(digits)
    db.session.flush()


def change_pin(*, by: Person, old_pin: str, pin: str, at: datetime) -> Person:
    """Set one's own PIN, knowing the old one, so that nobody who finds an unlocked phone keeps the account.

    Raises OldPinWrong, WeakPin.
    """
    try:
        queries.sign_in(login=by.phone, pin=old_pin)
    except rules.SignInRefused:
        raise rules.OldPinWrong() from None
    set_pin(by=by, person_id=by.id, pin=pin, at=at)
    return by


def grant_role(*, by: Person | None, person_id: int, role: str, unit_id: int, at: datetime) -> Grant:
    """Let a person act in a role in a unit and below it; a role already held there stays as it is.

    Raises RoleMissing unless `by` is admin there, PersonNotFound when out of sight, UnitNotFound, BadRole.
    """
    queries.require_role(by, "admin", queries.unit(unit_id).id)
    person = queries.person(by=by, person_id=person_id)
    if role not in ROLES:
        raise rules.BadRole(role=role)
    for held in queries.grants(person.id):
        if (held.role, held.unit_id) == (role, unit_id):
            return held
    grant = Grant(
        person_id=person.id,
        role=role,
        unit_id=unit_id,
        granted_at=at,
        granted_by_id=by.id if by else None,
    )
    db.session.add(grant)
    db.session.flush()
    return grant


def revoke_role(*, by: Person | None, grant_id: int, at: datetime) -> Grant:
    """End a grant; ending it again changes nothing. Raises GrantNotFound, RoleMissing unless `by` is admin at its unit."""
    grant = db.session.get(Grant, grant_id, with_for_update=True)
    if grant is None:
        raise rules.GrantNotFound()
    queries.require_role(by, "admin", grant.unit_id)
    if grant.revoked_at is None:
        grant.revoked_at, grant.revoked_by_id = at, by.id if by else None
        db.session.flush()
    return grant


def decide_consent(*, by: Person | None, person_id: int, purpose: str, is_given: bool, at: datetime) -> Consent:
    """Write down that a person gives or withdraws consent for a purpose; only for oneself. Raises OnlyForYourself, BadPurpose."""
    decide_consents(by=by, person_ids=[person_id], purpose=purpose, is_given=is_given, at=at)
    return queries.consents(person_id)[purpose]


def decide_consents(
    *,
    by: Person | None,
    person_ids: Sequence[int],
    purpose: str,
    is_given: bool,
    at: datetime,
) -> None:
    """The same decision of many persons at once, as an import brings it; a row each, none changed or removed."""
    if by is not None and set(person_ids) - {by.id}:
        raise rules.OnlyForYourself()
    if purpose not in PURPOSES:
        raise rules.BadPurpose(purpose=purpose)
    same = {
        "purpose": purpose,
        "is_given": is_given,
        "text_version": rules.CONSENT_TEXT_VERSION,
        "decided_at": at,
    }
    if person_ids:
        db.session.execute(insert(Consent), [{"person_id": each, **same} for each in person_ids])


def create_token(*, by: Person | None, person_id: int, name: str, expires_at: datetime, at: datetime) -> tuple[ApiToken, str]:
    """Make a token of the API and its secret, which is nowhere kept; it can do what its owner may do.

    Raises OnlyForYourself, PersonNotFound, BadUnitName, BadExpiry.
    """
    if by is not None and by.id != person_id:
        raise rules.OnlyForYourself()
    if not at < expires_at <= at + timedelta(days=TOKEN_DAYS_MAX):
        raise rules.BadExpiry()
    person = queries.person(by=by, person_id=person_id)
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        person_id=person.id,
        name=rules.clean_unit_name(name)[:60],
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


def _check_member_unit(by: Person | None, unit_id: int) -> None:
    unit = queries.unit(unit_id)
    queries.require_role(by, "admin", unit.id)
    if unit.kind not in rules.MEMBER_KINDS:
        raise rules.BadUnit(kind=unit.kind)


def _row(new: NewPerson, number: int, on: date) -> dict[str, object]:
    try:
        name, phone = rules.clean_name(new.name), rules.clean_phone(new.phone)
        rules.check_birth_date(new.born_on, on=on)
    except Invalid as refusal:
        raise type(refusal)(row=number) from None
    facts = {
        "unit_id": new.unit_id,
        "home_unit_id": new.home_unit_id,
        "is_in_service": new.is_in_service,
        "born_on": new.born_on,
    }
    return {"name": name, "name_sort": sort_name(name), "phone": phone, **facts}


def _refuse_taken_phones(phones: Sequence[str]) -> None:
    rows: dict[str, int] = {}
    for number, phone in enumerate(phones):
        if rows.setdefault(phone, number) != number:
            raise rules.PhoneTaken(row=number)
    for phone in _existing(Person.phone, phones):
        raise rules.PhoneTaken(row=rows[phone])


def _free_cards(count: int, chance: random.Random) -> list[str]:
    cards: dict[str, None] = {}  # In order, so that the same chance gives everybody the same card.
    while len(cards) < count:
        drawn = [rules.card_number(chance.randint(100_000_000, 999_999_999)) for _ in range(count - len(cards))]
        taken = set(_existing(Person.card_number, drawn))
        cards |= dict.fromkeys(each for each in drawn if each not in taken)
    return list(cards)


def _ids(keys: Sequence[str]) -> list[int]:
    ids: dict[str, int] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = db.session.execute(select(Person.key, Person.id).where(Person.key.in_(keys[start : start + _CHUNK])))
        ids |= {row.key: row.id for row in rows}
    return [ids[key] for key in keys]


def _existing(column: InstrumentedAttribute[str], values: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(values), _CHUNK):
        yield from db.session.scalars(select(column).where(column.in_(values[start : start + _CHUNK])))


def _random_key(chance: random.Random) -> str:
    return f"{chance.getrandbits(80):020x}"
