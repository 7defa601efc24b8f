"""What can be asked about marks and the words beside them; nothing here changes anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from bank.db import db
from bank.evaluations import rules
from bank.evaluations.models import Evaluation, EvaluationText
from bank.evaluations.rules import Marks, Mean
from bank.hours.models import ServiceRecord
from bank.people.queries import household_of

Tails = dict[tuple[int, str], Evaluation]
CHUNK = 5000  # SQLite takes 32,766 values in one statement.


@dataclass(frozen=True)
class Received:
    """What a member sees of one of their records: marks and comments, or when they will be shown."""

    record: ServiceRecord
    marks: Marks | None
    comments: tuple[str, ...]
    opens_at: datetime


def marks() -> Select[int, int | None, int | None, int | None]:
    """Of every service record with a mark: `service_record_id`, `recipient`, `leader`, `completion`; to be joined as a subquery.

    Hidden marks are in it: they count at once, and are only shown later.
    """
    recipient, leader, completion = (
        func.max(case((Evaluation.role == role, Evaluation.mark))).label(role) for role in rules.ROLES
    )
    wanted = select(Evaluation.service_record_id, recipient, leader, completion)
    return wanted.where(counts()).group_by(Evaluation.service_record_id)


def marks_of(record_ids: Sequence[int]) -> dict[int, Marks]:
    """The marks of these service records, by record; records without any are missing."""
    chunks = (record_ids[start : start + CHUNK] for start in range(0, len(record_ids), CHUNK))
    rows = (row for chunk in chunks for row in db.session.execute(marks().where(Evaluation.service_record_id.in_(chunk))))
    return {record_id: Marks(recipient, leader, completion) for record_id, recipient, leader, completion in rows}


def counts() -> ColumnElement[bool]:
    """Whether a row of `Evaluation` is a mark that counts: no later row takes its place, and it is no withdrawal."""
    return and_(Evaluation.mark.is_not(None), _is_last())


def tails(record_ids: Sequence[int]) -> Tails:
    """The last row of every chain of these records, by record and role; it may be a withdrawal."""
    chunks = (record_ids[start : start + CHUNK] for start in range(0, len(record_ids), CHUNK))
    rows = (
        each for chunk in chunks
        for each in db.session.scalars(select(Evaluation).where(Evaluation.service_record_id.in_(chunk), _is_last()))
    )  # fmt: skip
    return {(each.service_record_id, each.role): each for each in rows}


def from_tails(record_id: int, tails: Tails) -> Marks:
    """The marks of a record that count, from the last rows of its chains."""
    rows = {role: tails.get((record_id, role)) for role in rules.ROLES}
    return Marks(**{role: row.mark if row is not None else None for role, row in rows.items()})


def leader_rows(record_id: int) -> list[Evaluation]:
    """The marks that count of a record which a leader gave, of the service or of its completion."""
    last = tails([record_id])
    return [last[record_id, role] for role in rules.STAFF_ROLES if (record_id, role) in last]


def circle(person_ids: Iterable[int]) -> set[int]:
    """These persons, with all whom they live with or answer for: whose service none of them may rate."""
    return {other for each in person_ids for other in household_of(each)}


def texts_about(person_id: int) -> Select[EvaluationText]:
    """All words beside marks that a person gave or received, unless erased already."""
    mine = select(Evaluation.id).join(Evaluation.record)
    mine = mine.where(or_(Evaluation.given_by_id == person_id, ServiceRecord.person_id == person_id))
    return select(EvaluationText).where(EvaluationText.evaluation_id.in_(mine), EvaluationText.state != "erased")


def rated_records(person_id: int) -> Select[ServiceRecord]:
    """A person's service records that have a mark, with their services, to be read from the highest `id` down."""
    has_mark = select(Evaluation.id).where(Evaluation.service_record_id == ServiceRecord.id, counts()).exists()
    wanted = select(ServiceRecord).options(joinedload(ServiceRecord.service))
    return wanted.where(ServiceRecord.person_id == person_id, has_mark)


def received(records: Sequence[ServiceRecord], *, at: datetime) -> list[Received]:
    """What the members of these records may see of their marks, in the same order."""
    given = marks_of([each.id for each in records])
    said = _comments([each.id for each in records])
    return [_received(each, given.get(each.id, Marks()), said.get(each.id, ()), at) for each in records]


def means(person_id: int, *, at: datetime) -> dict[str, Mean]:
    """The mean of a person's marks by role, with their number, over the records that are open."""
    given = marks().subquery()
    has_both = and_(given.c.recipient.is_not(None), given.c.leader.is_not(None))
    opened = or_(has_both, ServiceRecord.confirmed_at <= at - rules.HIDDEN_FOR)
    sums = [each for role in rules.ROLES for each in (func.count(given.c[role]), func.coalesce(func.sum(given.c[role]), 0))]
    mine = select(*sums).join(ServiceRecord, ServiceRecord.id == given.c.service_record_id)
    row = db.session.execute(mine.where(ServiceRecord.person_id == person_id, opened)).one()
    return {role: Mean(*map(int, row[2 * place : 2 * place + 2])) for place, role in enumerate(rules.ROLES)}


def _is_last() -> ColumnElement[bool]:
    later = aliased(Evaluation)
    return ~select(later.id).where(later.supersedes_id == Evaluation.id).exists()


def _received(record: ServiceRecord, given: Marks, said: tuple[str, ...], at: datetime) -> Received:
    is_open = rules.is_open(given, confirmed_at=record.confirmed_at, at=at)
    return Received(record, given if is_open else None, said if is_open else (), rules.opens_at(record.confirmed_at))


def _comments(record_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The comments that somebody let be seen, of marks that count, by record."""
    wanted = select(Evaluation.service_record_id, EvaluationText.text).join(EvaluationText.evaluation)
    wanted = wanted.where(EvaluationText.kind == "comment", EvaluationText.state == "shown", counts())
    rows = db.session.execute(wanted.where(Evaluation.service_record_id.in_(record_ids)).order_by(EvaluationText.written_at))
    said: dict[int, tuple[str, ...]] = {}
    for record_id, text in rows:
        said[record_id] = (*said.get(record_id, ()), text or "")
    return said
