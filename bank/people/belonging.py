"""Where somebody belongs: unit, home unit, host community, teams, household, guardian; each with the rows of its past."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from bank.db import db, random_key
from bank.people import changes, queries, rules
from bank.people.actions import add_guardian, administered, check_unit
from bank.people.models import Guardian, Household, HouseholdMember, Membership, Person
from bank.people.rules import NewGuardian
from bank.units import queries as units
from bank.units.models import Unit
from bank.units.rules import MEMBER_KINDS, BadUnit


def move_person(*, by: Person | None, person_id: int, unit_id: int, at: datetime) -> Person:
    """Enrol a person elsewhere from now on. Points, minutes and records stay with the person; boards count them at the new place.

    Raises PersonNotFound, RoleMissing unless `by` is admin of both units, PersonClosed, UnitNotFound, UnitClosed, BadUnit.
    """
    person = administered(by, person_id)
    unit = check_unit(unit_id, MEMBER_KINDS)
    queries.require_role(by, "admin", unit.id)
    if unit.id == person.unit_id:
        return person
    before, subject = person.unit.name, changes.of_person(person)
    person.unit_id = unit.id
    _belong(person, "enrolled", unit, at)
    changes.record(by=by, subject=subject, what="move", before={"unit": before}, after={"unit": unit.name}, at=at)
    return person


def set_home_unit(*, by: Person | None, person_id: int, unit_id: int | None, at: datetime) -> Person:
    """Say where an in-service member works from now on, or that it is not known. Raises what move_person raises."""
    person = administered(by, person_id)
    unit = check_unit(unit_id, ("home_unit",)) if unit_id is not None else None
    if unit_id == person.home_unit_id:
        return person
    before = person.home_unit.name if person.home_unit else None
    person.home_unit_id = unit_id
    _belong(person, "home_unit", unit, at)
    _record(by, person, "set_home_unit", {"unit": before}, {"unit": unit.name if unit else None}, at)
    return person


def set_host_unit(*, by: Person | None, person_id: int, unit_id: int | None, at: datetime) -> Person:
    """Say to which community an in-service member has reported, when it is not where he is enrolled.

    Raises what move_person raises.
    """
    person = administered(by, person_id)
    unit = check_unit(unit_id, MEMBER_KINDS) if unit_id is not None else None
    if unit_id == person.host_unit_id:
        return person
    before = person.host_unit.name if person.host_unit else None
    person.host_unit_id = unit_id
    _belong(person, "host", unit, at)
    _record(by, person, "set_host_unit", {"unit": before}, {"unit": unit.name if unit else None}, at)
    return person


def join_team(*, by: Person | None, person_id: int, unit_id: int, at: datetime) -> None:
    """Take a person into a team; who is in it stays so. Raises PersonNotFound, RoleMissing unless `by` is admin of the team
    or its organizer, PersonClosed, UnitNotFound, UnitClosed, BadUnit.
    """
    team = check_unit(unit_id, ("team",))
    person = _of_team(by, person_id, team)
    if _team_row(person_id, team.id) is None:
        db.session.add(Membership(person_id=person.id, unit_id=team.id, kind="team", since_at=at))
        _record(by, person, "join_team", {}, {"team": team.name}, at)


def leave_team(*, by: Person | None, person_id: int, unit_id: int, at: datetime) -> None:
    """End a person's membership of a team; who is not in it stays so. Raises what join_team raises."""
    team = units.unit(unit_id)
    person = _of_team(by, person_id, team)
    row = _team_row(person_id, team.id)
    if row is not None:
        row.until_at = at
        _record(by, person, "leave_team", {"team": team.name}, {}, at)


def join_household(*, by: Person | None, person_id: int, with_person_id: int, at: datetime) -> Household:
    """Write down that a person lives with another, in the other's household or a new one of both.

    Raises PersonNotFound, RoleMissing unless `by` is admin of both, PersonClosed, SamePerson.
    """
    if person_id == with_person_id:
        raise rules.SamePerson()
    # In the order of ids, so that two who are joined both ways at once do not wait for each other.
    first, second = (administered(by, each) for each in sorted((person_id, with_person_id)))
    person, other = (first, second) if first.id == person_id else (second, first)
    household = _household(other.id) or _new_household(other, at)
    if _household(person.id) != household:
        _leave(person.id, at)
        db.session.add(HouseholdMember(household_id=household.id, person_id=person.id, joined_at=at))
        _record(by, person, "join_household", {}, {"household": household.key}, at)
    return household


def leave_household(*, by: Person | None, person_id: int, at: datetime) -> None:
    """Write down that a person lives alone from now on. Raises PersonNotFound, RoleMissing, PersonClosed."""
    person = administered(by, person_id)
    household = _household(person.id)
    if household is not None:
        _leave(person.id, at)
        _record(by, person, "leave_household", {"household": household.key}, {}, at)


def set_guardian(*, by: Person | None, person_id: int, new: NewGuardian, at: datetime) -> Guardian:
    """Write down who answers for a minor from now on. Raises PersonNotFound, RoleMissing, PersonClosed, BadGuardian."""
    person = administered(by, person_id)
    db.session.execute(update(Guardian).where(Guardian.person_id == person.id, Guardian.until_at.is_(None)).values(until_at=at))
    guardian = add_guardian(person.id, new, at)
    after = {"guardian_name": new.name, "guardian_phone": new.phone, "relation": new.relation}
    _record(by, person, "set_guardian", {}, after, at)
    return guardian


def _belong(person: Person, kind: str, unit: Unit | None, at: datetime) -> None:
    is_open = (Membership.person_id == person.id, Membership.kind == kind, Membership.until_at.is_(None))
    db.session.execute(update(Membership).where(*is_open).values(until_at=at))
    if unit is not None:
        db.session.add(Membership(person_id=person.id, unit_id=unit.id, kind=kind, since_at=at))
    db.session.flush()
    db.session.refresh(person)


def _of_team(by: Person | None, person_id: int, team: Unit) -> Person:
    if team.kind != "team":
        raise BadUnit(kind=team.kind)
    if not queries.has_role(by, "organizer", team.id):
        queries.require_role(by, "admin", team.id)
    person = queries.person(by=by, person_id=person_id)
    if person.closed_at is not None:
        raise rules.PersonClosed()
    return person


def _team_row(person_id: int, team_id: int) -> Membership | None:
    row = (Membership.person_id == person_id, Membership.unit_id == team_id, Membership.kind == "team")
    return db.session.scalar(select(Membership).where(*row, Membership.until_at.is_(None)).with_for_update())


def _household(person_id: int) -> Household | None:
    row = select(HouseholdMember.household_id).where(HouseholdMember.person_id == person_id, HouseholdMember.left_at.is_(None))
    return db.session.scalar(select(Household).where(Household.id.in_(row)))


def _new_household(first: Person, at: datetime) -> Household:
    household = Household(key=random_key(), formed_at=at)
    db.session.add(household)
    db.session.flush()  # Its first member needs the id.
    db.session.add(HouseholdMember(household_id=household.id, person_id=first.id, joined_at=at))
    return household


def _leave(person_id: int, at: datetime) -> None:
    row = (HouseholdMember.person_id == person_id, HouseholdMember.left_at.is_(None))
    db.session.execute(update(HouseholdMember).where(*row).values(left_at=at))


def _record(
    by: Person | None, person: Person, what: str, before: Mapping[str, object], after: Mapping[str, object], at: datetime
) -> None:
    changes.record(by=by, subject=changes.of_person(person), what=what, before=before, after=after, at=at)
