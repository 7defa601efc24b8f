"""What can be asked about consents; nothing here changes anything."""

from sqlalchemy import Select, func, select

from bank.consents.models import Consent
from bank.db import db


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
