"""What a recipient's code opens, and whom it is kept from; nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bank.db import db
from bank.evaluations import code as codes
from bank.evaluations import queries, rules
from bank.evaluations.models import Evaluation, EvaluationText, RatingInvitation
from bank.evaluations.rules import Device
from bank.hours.models import ServiceRecord
from bank.people.models import Person
from bank.people.rules import mask_name


@dataclass(frozen=True)
class Invited:
    """What stands on a recipient's page, and nothing more: who served, masked, what and when, and what was given."""

    name: str
    service: str
    served_on: date
    mark: int | None
    may_comment: bool


def code_of(invitation: RatingInvitation) -> str:
    """The code of an invitation, to be put into a link or on paper."""
    return codes.write(invitation, secret=_secret())


def invitation(code: str) -> RatingInvitation:
    """The invitation of a code, however old. Raises RatingCodeUnknown."""
    number = codes.number(code)
    wanted = select(RatingInvitation).where(RatingInvitation.id == number).options(joinedload(RatingInvitation.record))
    found = db.session.scalar(wanted) if number is not None else None
    if found is None or not codes.is_of(code, found, secret=_secret()):
        raise rules.RatingCodeUnknown()
    return found


def invited(code: str, *, at: datetime) -> Invited:
    """What a code opens, until it is too old or another takes its place. Raises RatingCodeUnknown, RatingCodeTooOld."""
    found = invitation(code)
    given = given_with(found)
    if given is None:
        check(found, at=at)
    elif found.revoked_at is not None or at >= found.expires_at:
        raise rules.RatingCodeUnknown()
    record = found.record
    return Invited(
        name=mask_name(record.person.name),
        service=record.service.name,
        served_on=record.service.served_on,
        mark=given.mark if given is not None else None,
        may_comment=given is not None and may_comment(given, at=at),
    )


def check(invitation: RatingInvitation, *, at: datetime) -> None:
    """Refuse a code that has given its mark, was replaced or is too old: RatingCodeUsed, RatingCodeUnknown, RatingCodeTooOld."""
    rules.check_code(
        is_used=given_with(invitation) is not None, is_revoked=invitation.revoked_at is not None,
        expires_at=invitation.expires_at, at=at,
    )  # fmt: skip


def check_device(record: ServiceRecord, device: Device, by: Person | None) -> None:
    """Refuse browsers of whom the record is about and their household (NotYourOwnRating), and of its leader (OneSideOnly)."""
    known_ids = device.person_ids | ({by.id} if by is not None else set())
    if record.person_id in queries.circle(known_ids):
        raise rules.NotYourOwnRating()
    if known_ids & {record.service.leader_id, *(each.given_by_id for each in queries.leader_rows(record.id))}:
        raise rules.OneSideOnly()


def given_with(invitation: RatingInvitation) -> Evaluation | None:
    """The mark that a code has given."""
    return db.session.scalar(select(Evaluation).where(Evaluation.invitation_id == invitation.id))


def may_comment(given: Evaluation, *, at: datetime) -> bool:
    """Whether words may still be added to a mark: within an hour, once."""
    is_late = at > given.given_at + rules.COMMENT_WITHIN
    return not is_late and db.session.get(EvaluationText, (given.id, "comment")) is None


def good(record_ids: Sequence[int], *, at: datetime) -> dict[int, RatingInvitation]:
    """The codes of these records that can give a mark now, by record."""
    is_good = RatingInvitation.revoked_at.is_(None) & (RatingInvitation.expires_at > at)
    unused = ~select(Evaluation.id).where(Evaluation.invitation_id == RatingInvitation.id).exists()
    found = db.session.scalars(
        select(RatingInvitation).where(RatingInvitation.service_record_id.in_(record_ids), is_good, unused)
    )
    return {each.service_record_id: each for each in found}


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
