"""What leaders, organizers and admins see of marks, and whether they may give one; nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from bank.db import db
from bank.errors import NotAllowed
from bank.evaluations import invitations, queries, rules
from bank.evaluations.models import Evaluation, EvaluationText, RatingInvitation, Withdrawal
from bank.evaluations.rules import Marks
from bank.hours.models import Service, ServiceRecord
from bank.hours.queries import records_of_service
from bank.people.models import Person
from bank.people.queries import has_role, units

STAFF = ("organizer", "admin")
WAITING_FOR = timedelta(days=60)  # Older services are found by their own page; nobody is reminded of them for ever.
PENDING_MAX = 100


@dataclass(frozen=True)
class Line:
    """One person of a service on its leader's page; the recipient's mark is there once marks may be seen."""

    record: ServiceRecord
    marks: Marks
    is_open: bool
    has_recipient: bool
    refusal: NotAllowed | None
    invitation: RatingInvitation | None


@dataclass(frozen=True)
class Row:
    """One row of a record's history; the mark of a hidden one is not to be shown."""

    row: Evaluation
    is_hidden: bool
    withdrawal: Withdrawal | None
    may_withdraw: bool


def is_staff(by: Person, unit_id: int) -> bool:
    """Whether `by` is organizer or admin of a unit."""
    return any(has_role(by, role, unit_id) for role in STAFF)


def service_led(by: Person, service_id: int) -> Service:
    """A service that `by` led, or organizes or administers. Raises ServiceRecordNotFound."""
    found = db.session.get(Service, service_id)
    if found is None or not _may_lead(by, found):
        raise rules.ServiceRecordNotFound()
    return found


def record_led(by: Person, record_id: int) -> ServiceRecord:
    """A record of a service that `by` led, or organizes or administers. Raises ServiceRecordNotFound."""
    found = db.session.get(ServiceRecord, record_id)
    if found is None or not _may_lead(by, found.service):
        raise rules.ServiceRecordNotFound()
    return found


def record_staffed(by: Person, record_id: int) -> ServiceRecord:
    """A record of a service that `by` organizes or administers; having led it is not enough. Raises ServiceRecordNotFound."""
    found = db.session.get(ServiceRecord, record_id)
    if found is None or not is_staff(by, found.service.unit_id):
        raise rules.ServiceRecordNotFound()
    return found


def evaluation_led(by: Person, evaluation_id: int) -> Evaluation:
    """A mark of a record that `by` may see as its leader, organizer or admin. Raises EvaluationNotFound."""
    found = db.session.get(Evaluation, evaluation_id)
    if found is None or not _may_lead(by, found.record.service):
        raise rules.EvaluationNotFound()
    return found


def refusals(by: Person, records: Sequence[ServiceRecord], *, role: str, tails: queries.Tails) -> dict[int, NotAllowed | None]:
    """Why `by` may not give these records a mark in this role, or None, by record.

    It is their own or their household's (NotYourOwnRating), or they spoke for the other side (OneSideOnly).
    """
    own_ids = queries.circle([by.id])
    others = ("recipient",) if role in rules.STAFF_ROLES else rules.STAFF_ROLES
    return {each.id: _refusal(by, each, own_ids, [tails.get((each.id, other)) for other in others]) for each in records}


def lines(by: Person, service_id: int, *, at: datetime) -> list[Line]:
    """Everybody in a service, in order of names, with the marks that the leader may see. Raises ServiceRecordNotFound."""
    records = records_of_service(service_led(by, service_id).id)
    ids = [each.id for each in records]
    tails, codes = queries.tails(ids), invitations.good(ids, at=at)
    why = refusals(by, records, role="leader", tails=tails)
    return [_line(each, queries.from_tails(each.id, tails), why[each.id], codes.get(each.id), at) for each in records]


def services(by: Person, *, today: date, is_waiting: bool) -> Select[Service]:
    """Services that `by` led or organizes; `is_waiting` keeps the last 60 days' that lack a leader's mark.

    To be read from the newest `served_on` and `id` down.
    """
    unit_ids = {each.id for role in STAFF for each in units(by=by, role=role)}
    wanted = (
        select(Service).options(joinedload(Service.unit)).where(or_(Service.leader_id == by.id, Service.unit_id.in_(unit_ids)))
    )
    if not is_waiting:
        return wanted
    lacks_mark = select(ServiceRecord.id).where(ServiceRecord.service_id == Service.id, ~_has("leader")).exists()
    return wanted.where(Service.served_on >= today - WAITING_FOR, lacks_mark)


def waiting_count(by: Person, *, today: date) -> int:
    """How many of the last 60 days' services lack a leader's mark."""
    ids = services(by, today=today, is_waiting=True).with_only_columns(Service.id).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def history(by: Person, line: Line) -> list[Row]:
    """All rows about a record, in the order they were written, withdrawals included."""
    wanted = select(Evaluation).options(joinedload(Evaluation.given_by), joinedload(Evaluation.approved_by))
    rows = db.session.scalars(wanted.where(Evaluation.service_record_id == line.record.id).order_by(Evaluation.id)).all()
    last_ids, is_own = {each.supersedes_id for each in rows}, isinstance(line.refusal, rules.NotYourOwnRating)
    return [
        Row(
            each,
            is_hidden=each.role == "recipient" and not line.is_open and each.given_by_id != by.id,
            withdrawal=open_withdrawal(each.id),
            may_withdraw=each.id not in last_ids and each.mark is not None and not is_own,
        )
        for each in rows
    ]


def texts(evaluation_ids: Sequence[int]) -> dict[int, list[EvaluationText]]:
    """The words beside these marks, by mark."""
    said: dict[int, list[EvaluationText]] = {}
    for each in db.session.scalars(select(EvaluationText).where(EvaluationText.evaluation_id.in_(evaluation_ids))):
        said.setdefault(each.evaluation_id, []).append(each)
    return said


def open_withdrawal(evaluation_id: int) -> Withdrawal | None:
    """The withdrawal of a mark that waits for a second person."""
    waits = Withdrawal.decided_at.is_(None)
    return db.session.scalar(select(Withdrawal).where(Withdrawal.evaluation_id == evaluation_id, waits))


def open_withdrawals(by: Person) -> list[Withdrawal]:
    """What waits for a second person where `by` is organizer or admin, the oldest first."""
    wanted = select(Withdrawal).join(Withdrawal.evaluation).where(Withdrawal.decided_at.is_(None), _in_sight(by))
    return list(db.session.scalars(wanted.order_by(Withdrawal.asked_at, Withdrawal.id).limit(PENDING_MAX)))


def comments(by: Person, *, state: str) -> list[EvaluationText]:
    """Comments in a state where `by` is organizer or admin, but not those about themselves or their household, oldest first."""
    wanted = select(EvaluationText).join(EvaluationText.evaluation).where(EvaluationText.kind == "comment", _in_sight(by))
    found = db.session.scalars(wanted.where(EvaluationText.state == state).order_by(EvaluationText.written_at).limit(PENDING_MAX))
    own_ids = queries.circle([by.id])
    return [each for each in found if each.evaluation.record.person_id not in own_ids]


def _line(record: ServiceRecord, given: Marks, why: NotAllowed | None, code: RatingInvitation | None, at: datetime) -> Line:
    is_open = rules.is_open(given, confirmed_at=record.confirmed_at, at=at)
    shown = given if is_open else Marks(None, given.leader, given.completion)
    return Line(record, shown, is_open, given.recipient is not None, why, code)


def _refusal(by: Person, record: ServiceRecord, own_ids: set[int], others: Sequence[Evaluation | None]) -> NotAllowed | None:
    if record.person_id in own_ids:
        return rules.NotYourOwnRating()
    if any(each is not None and each.mark is not None and each.given_by_id == by.id for each in others):
        return rules.OneSideOnly()
    return None


def _may_lead(by: Person, service: Service) -> bool:
    return service.leader_id == by.id or is_staff(by, service.unit_id)


def _in_sight(by: Person) -> ColumnElement[bool]:
    """Whether a row of `Evaluation` is about a service of a unit where `by` is organizer or admin."""
    unit_ids = {each.id for role in STAFF for each in units(by=by, role=role)}
    about = select(ServiceRecord.id).join(Service, Service.id == ServiceRecord.service_id).where(Service.unit_id.in_(unit_ids))
    return Evaluation.service_record_id.in_(about)


def _has(role: str) -> ColumnElement[bool]:
    mine = and_(Evaluation.service_record_id == ServiceRecord.id, Evaluation.role == role)
    return select(Evaluation.id).where(mine, queries.counts()).exists()
