"""What is known of a person, cleaned and checked, as it goes into the table; used when somebody is enrolled or edited."""

import hmac
from datetime import date

from flask import current_app

from bank.errors import Invalid
from bank.people import rules
from bank.people.models import Person
from bank.people.names import sort_name
from bank.people.rules import Facts, NewPerson

# Whose change is recorded; what is derived from them (name_sort, id_hash) is not.
RECORDED = (
    "name", "phone", "contact", "sex", "born_on", "area", "skills", "service_kinds", "is_volunteer", "is_in_service",
)  # fmt: skip


def columns(facts: Facts, *, on: date) -> dict[str, object]:
    """The columns of a person, all of them whether known or not; `on` is the day of today.

    Raises BadName, BadPhone, BadNote, BadBirthDate, BadIdNumber, IdNumberDiffers.
    """
    rules.check_birth_date(facts.born_on, on=on)
    name = rules.clean_name(facts.name)
    return {
        "name": name,
        "name_sort": sort_name(name),
        "phone": rules.clean_phone(facts.phone) if facts.phone else None,
        "contact": rules.clean_note(facts.contact, length_max=100),
        "sex": facts.sex,
        "born_on": facts.born_on,
        "area": rules.clean_note(facts.area, length_max=100),
        "skills": rules.clean_note(facts.skills, length_max=200),
        "service_kinds": rules.clean_note(facts.service_kinds, length_max=200),
        "is_volunteer": facts.is_volunteer or facts.is_in_service,
        "is_in_service": facts.is_in_service,
        "id_hash": _id_hash(facts),
    }


def of_new(new: NewPerson, *, number: int, on: date) -> dict[str, object]:
    """The columns of a person to be enrolled, where `number` says which of many. Raises what `columns` raises, and
    ContactMissing, GuardianNeeded for a child under 14 and BadGuardian, each with `row`.
    """
    try:
        row = columns(new, on=on)
        if new.guardian is None and rules.is_child(new.born_on, on=on):
            raise rules.GuardianNeeded()
        if new.guardian is None and not (row["phone"] or row["contact"]):
            raise rules.ContactMissing()
        if new.guardian is not None:
            check_guardian(new.guardian, phone=row["phone"])
    except Invalid as refusal:
        raise type(refusal)(row=number) from None
    return row | {"unit_id": new.unit_id, "home_unit_id": new.home_unit_id, "host_unit_id": new.host_unit_id}


def check_guardian(guardian: rules.NewGuardian, *, phone: object) -> tuple[str, str]:
    """The name and phone of somebody who answers for a minor with this phone. Raises BadGuardian."""
    try:
        name, phone_of_guardian = rules.clean_name(guardian.name), rules.clean_phone(guardian.phone)
    except Invalid:
        raise rules.BadGuardian() from None
    if phone_of_guardian == phone or guardian.relation not in rules.RELATIONS:
        raise rules.BadGuardian()
    return name, phone_of_guardian


def recorded(person: Person) -> dict[str, object]:
    """What the record of changes compares before and after."""
    return {name: getattr(person, name) for name in RECORDED} | {"id_number": bool(person.id_hash)}


def _id_hash(facts: Facts) -> str | None:
    if not facts.id_number:
        return None
    number = rules.clean_id_number(facts.id_number)
    rules.check_id_number(number, born_on=facts.born_on, sex=facts.sex)
    # A key of its own: whoever learns this one learns nothing about sessions and codes.
    key = hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), b"identity numbers", "sha256")
    return rules.id_hash(number, key=key)
