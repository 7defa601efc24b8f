"""Units and persons as the tables that can be taken in again, and the templates of these."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bank.db import db
from bank.documents.records import Column, Language
from bank.documents.tables import Value
from bank.enrolment import columns
from bank.enrolment.places import open_places, text_of
from bank.people.models import Guardian, HouseholdMember, Membership, Person

SEPARATORS = {"zh": "、", "en": ", "}


def persons_table(*, by: Person | None, language: Language) -> Iterator[Sequence[Value]]:
    """The members in units where `by` is admin, as rows under the columns of PERSONS, in order of names; not who has left."""
    places = open_places(by, "admin")
    teams, households, guardians = _teams(), _households(), _guardians()
    wanted = select(Person).where(Person.closed_at.is_(None)).order_by(Person.name_sort, Person.card_number)
    for each in db.session.scalars(wanted.execution_options(yield_per=1000)):
        if not places.is_own(each.unit_id):
            continue
        guardian_name, guardian_phone, relation = guardians.get(each.id, ("", "", None))
        yield (
            each.name,
            each.phone or "",
            places.name_of(each.unit_id),
            columns.word(each.kind, columns.PERSON_KINDS, language),
            columns.word(each.sex, columns.SEXES, language) if each.sex else "",
            each.born_on.isoformat() if each.born_on else "",
            *(note or "" for note in (each.contact, each.area, each.skills, each.service_kinds)),
            *(places.name_of(unit_id) if unit_id else "" for unit_id in (each.home_unit_id, each.host_unit_id)),
            SEPARATORS[language].join(places.name_of(unit_id) for unit_id in teams.get(each.id, [])),
            households.get(each.id, ""),
            guardian_name,
            guardian_phone,
            columns.word(relation, columns.RELATIONS, language) if relation else "",
        )


def units_table(*, by: Person | None, language: Language) -> Iterator[Sequence[Value]]:
    """The open units where `by` is admin but the bank itself, as rows under the columns of UNITS, each after the one above."""
    for place in open_places(by, "admin").own():
        if place.path:
            yield place.path[-1], columns.word(place.kind, columns.UNIT_KINDS, language), text_of(place.path[:-1])


def examples(of: Sequence[Column], language: Language) -> list[Sequence[Value]]:
    """The one row of a template that shows how a row is written."""
    return [[each.example_in(language) for each in of]]


def _teams() -> dict[int, list[int]]:
    is_open = (Membership.kind == "team", Membership.until_at.is_(None))
    teams: dict[int, list[int]] = {}
    for row in db.session.execute(select(Membership.person_id, Membership.unit_id).where(*is_open).order_by(Membership.id)):
        teams.setdefault(row.person_id, []).append(row.unit_id)
    return teams


def _households() -> dict[int, str]:
    """The phone by which a person's household is known: that of the member who was enrolled first."""
    is_open = HouseholdMember.left_at.is_(None)
    member = aliased(HouseholdMember)
    first = select(member.household_id, func.min(Person.id).label("person_id")).join(Person, Person.id == member.person_id)
    first_with_phone = first.where(member.left_at.is_(None), Person.phone.is_not(None)).group_by(member.household_id).subquery()
    rows = (
        select(HouseholdMember.person_id, Person.phone)
        .join(first_with_phone, first_with_phone.c.household_id == HouseholdMember.household_id)
        .join(Person, Person.id == first_with_phone.c.person_id)
        .where(is_open)
    )
    return {row.person_id: row.phone for row in db.session.execute(rows)}


def _guardians() -> dict[int, tuple[str, str, str]]:
    member = aliased(Person)
    name, phone = func.coalesce(member.name, Guardian.name, ""), func.coalesce(member.phone, Guardian.phone, "")
    rows = select(Guardian.person_id, name.label("name"), phone.label("phone"), Guardian.relation)
    known = rows.outerjoin(member, member.id == Guardian.guardian_id).where(Guardian.until_at.is_(None))
    return {row.person_id: (row.name, row.phone, row.relation) for row in db.session.execute(known)}
