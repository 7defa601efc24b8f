"""Everything that changes persons and roles. `by=None` is the operator at the machine."""

import random
import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import InstrumentedAttribute

from bank import clock
from bank.db import db
from bank.errors import Invalid
from bank.ledger import actions as ledger
from bank.people import queries, rules
from bank.people.models import ROLES, Grant, Person
from bank.people.names import sort_name
from bank.people.rules import NewPerson
from bank.units import queries as units
from bank.units.rules import MEMBER_KINDS, BadUnit

CHANCE = secrets.SystemRandom()
_CHUNK = 5000  # Values of one IN list, well below what SQLite takes.


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
        if units.unit(home_unit_id).kind != "home_unit":
            raise BadUnit(kind="home_unit")
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


def grant_role(*, by: Person | None, person_id: int, role: str, unit_id: int, at: datetime) -> Grant:
    """Let a person act in a role in a unit and below it; a role already held there stays as it is.

    Raises RoleMissing unless `by` is admin there, PersonNotFound when out of sight, UnitNotFound, BadRole.
    """
    queries.require_role(by, "admin", units.unit(unit_id).id)
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
    queries.forget_grants()
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
        queries.forget_grants()
    return grant


def _check_member_unit(by: Person | None, unit_id: int) -> None:
    unit = units.unit(unit_id)
    queries.require_role(by, "admin", unit.id)
    if unit.kind not in MEMBER_KINDS:
        raise BadUnit(kind=unit.kind)


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


def _existing(column: InstrumentedAttribute[Any], values: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(values), _CHUNK):
        yield from db.session.scalars(select(column).where(column.in_(values[start : start + _CHUNK])))


def _random_key(chance: random.Random) -> str:
    return f"{chance.getrandbits(80):020x}"
