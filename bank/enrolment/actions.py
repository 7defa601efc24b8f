"""Units and persons taken in from a table: all rows or none, and a table taken in again adds nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import insert, select

from bank.clock import local_day
from bank.db import db, random_key
from bank.documents.records import Report, Sheet
from bank.enrolment import checks, rules
from bank.enrolment.checks import Checked, New, NewMember
from bank.enrolment.rules import ImportRefused
from bank.people import actions as people
from bank.people import organisation
from bank.people.models import Household, HouseholdMember, Membership, Person

_CHUNK = 1000  # Persons after which the progress is told.

Progress = Callable[[int], object]


def import_persons(
    *, by: Person | None, sheet: Sheet, is_namesake_welcome: bool, at: datetime, progress: Progress = lambda count: None
) -> Report:
    """Enrol everybody in a table who is not there yet; `progress` is told how many more are done.

    Raises ImportRefused, with the number of rows, if any of them cannot be taken in.
    """
    checked = checks.check_persons(by=by, sheet=sheet, on=local_day(at), is_namesake_welcome=is_namesake_welcome)
    _refuse_unclean(checked)
    # Those who answer for others come first, so that a guardian is known as a member wherever the row stands.
    new = sorted(checked.new, key=lambda each: each.person.guardian is not None)
    ids: list[int] = []
    for start in range(0, len(new), _CHUNK):
        chunk = new[start : start + _CHUNK]
        ids += people.enrol_all(by=by, new=[each.person for each in chunk], at=at)
        progress(len(chunk))
    _join_teams(ids, new, at)
    _join_households(ids, new, at)
    return checked.report


def import_units(*, by: Person | None, sheet: Sheet, at: datetime, progress: Progress = lambda count: None) -> Report:
    """Add every unit in a table that is not there yet; raises ImportRefused as `import_persons` does."""
    checked = checks.check_units(by=by, sheet=sheet)
    _refuse_unclean(checked)
    for new in checked.new:
        unit = organisation.add_unit(by=by, name=new.name, kind=new.place.kind, parent_id=new.parent.unit_id, at=at)
        new.place.unit_id = unit.id  # The units below it, which come later, hang under it.
        progress(1)
    return checked.report


def _refuse_unclean(checked: Checked[New]) -> None:
    if not checked.report.is_clean:
        raise ImportRefused(refused=checked.report.counts["refused"])


def _join_teams(ids: Sequence[int], new: Sequence[NewMember], at: datetime) -> None:
    rows = [
        {"person_id": person_id, "unit_id": team_id, "kind": "team", "since_at": at}
        for person_id, each in zip(ids, new, strict=True)
        for team_id in dict.fromkeys(each.team_ids)
    ]
    if rows:
        db.session.execute(insert(Membership), rows)


def _join_households(ids: Sequence[int], new: Sequence[NewMember], at: datetime) -> None:
    """Let everybody live with who has the phone they name; a household that is there takes them in."""
    phones = {each.household_phone for each in new if each.household_phone}
    owners = _ids_by_phone(sorted(phones))
    pairs = [(person_id, owners[each.household_phone]) for person_id, each in zip(ids, new, strict=True) if each.household_phone]
    there = _households_of(sorted(owners.values()))
    rows = []
    for group in rules.groups(pairs):
        household_id = next((there[each] for each in group if each in there), None) or _new_household(at)
        rows += [
            {"household_id": household_id, "person_id": each, "joined_at": at} for each in group if each not in there
        ]  # fmt: skip
    if rows:
        db.session.execute(insert(HouseholdMember), rows)


def _new_household(at: datetime) -> int:
    household = Household(key=random_key(), formed_at=at)
    db.session.add(household)
    db.session.flush()  # Its members need the id.
    return household.id


def _ids_by_phone(phones: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(phones), _CHUNK):
        rows = db.session.execute(select(Person.phone, Person.id).where(Person.phone.in_(phones[start : start + _CHUNK])))
        found |= {row.phone: row.id for row in rows}
    return found


def _households_of(person_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    columns, is_open = (HouseholdMember.person_id, HouseholdMember.household_id), HouseholdMember.left_at.is_(None)
    for start in range(0, len(person_ids), _CHUNK):
        chunk = HouseholdMember.person_id.in_(person_ids[start : start + _CHUNK])
        found |= {row.person_id: row.household_id for row in db.session.execute(select(*columns).where(chunk, is_open))}
    return found
