"""What can be asked about consents; nothing here changes anything."""

from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import InstrumentedAttribute

from bank.consents import rules
from bank.consents.models import Consent
from bank.db import db
from bank.people.models import Person
from bank.people.rules import is_child


def has_consent(person_id: int, purpose: str) -> bool:
    """Whether a person's latest decision for a purpose gives consent to a text that is still valid."""
    decided = consents(person_id).get(purpose)
    return decided is not None and is_valid(decided)


def is_valid(decided: Consent) -> bool:
    """Whether a decision gives consent, to a text that asked for no less than the present one."""
    return decided.is_given and decided.text_version >= rules.OLDEST_VALID[decided.purpose]


def consenting(purpose: str) -> Select[int]:
    """The ids of persons whose latest decision for a purpose gives consent to a valid text, as a subquery."""
    newest_first = func.row_number().over(
        partition_by=Consent.person_id,
        order_by=(Consent.decided_at.desc(), Consent.id.desc()),
    )
    columns = (Consent.person_id, Consent.is_given, Consent.text_version, newest_first.label("place"))
    latest = select(*columns).where(Consent.purpose == purpose).subquery()
    is_valid = latest.c.is_given & (latest.c.text_version >= rules.OLDEST_VALID[purpose])
    return select(latest.c.person_id).where(latest.c.place == 1, is_valid)


def gives_consent(person_id: InstrumentedAttribute[int], purpose: str) -> ColumnElement[bool]:
    """Whether the latest decision for a purpose of the person in a row gives consent, asked row by row; for few rows."""
    decided = select(Consent.is_given & (Consent.text_version >= rules.OLDEST_VALID[purpose]))
    decided = decided.where(Consent.person_id == person_id, Consent.purpose == purpose)
    latest = decided.order_by(Consent.decided_at.desc(), Consent.id.desc()).limit(1)
    return func.coalesce(latest.scalar_subquery(), false())


def consents(person_id: int) -> dict[str, Consent]:
    """A person's latest decision for each purpose ever decided."""
    return {each.purpose: each for each in history(person_id)}


def history(person_id: int) -> list[Consent]:
    """Every decision of a person, oldest first."""
    wanted = select(Consent).where(Consent.person_id == person_id)
    return list(db.session.scalars(wanted.order_by(Consent.decided_at, Consent.id)))


def lacks_guardians_consent(person: Person, on: date) -> bool:
    """Whether a person is a child under 14 on a day for whom no guardian has agreed that it takes part."""
    return is_child(person.born_on, on=on) and not has_consent(person.id, "minor")
