"""What a table would add: every row is looked at, all that is wrong with it is told, and nothing changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy import select

from bank.db import db
from bank.documents.records import Column, Outcome, Problem, Record, Report, Sheet, Verdict
from bank.enrolment import columns, rules
from bank.enrolment.places import Place, Places, open_places
from bank.errors import BankError
from bank.people.models import Person
from bank.people.rules import (
    BadGuardian,
    ContactMissing,
    GuardianNeeded,
    NewGuardian,
    NewPerson,
    PersonNotFound,
    check_birth_date,
    clean_name,
    clean_note,
    clean_phone,
    is_child,
)
from bank.units.rules import MEMBER_KINDS, PARENT_KINDS, BadUnit, UnitNameTaken, clean_unit_name

New = TypeVar("New")
T = TypeVar("T")

PERSON = {each.name: each for each in columns.PERSONS}
UNIT = {each.name: each for each in columns.UNITS}
LABEL_MAX = 50
_NOTES = {"contact": 100, "area": 100, "skills": 200, "service_kinds": 200}  # With the longest text each may hold.
_CHUNK = 5000  # Values of one IN list, well below what SQLite takes.


@dataclass(frozen=True)
class Checked(Generic[New]):
    """The report on a table, and what it would add, in the order in which it can be added."""

    report: Report
    new: list[New]


@dataclass(frozen=True)
class NewUnit:
    """A unit that a row adds: the place it will have, below one that is there by then."""

    row: int
    name: str
    place: Place
    parent: Place


@dataclass(frozen=True)
class NewMember:
    """A person whom a row enrols, with the teams, and the phone of somebody who lives in the same household."""

    person: NewPerson
    team_ids: tuple[int, ...]
    household_phone: str | None


@dataclass(frozen=True)
class _Known:
    """Who is in the bank: name and unit by phone, and who bears which name in which unit."""

    by_phone: dict[str, tuple[str, int]]
    named: set[tuple[str, int]]


class _Reading:
    """The values of one record, each read as its column means it; collects what is wrong instead of stopping there."""

    def __init__(self, record: Record, columns: dict[str, Column]) -> None:
        self.record = record
        self.columns = columns
        self.problems: list[Problem] = []

    def take(self, name: str, read: Callable[[str], T]) -> T | None:
        """The value of a column; None for an empty one that is not needed, and for one that is refused."""
        text, column = self.record.values[name], self.columns[name]
        try:
            if column.is_required and not text:
                raise rules.ValueMissing()
            return read(text) if text else None
        except BankError as refusal:
            self.refuse(name, refusal)
            return None

    def refuse(self, name: str, refusal: BankError) -> None:
        """Note what is wrong with a value."""
        self.problems.append(Problem(self.columns[name], refusal.code, refusal.details))

    def verdict(self, *, is_new: bool) -> Verdict:
        """What becomes of the record now that all is known."""
        outcome: Outcome = "refused" if self.problems else "new" if is_new else "there"
        in_order = sorted(self.problems, key=lambda each: list(self.columns).index(each.column.name))
        return Verdict(self.record.row, self.record.values["name"][:LABEL_MAX], outcome, tuple(in_order))


def check_persons(*, by: Person | None, sheet: Sheet, on: date, is_namesake_welcome: bool = False) -> Checked[NewMember]:
    """What a table of persons would add on the day `on`.

    There already is who has a known phone and the same name, and without a phone who has the name of somebody in the same
    unit. With another phone than a namesake in the unit a person is refused, unless namesakes are welcome.
    """
    places = open_places(by, "admin")
    read = [(each, _member(each, places, on)) for each in (_Reading(record, PERSON) for record in sheet.records)]
    members = [member for _, member in read if member]
    known = _known(members)
    in_table = {each.person.phone for each in members}
    verdicts, new = [], []
    for reading, member in read:
        is_new = member is not None and _is_new(reading, member.person, known, is_namesake_welcome=is_namesake_welcome)
        if member is not None and is_new:
            _check_household(reading, member, known, in_table, places)
            new.append(member)
            _remember(member.person, known)
        verdicts.append(reading.verdict(is_new=is_new))
    return Checked(Report(sheet.language, verdicts, sheet.ignored), new)


def check_units(*, by: Person | None, sheet: Sheet) -> Checked[NewUnit]:
    """What a table of units would add; a row may stand above that of the unit it hangs under."""
    places = open_places(by, "admin")
    readings = [_Reading(each, UNIT) for each in sheet.records]
    new: list[NewUnit] = []
    waiting, is_moving = readings, True
    while waiting and is_moving:
        settled = [each for each in waiting if places.has(each.record.values["parent"])]
        waiting = [each for each in waiting if not places.has(each.record.values["parent"])]
        is_moving = bool(settled)
        new += [added for each in settled if (added := _unit(each, places))]
    for each in waiting:
        _unit(each, places)
    rows = {each.row for each in new}
    verdicts = [each.verdict(is_new=each.record.row in rows) for each in readings]
    return Checked(Report(sheet.language, verdicts, sheet.ignored), new)


def _member(reading: _Reading, places: Places, on: date) -> NewMember | None:
    name, phone = reading.take("name", clean_name), reading.take("phone", clean_phone)
    kind = reading.take("kind", lambda text: _choice(text, columns.PERSON_KINDS)) or "volunteer"
    born_on = reading.take("born_on", lambda text: _born(text, on))
    unit_id = reading.take("unit", lambda text: _unit_id(places.find(text), MEMBER_KINDS))
    facts = {
        "sex": reading.take("sex", lambda text: _choice(text, columns.SEXES)),
        **{note: reading.take(note, partial(clean_note, length_max=length_max)) for note, length_max in _NOTES.items()},
        "home_unit_id": reading.take("home_unit", lambda text: _unit_id(places.find_anywhere(text), ("home_unit",))),
        "host_unit_id": reading.take("host_unit", lambda text: _unit_id(places.find_anywhere(text), MEMBER_KINDS)),
    }
    guardian = _guardian(reading, phone)
    teams = reading.take("teams", lambda text: tuple(_unit_id(places.find(each), ("team",)) for each in rules.parts(text)))
    household = reading.take("household", clean_phone)
    if guardian is None and is_child(born_on, on=on):
        reading.refuse("guardian_name", GuardianNeeded())
    if guardian is None and not (reading.record.values["phone"] or facts["contact"]):
        reading.refuse("phone", ContactMissing())
    if reading.problems or name is None or unit_id is None:
        return None
    is_volunteer, is_in_service = kind != "resident", kind == "in_service"
    person = NewPerson(
        name=name, phone=phone, unit_id=unit_id, born_on=born_on, is_volunteer=is_volunteer, is_in_service=is_in_service,
        guardian=guardian, **facts,  # type: ignore[arg-type]
    )  # fmt: skip
    return NewMember(person, teams or (), household)


def _guardian(reading: _Reading, phone_of_child: str | None) -> NewGuardian | None:
    name, phone = reading.take("guardian_name", clean_name), reading.take("guardian_phone", clean_phone)
    relation = reading.take("relation", lambda text: _choice(text, columns.RELATIONS)) or "parent"
    if name is None and phone is None:
        return None
    if name is None or phone is None or phone == phone_of_child:
        reading.refuse("guardian_phone", BadGuardian())
        return None
    return NewGuardian(name=name, phone=phone, relation=relation)


def _is_new(reading: _Reading, person: NewPerson, known: _Known, *, is_namesake_welcome: bool) -> bool:
    is_named = (person.name, person.unit_id) in known.named
    if person.phone is None:
        return not is_named
    if person.phone in known.by_phone:
        if known.by_phone[person.phone][0] != person.name:
            reading.refuse("phone", rules.PhoneOfAnother())
        return False
    if is_named and not is_namesake_welcome:
        reading.refuse("name", rules.SameNameInUnit())
    return True


def _check_household(reading: _Reading, member: NewMember, known: _Known, in_table: set[str | None], places: Places) -> None:
    phone = member.household_phone
    if phone is None or phone in in_table:
        return
    if phone not in known.by_phone or not places.is_own(known.by_phone[phone][1]):
        reading.refuse("household", PersonNotFound())


def _unit(reading: _Reading, places: Places) -> NewUnit | None:
    name = reading.take("name", clean_unit_name)
    kind = reading.take("kind", lambda text: _choice(text, columns.UNIT_KINDS))
    # Without a name it hangs under the bank itself, which is a place like others.
    parent = reading.take("parent", places.find) if reading.record.values["parent"] else _bank(reading, places)
    if name is None or kind is None or parent is None:
        return None
    there = places.child(parent, name)
    if there is not None:
        if there.kind != kind:
            reading.refuse("name", UnitNameTaken())
        return None
    if parent.kind not in PARENT_KINDS[kind]:
        reading.refuse("kind", BadUnit(kind=kind))
        return None
    return NewUnit(reading.record.row, name, places.add(name, kind, parent), parent)


def _bank(reading: _Reading, places: Places) -> Place | None:
    try:
        return places.find("")
    except BankError as refusal:
        reading.refuse("parent", refusal)
        return None


def _choice(text: str, choices: columns.Choices) -> str:
    meant = columns.choice(text, choices)
    if meant is None:
        raise rules.UnknownChoice(choices=tuple(mark.join(names) for mark, names in _by_language(choices)))
    return meant


def _by_language(choices: columns.Choices) -> Iterator[tuple[str, Iterator[str]]]:
    yield "、", (zh for zh, _ in choices.values())
    yield ", ", (en for _, en in choices.values())


def _born(text: str, on: date) -> date:
    born_on = rules.day(text)
    check_birth_date(born_on, on=on)
    return born_on


def _unit_id(place: Place, kinds: Sequence[str]) -> int:
    if place.kind not in kinds:
        raise BadUnit(kind=place.kind)
    assert place.unit_id is not None, "a table of persons adds no units"
    return place.unit_id


def _known(members: Sequence[NewMember]) -> _Known:
    phones = {phone for each in members for phone in (each.person.phone, each.household_phone) if phone}
    names = {each.person.name for each in members}
    by_phone = {row.phone: (row.name, row.unit_id) for row in _persons(Person.phone.in_, phones) if row.phone}
    return _Known(by_phone, {(row.name, row.unit_id) for row in _persons(Person.name.in_, names)})


def _remember(person: NewPerson, known: _Known) -> None:
    known.named.add((person.name, person.unit_id))
    if person.phone is not None:
        known.by_phone[person.phone] = (person.name, person.unit_id)


def _persons(matching: Callable[[list[str]], object], values: set[str]) -> Iterator[Person]:
    wanted = sorted(values)
    for start in range(0, len(wanted), _CHUNK):
        columns = (Person.phone, Person.name, Person.unit_id)
        yield from db.session.execute(select(*columns).where(matching(wanted[start : start + _CHUNK])))  # type: ignore[misc, arg-type]
