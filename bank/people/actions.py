"""Everything that changes persons and roles. `by=None` is the operator at the machine."""

import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import InstrumentedAttribute

from bank import clock
from bank.db import db
from bank.errors import BankError
from bank.ledger import actions as ledger
from bank.people import changes, facts, queries, rules
from bank.people.models import ROLES, Grant, Guardian, Membership, Person
from bank.people.rules import Facts, NewGuardian, NewPerson
from bank.units import queries as units
from bank.units.models import Unit
from bank.units.rules import MEMBER_KINDS, BadUnit

CHANCE = secrets.SystemRandom()
_CHUNK = 5000  # Values of one IN list, well below what SQLite takes.


def enrol(*, by: Person | None, new: NewPerson, at: datetime, chance: random.Random = CHANCE) -> Person:
    """Enrol a person and open the account pair, and record it. Raises what enrol_all raises."""
    [person_id] = enrol_all(by=by, new=[new], at=at, chance=chance)
    person = db.session.get_one(Person, person_id)
    after = {"unit": person.unit.name, "name": person.name, "phone": person.phone}
    changes.record(by=by, subject=changes.of_person(person), what="enrol", before={}, after=after, at=at)
    return person


def enrol_all(
    *,
    by: Person | None,
    new: Sequence[NewPerson],
    at: datetime,
    chance: random.Random = CHANCE,
) -> list[int]:
    """Enrol many persons at once, all or none; their ids in the same order. None of them can sign in before a PIN is set.

    Raises RoleMissing unless `by` is admin at every unit, BadUnit, UnitClosed, and what `facts.of_new` raises, PhoneTaken
    and IdNumberTaken; these name in `row` (from 0) whom it is about.
    """
    for unit_id in {each.unit_id for each in new}:
        queries.require_role(by, "admin", check_unit(unit_id, MEMBER_KINDS).id)
    for home_unit_id in {each.home_unit_id for each in new if each.home_unit_id is not None}:
        check_unit(home_unit_id, ("home_unit",))
    for host_unit_id in {each.host_unit_id for each in new if each.host_unit_id is not None}:
        check_unit(host_unit_id, MEMBER_KINDS)
    on = clock.local_day(at)
    rows = [facts.of_new(each, number=number, on=on) for number, each in enumerate(new)]
    refuse_taken(Person.phone, [each["phone"] for each in rows], rules.PhoneTaken)
    refuse_taken(Person.id_hash, [each["id_hash"] for each in rows], rules.IdNumberTaken)
    cards = free_cards(len(rows), chance)
    keys = [_random_key(chance) for _ in rows]
    accounts = ledger.open_member_accounts(keys=keys, at=at)
    enrolled = {"enrolled_at": at, "enrolled_by_id": by.id if by else None}
    for each, row, key, card, (points_id, minutes_id) in zip(new, rows, keys, cards, accounts, strict=True):
        row |= {"key": key, "card_number": card, "points_account_id": points_id, "minutes_account_id": minutes_id, **enrolled}
        row["id_verified_at"] = at if each.is_id_verified and row["id_hash"] is not None else None
    if not rows:
        return []
    db.session.execute(insert(Person), rows)
    by_key = _ids_by(Person.key, keys)
    ids = [by_key[key] for key in keys]
    _begin_memberships(ids, rows, at)
    _add_guardians(ids, new, rows, at)
    return ids


def edit(*, by: Person | None, person_id: int, new: Facts, at: datetime) -> Person:
    """Write down anew what is known of a person; an identity number left out stays as it is.

    Raises PersonNotFound, RoleMissing unless `by` is admin of the unit, PersonClosed, what `facts.columns` raises,
    ContactMissing, GuardianNeeded, PhoneTaken, IdNumberTaken.
    """
    person = administered(by, person_id)
    before = facts.recorded(person)
    values = facts.columns(new, on=clock.local_day(at))
    _check_contact(person, values, new.born_on, at)
    if values["id_hash"] is None:
        values["id_hash"] = person.id_hash
    for column, refusal in ((Person.phone, rules.PhoneTaken), (Person.id_hash, rules.IdNumberTaken)):
        if values[column.key] != getattr(person, column.key):
            refuse_taken(column, [values[column.key]], refusal)
    for name, value in values.items():
        setattr(person, name, value)
    if not new.is_id_verified or person.id_hash is None:
        person.id_verified_at = None
    elif person.id_verified_at is None:
        person.id_verified_at = at
    db.session.flush()
    after = facts.recorded(person)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        old, now = ({name: each[name] for name in changed} for each in (before, after))
        changes.record(by=by, subject=changes.of_person(person), what="edit", before=old, after=now, at=at)
    return person


def grant_role(
    *, by: Person | None, person_id: int, role: str, unit_id: int, post: rules.Post | None = None, at: datetime
) -> Grant:
    """Let a person act in a role in a unit and below it; a role already held there stays as it is.

    With a post a clerk acts at one counter of the unit alone (see `rewards.actions.post_clerk`).

    Raises RoleMissing unless `by` is admin there, PersonNotFound when out of sight, UnitNotFound, UnitClosed, BadRole,
    PersonClosed.
    """
    queries.require_role(by, "admin", units.open_unit(unit_id).id)
    person = queries.person(by=by, person_id=person_id)
    if role not in ROLES:
        raise rules.BadRole(role=role)
    if person.closed_at is not None:
        raise rules.PersonClosed()
    counter_id = post.counter_id if post else None
    for held in queries.grants(person.id):
        if (held.role, held.unit_id, held.counter_id) == (role, unit_id, counter_id):
            return held
    grant = Grant(
        person_id=person.id,
        role=role,
        unit_id=unit_id,
        counter_id=counter_id,
        granted_at=at,
        granted_by_id=by.id if by else None,
    )
    db.session.add(grant)
    db.session.flush()
    queries.forget_grants()
    after = {"role": role, "unit": grant.unit.name} | ({"counter": post.name} if post else {})
    changes.record(by=by, subject=changes.of_person(person), what="grant_role", before={}, after=after, at=at)
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
        before, subject = {"role": grant.role, "unit": grant.unit.name}, changes.of_person(grant.person)
        changes.record(by=by, subject=subject, what="revoke_role", before=before, after={}, at=at)
    return grant


def check_unit(unit_id: int, kinds: Sequence[str]) -> Unit:
    """An open unit of one of these kinds. Raises UnitNotFound, UnitClosed, BadUnit."""
    unit = units.open_unit(unit_id)
    if unit.kind not in kinds:
        raise BadUnit(kind=unit.kind)
    return unit


def administered(by: Person | None, person_id: int) -> Person:
    """A person whose unit `by` is admin of, locked. Raises PersonNotFound, RoleMissing, PersonClosed."""
    person = queries.person(by=by, person_id=person_id)
    queries.require_role(by, "admin", person.unit_id)
    db.session.refresh(person, with_for_update=True)
    if person.closed_at is not None:
        raise rules.PersonClosed()
    return person


def refuse_taken(column: InstrumentedAttribute[Any], values: Sequence[object], refusal: type[BankError]) -> None:
    """Refuse values that stand twice among these or already in the table, naming their `row`; None is never taken."""
    rows: dict[object, int] = {}
    for number, value in enumerate(values):
        if value is not None and rows.setdefault(value, number) != number:
            raise refusal(row=number)
    for value in _existing(column, list(rows)):
        raise refusal(row=rows[value])


def _check_contact(person: Person, values: Mapping[str, object], born_on: date | None, at: datetime) -> None:
    if queries.guardian(person.id) is not None:
        return
    if rules.is_child(born_on, on=clock.local_day(at)):
        raise rules.GuardianNeeded()
    if not (values["phone"] or values["contact"]):
        raise rules.ContactMissing()


def _begin_memberships(ids: Sequence[int], rows: Sequence[Mapping[str, object]], at: datetime) -> None:
    kinds = {"unit_id": "enrolled", "home_unit_id": "home_unit", "host_unit_id": "host"}
    begun = [
        {"person_id": person_id, "unit_id": row[column], "kind": kind, "since_at": at}
        for person_id, row in zip(ids, rows, strict=True)
        for column, kind in kinds.items()
        if row[column] is not None
    ]
    db.session.execute(insert(Membership), begun)


def _add_guardians(ids: Sequence[int], new: Sequence[NewPerson], rows: Sequence[Mapping[str, object]], at: datetime) -> None:
    minors = [
        (person_id, each.guardian, facts.check_guardian(each.guardian, phone=row["phone"]))
        for person_id, each, row in zip(ids, new, rows, strict=True)
        if each.guardian is not None
    ]
    members = _ids_by(Person.phone, list({phone for _, _, (_, phone) in minors}))
    begun = [
        {"person_id": person_id, "relation": guardian.relation, "since_at": at, **_guardian(name, phone, members.get(phone))}
        for person_id, guardian, (name, phone) in minors
    ]
    if begun:
        db.session.execute(insert(Guardian), begun)


def add_guardian(person_id: int, new: NewGuardian, at: datetime) -> Guardian:
    """Write down who answers for a person from now on; a member is named by the account and not copied. Raises BadGuardian."""
    person = db.session.get_one(Person, person_id)
    name, phone = facts.check_guardian(new, phone=person.phone)
    known = _guardian(name, phone, _ids_by(Person.phone, [phone]).get(phone))
    guardian = Guardian(person_id=person_id, relation=new.relation, since_at=at, **known)
    db.session.add(guardian)
    db.session.flush()
    return guardian


def _guardian(name: str, phone: str, member_id: int | None) -> dict[str, Any]:
    # All three are given, so that many guardians have the same columns and go into the table at once.
    return {"guardian_id": member_id, "name": None if member_id else name, "phone": None if member_id else phone}


def free_cards(count: int, chance: random.Random) -> list[str]:
    """Card numbers that nobody has."""
    cards: dict[str, None] = {}  # In order, so that the same chance gives everybody the same card.
    while len(cards) < count:
        drawn = [rules.card_number(chance.randint(100_000_000, 999_999_999)) for _ in range(count - len(cards))]
        taken = set(_existing(Person.card_number, drawn))
        cards |= dict.fromkeys(each for each in drawn if each not in taken)
    return list(cards)


def _ids_by(column: InstrumentedAttribute[Any], values: Sequence[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for start in range(0, len(values), _CHUNK):
        found = select(column.label("value"), Person.id).where(column.in_(values[start : start + _CHUNK]))
        ids |= {row.value: row.id for row in db.session.execute(found)}
    return ids


def _existing(column: InstrumentedAttribute[Any], values: Sequence[object]) -> Iterator[Any]:
    for start in range(0, len(values), _CHUNK):
        yield from db.session.scalars(select(column).where(column.in_(values[start : start + _CHUNK])))


def _random_key(chance: random.Random) -> str:
    return f"{chance.getrandbits(80):020x}"
