"""Everything that changes consents. `by=None` is the operator at the machine."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from bank.consents import queries, rules
from bank.consents.models import PURPOSES, Consent
from bank.db import db
from bank.people.models import Person
from bank.people.rules import OnlyForYourself


def decide_consent(*, by: Person | None, person_id: int, purpose: str, is_given: bool, at: datetime) -> Consent:
    """Write down that a person gives or withdraws consent for a purpose; only for oneself. Raises OnlyForYourself, BadPurpose."""
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
    if purpose not in PURPOSES:
        raise rules.BadPurpose(purpose=purpose)
    same = {
        "purpose": purpose,
        "is_given": is_given,
        "text_version": rules.CONSENT_TEXT_VERSION,
        "decided_at": at,
    }
    if person_ids:
        db.session.execute(insert(Consent), [{"person_id": each, **same} for each in person_ids])
