"""What can be asked about persons, units, roles, consents and tokens; nothing here changes anything."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import selectinload

from bank.db import db
from bank.ledger import queries as ledger
from bank.people import rules
from bank.people.models import ApiToken, Consent, Grant, Person, Unit

# OWASP's profile of 19 MiB, two passes, one lane: 22 ms on a community's PC, where the default takes 125.
PIN_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What an unknown login is checked against, so that its answer takes as long as that of a known one.
_NOBODYS_HASH = PIN_HASHER.hash("no PIN has letters")
STAFF_ROLES = ("admin", "auditor", "organizer", "clerk")
FOUND_MAX = 50
NEWEST = 10


@dataclass(frozen=True)
class Profile:
    """A person as somebody may see them; points in hundredths. `is_administered` when the one who sees is admin here."""

    person: Person
    phone: str
    born_on: date | None
    points: int
    minutes: int
    grants: list[Grant]
    consents: dict[str, Consent]
    is_administered: bool


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
        raise rules.PersonNotFound()
    return person


def _find_login(login: str) -> Person | None:
    number = rules.clean_login(login)
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


def grants(person_id: int) -> list[Grant]:
    """The roles a person holds now, with their units, oldest first."""
    wanted = select(Grant).where(Grant.person_id == person_id, Grant.revoked_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Grant.granted_at, Grant.id)))


def roles(person: Person | None) -> set[str]:
    """The roles a person holds anywhere."""
    return {each.role for each in grants(person.id)} if person else set()


def has_role(by: Person | None, role: str, unit_id: int | None = None) -> bool:
    """Whether `by` holds the role at the unit or above it, or anywhere when no unit is named. The operator holds all."""
    if by is None:
        return True
    if unit_id is None:
        return role in roles(by)
    path = db.session.scalar(select(Unit.path).where(Unit.id == unit_id))
    return path is not None and rules.may_act(_paths(by), role=role, path=path)


def require_role(by: Person | None, role: str, unit_id: int) -> None:
    """Raise RoleMissing unless `by` holds the role at the unit or above it."""
    if not has_role(by, role, unit_id):
        raise rules.RoleMissing(role=role)


def units(*, by: Person | None, role: str | None = None) -> list[Unit]:
    """The units where `by` holds a role (or the named one), with all below them, each parent before its children."""
    wanted = select(Unit)
    if by is not None:
        held = [path for held, path in _paths(by) if role in (None, held)]
        wanted = wanted.where(or_(literal(False), *(Unit.path.startswith(path) for path in held)))
    return sorted(db.session.scalars(wanted), key=lambda each: each.steps)


def home_units() -> list[Unit]:
    """The units where in-service members work, by name."""
    return list(db.session.scalars(select(Unit).where(Unit.kind == "home_unit").order_by(Unit.name, Unit.key)))


def member_counts() -> dict[int, int]:
    """How many persons are enrolled in each unit itself, without those below it."""
    rows = db.session.execute(select(Person.unit_id, func.count().label("members")).group_by(Person.unit_id))
    return {row.unit_id: row.members for row in rows}


def unit(unit_id: int) -> Unit:
    """One unit. Raises UnitNotFound."""
    found = db.session.get(Unit, unit_id)
    if found is None:
        raise rules.UnitNotFound()
    return found


def person(*, by: Person | None, person_id: int) -> Person:
    """One person, seen by oneself or by staff of the unit or above it. Raises PersonNotFound, also when out of sight."""
    is_oneself = by is not None and by.id == person_id
    found = db.session.get(Person, person_id) if is_oneself else db.session.scalar(_in_sight(by).where(Person.id == person_id))
    if found is None:
        raise rules.PersonNotFound()
    return found


def person_by_card(*, by: Person | None, card_number: str) -> Person:
    """The person of a card or phone number, for staff of the unit or above it. Raises PersonNotFound, also when out of sight."""
    number = rules.clean_login(card_number)
    found = db.session.scalar(_in_sight(by).where(or_(Person.card_number == number, Person.phone == number)))
    if found is None:
        raise rules.PersonNotFound()
    return found


def find_persons(*, by: Person | None, text: str) -> list[Person]:
    """Up to 50 persons in sight of `by`, in order of names: by part of the name, pinyin (`zhang wei`), phone's or card's end.

    Raises SearchTooShort below two Chinese characters or four letters or digits.
    """
    wanted = _in_sight(by).where(_matches(rules.search_text(text))).options(selectinload(Person.unit))
    return list(db.session.scalars(wanted.order_by(Person.name_sort, Person.card_number).limit(FOUND_MAX)))


def newest(*, by: Person | None) -> list[Person]:
    """The ten persons in sight of `by` who were enrolled last."""
    wanted = _in_sight(by).options(selectinload(Person.unit)).order_by(Person.enrolled_at.desc(), Person.card_number)
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
        consents=consents(found.id),
        is_administered=is_admin,
    )


def top_unit() -> Unit:
    """The bank's own unit, above all others."""
    return db.session.scalars(select(Unit).where(Unit.kind == "bank", Unit.parent_id.is_(None))).one()


def require_in_whole_bank(by: Person | None, *roles: str) -> None:
    """Let pass who holds one of the roles for the whole bank, as its books are one. Raises RoleMissing."""
    if not any(has_role(by, role, top_unit().id) for role in roles):
        raise rules.RoleMissing(role=roles[0])


def names_by_key(keys: set[str]) -> dict[str, str]:
    """What opaque keys in the journal stand for: names of persons and units; keys of the erased are missing."""
    rows = [*db.session.execute(select(Person.key, Person.name).where(Person.key.in_(keys)))]
    rows += db.session.execute(select(Unit.key, Unit.name).where(Unit.key.in_(keys)))
    return dict(map(tuple, rows))


def members_of(unit_id: int) -> Select[int]:
    """The ids of persons enrolled in a unit or below it, as a subquery."""
    path = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return select(Person.id).join(Unit, Person.unit_id == Unit.id).where(Unit.path.startswith(path))


def has_consent(person_id: int, purpose: str) -> bool:
    """Whether a person's latest decision for a purpose gives consent."""
    decided = consents(person_id).get(purpose)
    return decided is not None and decided.is_given


def consenting(purpose: str) -> Select[int]:
    """The ids of persons whose latest decision for a purpose is given, as a subquery."""
    newest_first = func.row_number().over(
        partition_by=Consent.person_id,
        order_by=(Consent.decided_at.desc(), Consent.id.desc()),
    )
    latest = select(Consent.person_id, Consent.is_given, newest_first.label("place")).where(Consent.purpose == purpose).subquery()
    return select(latest.c.person_id).where(latest.c.place == 1, latest.c.is_given)


def consents(person_id: int) -> dict[str, Consent]:
    """A person's latest decision for each purpose ever decided."""
    rows = db.session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.decided_at, Consent.id))
    return {each.purpose: each for each in rows}


def is_minor(person: Person, on: date) -> bool:
    """Whether a person is known to be under 18 on a day."""
    return person.born_on is not None and rules.years_old(person.born_on, on=on) < rules.ADULT_YEARS


def _paths(by: Person) -> list[tuple[str, str]]:
    rows = select(Grant.role, Unit.path).join(Grant.unit).where(Grant.person_id == by.id, Grant.revoked_at.is_(None))
    return [(role, path) for role, path in db.session.execute(rows)]


def _in_sight(by: Person | None) -> Select[Person]:
    if by is None:
        return select(Person)
    held = [path for role, path in _paths(by) if role in STAFF_ROLES]
    return select(Person).join(Person.unit).where(or_(literal(False), *(Unit.path.startswith(path) for path in held)))


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
