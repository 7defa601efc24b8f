"""Everything that gives, changes and withdraws marks. An action flushes and never commits; the face that calls it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bank.db import db
from bank.errors import NotAllowed
from bank.evaluations import invitations, queries, rules, staff
from bank.evaluations.models import Evaluation, EvaluationText, RatingInvitation, Withdrawal
from bank.evaluations.rules import BulkMarks, Call, Device
from bank.hours.models import ServiceRecord
from bank.hours.queries import records_of_service
from bank.people import changes
from bank.people.changes import Subject
from bank.people.models import Person


@dataclass(frozen=True)
class Given:
    """What marks given in bulk came to: how many are new, and whose records were left out because they are one's own."""

    mark_count: int
    left_out_ids: tuple[int, ...]


@dataclass(frozen=True)
class _Bulk:
    """What is the same for every record of a service that is rated at once."""

    by: Person
    marks: BulkMarks
    tails: queries.Tails
    refusals: dict[int, NotAllowed | None]
    at: datetime


def invite(*, by: Person, record_id: int, at: datetime) -> RatingInvitation:
    """A code for the recipient of one record, good for 14 days; the one before is good no longer. Raises RatingCodeUsed."""
    record = staff.record_led(by, record_id)
    _lock([record.id])
    if queries.marks_of([record.id]).get(record.id, rules.Marks()).recipient is not None:
        raise rules.RatingCodeUsed()
    return _invite([record], by=by, at=at)[0]


def invite_all(*, by: Person, service_id: int, at: datetime) -> list[RatingInvitation]:
    """Codes for the recipients of all records of a service that have no recipient's mark and no good code."""
    records = records_of_service(staff.service_led(by, service_id).id)
    _lock([each.id for each in records])
    given = queries.marks_of([each.id for each in records])
    live = invitations.good([each.id for each in records], at=at)
    wanting = [each for each in records if given.get(each.id, rules.Marks()).recipient is None and each.id not in live]
    return _invite(wanting, by=by, at=at)


def rate_by_code(*, code: str, mark: int, device: Device, by: Person | None, at: datetime) -> Evaluation:
    """Give the recipient's mark with a code, once; `by` is whoever happens to be signed in on the device.

    Raises BadMark, RatingCodeUnknown, RatingCodeTooOld, RatingCodeUsed, NotYourOwnRating, OneSideOnly.
    """
    rules.check_mark(mark)
    invitation = invitations.invitation(code)
    _lock([invitation.service_record_id])
    invitations.check(invitation, at=at)
    invitations.check_device(invitation.record, device, by)
    tail = queries.tails([invitation.service_record_id]).get((invitation.service_record_id, "recipient"))
    if tail is not None and tail.mark is not None:
        raise rules.RatingCodeUsed()  # The recipient was called in the meantime.
    return _write(
        invitation.record, "recipient", mark, tail=tail, way="code", at=at,
        given_by_id=by.id if by else None, invitation_id=invitation.id, device=device.key,
    )  # fmt: skip


def comment_by_code(*, code: str, text: str, at: datetime) -> EvaluationText:
    """Add words to the mark that was just given with this code; somebody reads them before they are shown.

    Raises BadComment, RatingCodeUnknown, CommentTooLate.
    """
    invitation = invitations.invitation(code)
    _lock([invitation.service_record_id])
    given = invitations.given_with(invitation)
    if given is None or not invitations.may_comment(given, at=at):
        raise rules.CommentTooLate()
    return _say(given, "comment", text, at=at)


def rate_service(*, by: Person, service_id: int, marks: BulkMarks, at: datetime) -> Given:
    """Give the marks that a leader gives, for everybody in a service: the defaults where there is none yet, and the exceptions.

    Own records, those of the household, and those where `by` spoke for the recipient are left out of the defaults.
    Raises BadMark, ServiceRecordNotFound, NotYourOwnRating, OneSideOnly, MarkIsFinal, MarkOfAnother.
    """
    records = records_of_service(staff.service_led(by, service_id).id)
    rules.check_bulk(marks, {each.id for each in records})
    _lock([each.id for each in records])
    tails = queries.tails([each.id for each in records])
    refusals = staff.refusals(by, records, role="leader", tails=tails)
    bulk = _Bulk(by, marks, tails, refusals, at)
    given = [_rate(each, role, bulk) for each in records for role in rules.STAFF_ROLES]
    return Given(sum(given), tuple(each for each, refusal in refusals.items() if refusal is not None))


def record_call(*, by: Person, record_id: int, call: Call, at: datetime) -> Evaluation:
    """Record the mark that a recipient gave on the phone, and who was called.

    Raises BadMark, BadComment, ServiceRecordNotFound, NotYourOwnRating, OneSideOnly, MarkIsFinal, MarkOfAnother.
    """
    rules.check_mark(call.mark)
    record = staff.record_staffed(by, record_id)
    _lock([record.id])
    tails = queries.tails([record.id])
    refusal = staff.refusals(by, [record], role="recipient", tails=tails)[record.id]
    if refusal is not None:
        raise refusal
    tail = tails.get((record.id, "recipient"))
    if tail is not None and tail.mark is not None:
        rules.check_change(is_posted=record.entry_id is not None, is_own=tail.way == "call_back" and tail.given_by_id == by.id)
    given = _write(record, "recipient", call.mark, tail=tail, way="call_back", at=at, given_by_id=by.id)
    _say(given, "called", call.called, at=at)
    if call.comment:
        _say(given, "comment", call.comment, at=at)
    return given


def ask_withdrawal(*, by: Person, evaluation_id: int, reason: str, at: datetime) -> Withdrawal:
    """Ask for a mark to be taken back; it counts until a second person agrees.

    Raises BadWithdrawalReason, EvaluationNotFound, NotYourOwnRating, MarkNotInForce, WithdrawalAsked.
    """
    if reason not in rules.WITHDRAWAL_REASONS:
        raise rules.BadWithdrawalReason()
    evaluation = _in_force(by, evaluation_id)
    if staff.open_withdrawal(evaluation.id) is not None:
        raise rules.WithdrawalAsked()
    asked = Withdrawal(evaluation_id=evaluation.id, reason=reason, asked_at=at, asked_by_id=by.id)
    db.session.add(asked)
    db.session.flush()  # The caller needs the id.
    return asked


def decide_withdrawal(*, by: Person, withdrawal_id: int, is_agreed: bool, at: datetime) -> Withdrawal:
    """Agree, as the second person, that a mark is taken back, or refuse it; agreed, the opposite record is written.

    Raises ServiceRecordNotFound, EvaluationNotFound, WithdrawalNeedsSecond, NotYourOwnRating, EvaluationDecided, MarkNotInForce.
    """
    asked = db.session.get(Withdrawal, withdrawal_id, with_for_update=True, populate_existing=True)
    if asked is None:
        raise rules.EvaluationNotFound()
    record = staff.record_staffed(by, asked.evaluation.service_record_id)
    if by.id in queries.circle([asked.asked_by_id]):
        raise rules.WithdrawalNeedsSecond()
    if record.person_id in queries.circle([by.id]):
        raise rules.NotYourOwnRating()
    if asked.decided_at is not None:
        raise rules.EvaluationDecided()
    if is_agreed:
        evaluation = _in_force(by, asked.evaluation_id)
        _write(
            evaluation.record, evaluation.role, None, tail=evaluation, way="withdrawal", at=at,
            given_by_id=asked.asked_by_id, approved_by_id=by.id, reason=asked.reason,
        )  # fmt: skip
    asked.decided_at, asked.decided_by_id, asked.is_agreed = at, by.id, is_agreed
    db.session.flush()
    return asked


def moderate(*, by: Person, evaluation_id: int, is_shown: bool, at: datetime) -> EvaluationText:
    """Let a comment be seen, or refuse it; both are recorded.

    Raises ServiceRecordNotFound, EvaluationNotFound, NotYourOwnRating, EvaluationDecided.
    """
    found = db.session.get(EvaluationText, (evaluation_id, "comment"), with_for_update=True, populate_existing=True)
    if found is None:
        raise rules.EvaluationNotFound()
    record = staff.record_staffed(by, found.evaluation.service_record_id)
    if record.person_id in queries.circle([by.id]):
        raise rules.NotYourOwnRating()
    if found.state != "pending":
        raise rules.EvaluationDecided()
    found.state, found.decided_at, found.decided_by_id = "shown" if is_shown else "refused", at, by.id
    about = Subject("comment", str(evaluation_id), record.service.unit_id)
    changes.record(by=by, subject=about, what="moderate", before={"state": "pending"}, after={"state": found.state}, at=at)
    return found


def erase_texts(*, person_id: int) -> int:
    """Erase all words beside marks that a person gave or received, for somebody who leaves; the marks stay. Answers how many."""
    texts = list(db.session.scalars(queries.texts_about(person_id)))
    for each in texts:
        each.text, each.state = None, "erased"
    db.session.flush()
    return len(texts)


def _lock(record_ids: Sequence[int]) -> None:
    """Keep others from rating these records until the end, in order of id, so that two never wait for each other."""
    wanted = select(ServiceRecord.id).where(ServiceRecord.id.in_(record_ids)).order_by(ServiceRecord.id)
    db.session.execute(wanted.with_for_update(key_share=True)).all()


def _invite(records: Sequence[ServiceRecord], *, by: Person, at: datetime) -> list[RatingInvitation]:
    ids = [each.id for each in records]
    for old in db.session.scalars(
        select(RatingInvitation).where(RatingInvitation.service_record_id.in_(ids), RatingInvitation.revoked_at.is_(None))
    ):
        old.revoked_at = at
    db.session.flush()  # Only one may be live at a time.
    new = [
        RatingInvitation(record=each, issued_at=at, issued_by_id=by.id, expires_at=at + rules.CODE_GOOD_FOR) for each in records
    ]  # fmt: skip
    db.session.add_all(new)
    db.session.flush()  # A code is made from the id.
    return new


def _rate(record: ServiceRecord, role: str, bulk: _Bulk) -> bool:
    """Give one of the leader's marks; answers whether it is new."""
    mark, is_exception = bulk.marks.of(record.id, role)
    tail, refusal = bulk.tails.get((record.id, role)), bulk.refusals[record.id]
    standing = tail.mark if tail is not None else None
    if mark is None or (not is_exception and (standing is not None or refusal is not None)):
        return False
    if refusal is not None:
        raise refusal
    if standing == mark:
        return False
    if tail is not None and standing is not None:
        rules.check_change(is_posted=record.entry_id is not None, is_own=tail.given_by_id == bulk.by.id)
    _write(record, role, mark, tail=tail, way="signed_in", at=bulk.at, given_by_id=bulk.by.id)
    return True


def _write(
    record: ServiceRecord, role: str, mark: int | None, *, tail: Evaluation | None, way: str, at: datetime, **others: object
) -> Evaluation:
    """Write the row that counts from now on, behind the one that counted so far."""
    row = Evaluation(
        service_record_id=record.id, role=role, mark=mark, way=way, given_at=at,
        supersedes_id=tail.id if tail is not None else None, **others,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()  # Words beside it need its id, and the database has the last word on the chain.
    return row


def _say(evaluation: Evaluation, kind: str, text: str, *, at: datetime) -> EvaluationText:
    state = "pending" if kind == "comment" else "kept"
    said = EvaluationText(evaluation_id=evaluation.id, kind=kind, text=rules.clean_text(text), state=state, written_at=at)
    db.session.add(said)
    db.session.flush()
    return said


def _in_force(by: Person, evaluation_id: int) -> Evaluation:
    """A mark that counts, locked, of a record that `by` may decide about."""
    evaluation = staff.evaluation_led(by, evaluation_id)
    _lock([evaluation.service_record_id])
    if evaluation.record.person_id in queries.circle([by.id]):
        raise rules.NotYourOwnRating()
    tail = queries.tails([evaluation.service_record_id]).get((evaluation.service_record_id, evaluation.role))
    if tail is None or tail.id != evaluation.id or tail.mark is None:
        raise rules.MarkNotInForce()
    return evaluation
