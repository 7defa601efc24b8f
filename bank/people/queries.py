"""What can be asked about persons, and who holds which role where; nothing here changes anything."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from bank.db import db
from bank.ledger import queries as ledger
from bank.people import rules
from bank.people.models import Grant, Guardian, HouseholdMember, Membership, Person
from bank.units.models import Unit
from bank.units.queries import below_at, top_unit
from bank.units.rules import UnitNotFound

STAFF_ROLES = ("admin", "auditor", "organizer", "clerk")
FOUND_MAX = 50
NEWEST = 10
_HELD, _READ_IN = "grants held", "grants read in"


@dataclass(frozen=True)
class Profile:
    """A person as somebody may see them; points in hundredths. `is_administered` when the one who sees is admin here."""

    person: Person
    phone: str | None
    born_on: date | None
    points: int
    minutes: int
    grants: list[Grant]
    is_administered: bool


def grants(person_id: int) -> list[Grant]:
    """The roles a person holds now, with their units, oldest first."""
    wanted = select(Grant).where(Grant.person_id == person_id, Grant.revoked_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Grant.granted_at, Grant.id)))


def roles(person: Person | None) -> set[str]:
    """The roles a person holds anywhere."""
    return {role for role, _ in paths_of(person)} if person else set()


def paths_of(by: Person) -> list[tuple[str, str]]:
    """The roles a person holds now, each with the path of its unit."""
    return [(role, path) for role, path, _ in held_by(by)]


def held_by(by: Person) -> list[tuple[str, str, int | None]]:
    """The roles a person holds now: role, path of its unit, and the counter to which it is bound if to one.

    Read once in a database transaction.
    """
    held = _held()
    if by.id not in held:
        rows = select(Grant.role, Unit.path, Grant.counter_id).join(Grant.unit)
        rows = rows.where(Grant.person_id == by.id, Grant.revoked_at.is_(None))
        held[by.id] = [(role, path, counter_id) for role, path, counter_id in db.session.execute(rows)]
    return held[by.id]


def keep_grants(person_id: int, found: list[tuple[str, str, int | None]]) -> None:
    """Spare `held_by` from reading in the present database transaction what was just read in it."""
    _held()[person_id] = found


def forget_grants() -> None:
    """Read grants anew from here on, as some have just been given, ended, or moved with their unit."""
    db.session().info.pop(_READ_IN, None)


def has_role(by: Person | None, role: str, unit_id: int | None = None) -> bool:
    """Whether `by` holds the role at the unit or above it, or anywhere when no unit is named. The operator holds all."""
    if by is None:
        return True
    if unit_id is None:
        return role in roles(by)
    found = db.session.get(Unit, unit_id)
    return found is not None and rules.may_act(paths_of(by), role=role, path=found.path)


def require_role(by: Person | None, role: str, unit_id: int) -> None:
    """Raise RoleMissing unless `by` holds the role at the unit or above it."""
    if not has_role(by, role, unit_id):
        raise rules.RoleMissing(role=role)


def require_any_role(by: Person | None, wanted: Sequence[str], unit_id: int) -> None:
    """Raise RoleMissing unless `by` holds one of the roles at the unit or above it."""
    if not any(has_role(by, role, unit_id) for role in wanted):
        raise rules.RoleMissing(role=wanted[0])


def units(*, by: Person | None, role: str | None = None) -> list[Unit]:
    """The units where `by` holds a role, with all below them, each parent before its children; of a named role the open ones."""
    wanted = select(Unit) if role is None else select(Unit).where(Unit.closed_at.is_(None))
    if by is not None:
        held = [path for held, path in paths_of(by) if role in (None, held)]
        wanted = wanted.where(or_(literal(False), *(Unit.path.startswith(path) for path in held)))
    return sorted(db.session.scalars(wanted), key=lambda each: each.steps)


def member_counts() -> dict[int, int]:
    """How many persons belong to each unit itself, without those below it; those of a home unit or team too."""
    members = select(Membership.unit_id, func.count().label("members")).where(Membership.until_at.is_(None))
    return {row.unit_id: row.members for row in db.session.execute(members.group_by(Membership.unit_id))}


def person(*, by: Person | None, person_id: int) -> Person:
    """One person, seen by oneself or by staff of the unit or above it. Raises PersonNotFound, also when out of sight."""
    is_oneself = by is not None and by.id == person_id
    found = db.session.get(Person, person_id) if is_oneself else db.session.scalar(_in_sight(by).where(Person.id == person_id))
    if found is None:
        raise rules.PersonNotFound()
    return found


def person_by_card(*, by: Person | None, card_number: str) -> Person:
    """The person of a card or phone number, for staff of the unit or above it.

    Raises PersonNotFound, also when out of sight or when the account is closed.
    """
    number = rules.clean_login(card_number)
    is_theirs = or_(Person.card_number == number, Person.phone == number)
    found = db.session.scalar(_in_sight(by).where(is_theirs, Person.closed_at.is_(None)))
    if found is None:
        raise rules.PersonNotFound()
    return found


def find_persons(*, by: Person | None, text: str) -> list[Person]:
    """Up to 50 persons in sight of `by`, in order of names: by part of the name, pinyin (`zhang wei`), phone's or card's end.

    Raises SearchTooShort below two Chinese characters or four letters or digits.
    """
    wanted = _in_sight(by).where(_matches(rules.search_text(text)), Person.erased_at.is_(None)).options(selectinload(Person.unit))
    return list(db.session.scalars(wanted.order_by(Person.name_sort, Person.card_number).limit(FOUND_MAX)))


def listed(*, by: Person | None, unit_id: int, kind: str | None = None) -> Select[Person]:
    """The persons enrolled in a unit or below it, or who belong to it as home unit, host or team; of one kind or all.

    Raises UnitNotFound, also when `by` has no role there.
    """
    unit = db.session.get(Unit, unit_id)
    if unit is None or not any(unit.path.startswith(path) for path in _seen_paths(by)):
        raise UnitNotFound()
    below = select(Unit.id).where(Unit.path.startswith(unit.path))
    here = select(Membership.person_id).where(Membership.unit_id.in_(below), Membership.until_at.is_(None))
    wanted = select(Person).where(Person.id.in_(here)).options(selectinload(Person.unit))
    if kind is None:
        return wanted
    return wanted.where(Person.is_in_service.is_(kind == "in_service"), Person.is_volunteer.is_(kind != "resident"))


def newest(*, by: Person | None) -> list[Person]:
    """The ten persons in sight of `by` who were enrolled last."""
    wanted = _in_sight(by).where(Person.erased_at.is_(None)).options(selectinload(Person.unit))
    wanted = wanted.order_by(Person.enrolled_at.desc(), Person.card_number)
    return list(db.session.scalars(wanted.limit(NEWEST)))


def profile(*, by: Person | None, person_id: int) -> Profile:
    """What `by` may know of a person: phone and birth date whole for oneself and the unit's admin, masked or left out for others.

    Raises PersonNotFound, also when out of sight.
    """
    found = person(by=by, person_id=person_id)
    is_admin = has_role(by, "admin", found.unit_id)
    is_close = is_admin or (by is not None and by.id == found.id)
    return Profile(
        person=found,
        phone=found.phone if is_close else rules.mask_phone(found.phone),
        born_on=found.born_on if is_close else None,
        points=ledger.balance(found.points_account_id),
        minutes=ledger.balance(found.minutes_account_id),
        grants=grants(found.id),
        is_administered=is_admin,
    )


def require_in_whole_bank(by: Person | None, *roles: str) -> None:
    """Let pass who holds one of the roles for the whole bank, as its books are one. Raises RoleMissing."""
    if not any(has_role(by, role, top_unit().id) for role in roles):
        raise rules.RoleMissing(role=roles[0])


def names_by_key(keys: set[str]) -> dict[str, str]:
    """What opaque keys in the journal stand for: names of persons and units; keys of the erased are missing."""
    rows = [*db.session.execute(select(Person.key, Person.name).where(Person.key.in_(keys), Person.erased_at.is_(None)))]
    rows += db.session.execute(select(Unit.key, Unit.name).where(Unit.key.in_(keys)))
    return dict(map(tuple, rows))


def members_of(unit_id: int) -> Select[int]:
    """The ids of persons enrolled in a unit or below it, as a subquery."""
    path = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return select(Person.id).join(Unit, Person.unit_id == Unit.id).where(Unit.path.startswith(path))


def is_minor(person: Person, on: date) -> bool:
    """Whether a person is known to be under 18 on a day."""
    return person.born_on is not None and rules.years_old(person.born_on, on=on) < rules.ADULT_YEARS


def guardian(person_id: int) -> Guardian | None:
    """Who answers for a person now, if anybody."""
    return db.session.scalar(select(Guardian).where(Guardian.person_id == person_id, Guardian.until_at.is_(None)))


def wards(person: Person, on: date) -> list[Person]:
    """The minors for whom a member answers on a day as their guardian, in order of names."""
    mine = select(Guardian.person_id).where(Guardian.guardian_id == person.id, Guardian.until_at.is_(None))
    found = db.session.scalars(select(Person).where(Person.id.in_(mine)).order_by(Person.name_sort, Person.card_number))
    return [each for each in found if is_minor(each, on)]


def memberships(person_id: int) -> list[Membership]:
    """Where a person belongs and belonged, the present first, then latest first."""
    wanted = select(Membership).where(Membership.person_id == person_id).options(joinedload(Membership.unit))
    order = (Membership.until_at.is_not(None), Membership.since_at.desc(), Membership.id.desc())
    return list(db.session.scalars(wanted.order_by(*order)))


def members_at(unit_id: int, at: datetime) -> Select[int]:
    """The ids of persons enrolled at an instant in a unit or in what stood below it then, as a subquery."""
    then = (Membership.since_at <= at, or_(Membership.until_at.is_(None), Membership.until_at > at))
    here = Membership.unit_id.in_(below_at(unit_id, at))
    return select(Membership.person_id).where(Membership.kind == "enrolled", here, *then)


def household_of(person_id: int) -> set[int]:
    """Whom a person lives with or answers for now, or who answers for the person; the person too."""
    mine = select(HouseholdMember.household_id).where(HouseholdMember.person_id == person_id, HouseholdMember.left_at.is_(None))
    together = select(HouseholdMember.person_id).where(HouseholdMember.household_id.in_(mine), HouseholdMember.left_at.is_(None))
    wards = select(Guardian.person_id).where(Guardian.guardian_id == person_id, Guardian.until_at.is_(None))
    guardian = select(Guardian.guardian_id).where(
        Guardian.person_id == person_id, Guardian.until_at.is_(None), Guardian.guardian_id.is_not(None)
    )
    return {person_id, *db.session.scalars(together.union(wards, guardian))}


def household(person_id: int) -> list[Person]:
    """Whom a person lives with or answers for now, with the person, in order of names."""
    wanted = select(Person).where(Person.id.in_(household_of(person_id))).options(selectinload(Person.unit))
    return list(db.session.scalars(wanted.order_by(Person.name_sort, Person.card_number)))


def same_household(one_id: int, other_id: int) -> bool:
    """Whether two persons live in one household, or one is the other's guardian; everybody lives with himself."""
    return one_id == other_id or other_id in household_of(one_id)


def _held() -> dict[int, list[tuple[str, str, int | None]]]:
    # One request asks a dozen times. A grant cannot change under it: whoever grants or revokes forgets what was read.
    session = db.session()
    if session.info.get(_READ_IN) is None or session.info[_READ_IN] is not session.get_transaction():
        session.info[_HELD] = {}
        session.info[_READ_IN] = session.get_transaction() or session.begin()
    held: dict[int, list[tuple[str, str, int | None]]] = session.info[_HELD]
    return held


def _in_sight(by: Person | None) -> Select[Person]:
    if by is None:
        return select(Person)
    held = _seen_paths(by)
    return select(Person).join(Person.unit).where(or_(literal(False), *(Unit.path.startswith(path) for path in held)))


def _seen_paths(by: Person | None) -> list[str]:
    return ["/"] if by is None else [path for role, path in paths_of(by) if role in STAFF_ROLES]


def _matches(text: str) -> ColumnElement[bool]:
    digits = re.sub(r"[^0-9]", "", text)
    ways = [Person.name.icontains(text, autoescape=True)]
    if len(digits) >= 4:
        ways += [
            Person.phone.endswith(digits),
            Person.card_number.endswith(digits),
            Person.phone == rules.clean_login(text),
        ]
    if re.fullmatch("[A-Za-z ]+", text):
        ways.append(Person.name_sort.like("%".join(text.lower().split()) + "%"))
    return or_(*ways)
