"""What a table would add: every row is looked at, and nothing changes. Also the same tables, written from what is there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy import select

from bank.db import db
from bank.documents.records import Column, Language, Outcome, Problem, Record, Report, Sheet, Verdict
from bank.documents.tables import Value
from bank.enrolment import columns, rules
from bank.enrolment.places import Place, Places, text_of
from bank.errors import BankError
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import NewPerson, check_birth_date, clean_name, clean_phone
from bank.units.queries import home_units
from bank.units.rules import MEMBER_KINDS, PARENT_KINDS, BadUnit, UnitNameTaken, clean_unit_name

New = TypeVar("New")
T = TypeVar("T")

PERSON = {each.name: each for each in columns.PERSONS}
UNIT = {each.name: each for each in columns.UNITS}
LABEL_MAX = 50
_EXPORTED = (Person.name, Person.phone, Person.unit_id, Person.born_on, Person.is_in_service, Person.home_unit_id)
_CHUNK = 5000  # Values of one IN list, well below what SQLite takes.


@dataclass(frozen=True)
class Checked(Generic[New]):
    """The report on a table, and what it would add, in the table's order."""

    report: Report
    new: list[New]


@dataclass(frozen=True)
class NewUnit:
    """A unit that a row adds: the place it will have, below one that is there by then."""

    row: int
    name: str
    place: Place
    parent: Place


class _Reading:
    """The values of one record, each read as its column means it; collects what is wrong instead of stopping there."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.problems: list[Problem] = []

    def take(self, column: Column, read: Callable[[str], T]) -> T | None:
        """The value of a column, or None when it is refused."""
        text = self.record.values[column.name]
        try:
            if column.is_required and not text:
                raise rules.ValueMissing()
            return read(text)
        except BankError as refusal:
            self.problems.append(Problem(column, refusal.code, refusal.details))
            return None

    def refuse(self, column: Column, refusal: BankError) -> None:
        """Note what is wrong with a value beside others."""
        self.problems.append(Problem(column, refusal.code, refusal.details))


def check_persons(*, by: Person | None, sheet: Sheet, on: date, is_namesake_welcome: bool = False) -> Checked[NewPerson]:
    """What a table of persons would add on the day `on`: who has a known phone and the same name is there already.

    Somebody of the same name in the same unit with another phone is refused unless namesakes are welcome.
    """
    places, homes = _places(_own_ids(by)), _places({each.id for each in home_units()})
    read = [(each, _person(each, places, homes, on)) for each in map(_Reading, sheet.records)]
    found = [person for _, person in read if person]
    names = _names_by_phone([each.phone for each in found])
    namesakes = set() if is_namesake_welcome else _namesakes({each.name for each in found})
    verdicts, new = [], []
    for reading, person in read:
        is_new = person is not None and person.phone not in names
        if person and names.get(person.phone, person.name) != person.name:
            reading.refuse(PERSON["phone"], rules.PhoneOfAnother())
        elif person and is_new and (person.name, person.unit_id) in namesakes:
            reading.refuse(PERSON["name"], rules.SameNameInUnit())
        elif person and is_new:
            new.append(person)
            names[person.phone] = person.name
            namesakes |= set() if is_namesake_welcome else {(person.name, person.unit_id)}
        verdicts.append(_verdict(reading, is_new=is_new))
    return Checked(Report(sheet.language, verdicts, sheet.ignored), new)


def check_units(*, by: Person | None, sheet: Sheet) -> Checked[NewUnit]:
    """What a table of units would add; a row may stand above that of the unit it hangs under."""
    places = _places(_own_ids(by))
    readings = [_Reading(each) for each in sheet.records]
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
    verdicts = [_verdict(each, is_new=each.record.row in rows) for each in readings]
    return Checked(Report(sheet.language, verdicts, sheet.ignored), new)


def persons_table(*, by: Person | None, language: Language) -> Iterator[Sequence[Value]]:
    """The members in units where `by` is admin, as rows under the columns of PERSONS, in order of names."""
    own_ids = _own_ids(by)
    places = _places(own_ids).by_id
    for each in db.session.execute(select(*_EXPORTED).order_by(Person.name_sort, Person.card_number)):
        if each.unit_id in own_ids:
            yield (
                each.name,
                each.phone,
                text_of(places[each.unit_id].path),
                each.born_on.isoformat() if each.born_on else "",
                columns.word("yes" if each.is_in_service else "no", columns.YES_NO, language),
                text_of(places[each.home_unit_id].path) if each.home_unit_id else "",
            )


def units_table(*, by: Person | None, language: Language) -> Iterator[Sequence[Value]]:
    """The units where `by` is admin but the bank itself, as rows under the columns of UNITS, each after the one above it."""
    own_ids = _own_ids(by)
    for place in _places(own_ids).by_id.values():
        if place.path and place.unit_id in own_ids:
            yield place.path[-1], columns.word(place.kind, columns.UNIT_KINDS, language), text_of(place.path[:-1])


def examples(of: Sequence[Column], language: Language) -> list[Sequence[Value]]:
    """The one row of a template that shows how a row is written."""
    return [[each.example[0 if language == "zh" else 1] for each in of]]


def _own_ids(by: Person | None) -> set[int]:
    return {each.id for each in people.units(by=by, role="admin")}


def _places(own_ids: set[int]) -> Places:
    # Whoever writes down a path begins it where he likes, also above the own units.
    return Places(people.units(by=None), own_ids)


def _person(reading: _Reading, places: Places, homes: Places, on: date) -> NewPerson | None:
    name = reading.take(PERSON["name"], clean_name)
    phone = reading.take(PERSON["phone"], clean_phone)
    unit = reading.take(PERSON["unit"], lambda text: _member_unit(places.find(text)))
    born_on = reading.take(PERSON["born_on"], lambda text: _born(text, on))
    in_service = reading.take(PERSON["is_in_service"], lambda text: _choice(text or "no", columns.YES_NO))
    home = reading.take(PERSON["home_unit"], lambda text: homes.find(text) if text else None)
    if reading.problems or name is None or phone is None or unit is None:
        return None
    return NewPerson(
        name=name,
        phone=phone,
        unit_id=unit,
        born_on=born_on,
        is_in_service=in_service == "yes",
        home_unit_id=home.unit_id if home else None,
    )


def _unit(reading: _Reading, places: Places) -> NewUnit | None:
    name = reading.take(UNIT["name"], clean_unit_name)
    kind = reading.take(UNIT["kind"], lambda text: _choice(text, columns.UNIT_KINDS))
    parent = reading.take(UNIT["parent"], places.find)
    if name is None or kind is None or parent is None:
        return None
    there = places.child(parent, name)
    if there is not None:
        if there.kind != kind:
            reading.refuse(UNIT["name"], UnitNameTaken())
        return None
    if parent.kind not in PARENT_KINDS[kind]:
        reading.refuse(UNIT["kind"], BadUnit(kind=kind))
        return None
    return NewUnit(reading.record.row, name, places.add(name, kind, parent), parent)


def _choice(text: str, choices: columns.Choices) -> str:
    meant = columns.choice(text, choices)
    if meant is None:
        raise rules.UnknownChoice(choices=tuple(mark.join(names) for mark, names in _by_language(choices)))
    return meant


def _by_language(choices: columns.Choices) -> Iterator[tuple[str, Iterator[str]]]:
    yield "、", (zh for zh, _ in choices.values())
    yield ", ", (en for _, en in choices.values())


def _born(text: str, on: date) -> date | None:
    born_on = rules.day(text)
    check_birth_date(born_on, on=on)
    return born_on


def _member_unit(place: Place) -> int:
    if place.kind not in MEMBER_KINDS:
        raise BadUnit(kind=place.kind)
    assert place.unit_id is not None, "a table of persons adds no units"
    return place.unit_id


def _verdict(reading: _Reading, *, is_new: bool) -> Verdict:
    outcome: Outcome = "refused" if reading.problems else "new" if is_new else "there"
    return Verdict(reading.record.row, reading.record.values["name"][:LABEL_MAX], outcome, tuple(reading.problems))


def _names_by_phone(phones: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(phones), _CHUNK):
        rows = db.session.execute(select(Person.phone, Person.name).where(Person.phone.in_(phones[start : start + _CHUNK])))
        found |= {row.phone: row.name for row in rows}
    return found


def _namesakes(names: set[str]) -> set[tuple[str, int]]:
    """Which of these names stand in which unit."""
    wanted, found = sorted(names), set()
    for start in range(0, len(wanted), _CHUNK):
        rows = db.session.execute(select(Person.name, Person.unit_id).where(Person.name.in_(wanted[start : start + _CHUNK])))
        found |= {(row.name, row.unit_id) for row in rows}
    return found
