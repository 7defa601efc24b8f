"""Everything that changes consents. `by=None` is the operator at the machine."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from bank import clock
from bank.consents import queries, rules
from bank.consents.models import PURPOSES, Consent
from bank.db import db
from bank.people import changes
from bank.people import queries as people
from bank.people.actions import administered
from bank.people.models import Person
from bank.people.rules import OnlyForYourself


def decide_consent(*, by: Person | None, person_id: int, purpose: str, is_given: bool, at: datetime) -> Consent:
    """Write down that a person gives or withdraws consent for a purpose; only for oneself.

    Raises OnlyForYourself, BadPurpose, and GuardianDecides when a child under 14 gives it.
    """
    decide_consents(by=by, person_ids=[person_id], purpose=purpose, is_given=is_given, at=at)
    return queries.consents(person_id)[purpose]


def decide_consents(
    *,
    by: Person | None,
    person_ids: Sequence[int],
    purpose: str,
    is_given: bool,
    at: datetime,
) -> None:
    """The same decision of many persons at once, as an import brings it; a row each, none changed or removed."""
    if by is not None and set(person_ids) - {by.id}:
        raise OnlyForYourself()
    if by is not None:
        rules.check_own(purpose, is_given=is_given, born_on=by.born_on, on=clock.local_day(at))
    if purpose not in PURPOSES:
        raise rules.BadPurpose(purpose=purpose)
    same = {
        "purpose": purpose,
        "is_given": is_given,
        "text_version": rules.TEXT_VERSIONS[purpose],
        "decided_at": at,
        "manner": "tap" if by is not None else "import",
    }
    if person_ids:
        db.session.execute(insert(Consent), [{"person_id": each, **same} for each in person_ids])


def record_paper(*, by: Person | None, person_id: int, purpose: str, is_given: bool, at: datetime) -> Consent:
    """Write down at the desk what a person, or a minor's guardian, has decided on paper; the paper is kept by the unit.

    Raises PersonNotFound, RoleMissing unless `by` is admin of the unit, PersonClosed, OnlyForYourself for one's own
    (there is the tap), BadPurpose, NoGuardian when a child under 14 has none.
    """
    person = administered(by, person_id)
    if by is not None and by.id == person.id:
        raise OnlyForYourself()
    is_by_guardian = rules.is_for_guardian(purpose, born_on=person.born_on, on=clock.local_day(at))
    if is_by_guardian and is_given and people.guardian(person.id) is None:
        raise rules.NoGuardian()
    consent = Consent(
        person_id=person.id,
        purpose=purpose,
        is_given=is_given,
        text_version=rules.TEXT_VERSIONS[purpose],
        decided_at=at,
        manner="paper",
        is_by_guardian=is_by_guardian,
        recorded_by_id=by.id if by else None,
    )
    db.session.add(consent)
    after = {"purpose": purpose, "is_given": is_given, "is_by_guardian": is_by_guardian}
    changes.record(by=by, subject=changes.of_person(person), what="consent_on_paper", before={}, after=after, at=at)
    return consent
