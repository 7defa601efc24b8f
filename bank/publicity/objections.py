"""Saying that a record is not mine, and deciding about it; an action flushes and never commits."""

from datetime import datetime

from sqlalchemy import select

from bank.clock import local_day
from bank.db import db, random_key
from bank.hours.models import ServiceRecord
from bank.hours.queries import rule_set
from bank.ledger import actions as ledger
from bank.ledger.queries import balance, reversal_of, system_account
from bank.ledger.rules import BalanceTooLow, NewEntry, NewTransfer
from bank.notices.actions import tell
from bank.people.models import Person
from bank.people.queries import has_role, household_of
from bank.publicity import queries, rules
from bank.publicity.models import Objection, PublicPart
from bank.workdays import workday_after


def object_to_record(*, by: Person, record_id: int, words: str | None = None, key: str | None = None, at: datetime) -> Objection:
    """Say that posted hours are not one's own, or not one's child's; their points, as far as there, are held meanwhile.

    To say it twice changes nothing. Raises NoSuchHours, AlreadyTakenBack.
    """
    record = queries.own_record(by, record_id, on=local_day(at))
    if record.entry_id is not None and reversal_of(record.entry_id) is not None:
        raise rules.AlreadyTakenBack()
    known = queries.open_objection(record_id=record.id)
    if known is not None:
        return known
    new = _new(by, record.person_id, record.service.unit_id, words, at, key=key)
    new.service_record_id = record.id
    _hold(new, record, by, at)
    db.session.add(new)
    db.session.flush()  # The unique index decides when it is said twice at once.
    return new


def object_to_part(*, by: Person, part_id: int, words: str | None = None, at: datetime) -> Objection:
    """Say that hours on show are not one's own, or not one's child's; they wait until it is decided. Raises NoSuchHours."""
    part = queries.own_part(by, part_id, on=local_day(at))
    known = queries.open_objection(part_id=part.id)
    if known is not None:
        return known
    new = _new(by, part.person_id, part.publicity.unit_id, words, at)
    new.part_id = part.id
    db.session.add(new)
    db.session.flush()
    return new


def answer(*, by: Person, objection_id: int, is_taken_back: bool, words: str, at: datetime) -> Objection:
    """Decide with reasons: the record stands, or it is taken back (a part on show is struck, posted hours are reversed).

    Raises ObjectionNotFound, RoleMissing, AnotherAnswers, AnswerMissing, AnsweredAlready, PointsSpent for an organizer
    where the points are gone: an admin books what is missing to `shortfall`.
    """
    found = _locked(queries.objection(by=by, objection_id=objection_id).id)
    queries.require_staff(by, found.unit_id)
    rules.check_answerer(answerer_id=by.id, at_home_ids=_at_home(found), confirmed_by_ids=_confirmers(found))
    clean = rules.check_words(words)
    if not rules.check_open(found.state, is_taken_back=is_taken_back):
        return found
    _release(found, by, at)
    if is_taken_back:
        _take_back(found, by, at)
    found.state, found.answer = "taken_back" if is_taken_back else "kept", clean
    found.answered_at, found.answered_by_id = at, by.id
    db.session.flush()
    facts = {"activity": queries.title(found)[0]}
    tell(
        person_ids={found.person_id, found.raised_by_id},
        kind="objection_answered",
        facts=facts,
        key=f"objection:{found.key}",
        at=at,
    )
    return found


def _locked(objection_id: int) -> Objection:
    """The objection alone, without what is read beside it, which PostgreSQL would not lock."""
    wanted = select(Objection).where(Objection.id == objection_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def _new(by: Person, person_id: int, unit_id: int, words: str | None, at: datetime, *, key: str | None = None) -> Objection:
    today = local_day(at)
    due_on = workday_after(today, rule_set(today).objection_workdays)
    clean = (words or "").strip()[: rules.WORDS_MAX] or None
    return Objection(
        key=key or random_key(), person_id=person_id, raised_by_id=by.id, unit_id=unit_id, state="open", words=clean,
        raised_at=at, due_on=due_on, held_points=0,
    )  # fmt: skip


def _hold(objection: Objection, record: ServiceRecord, by: Person, at: datetime) -> None:
    """Put the record's points aside, so that nobody spends what may be taken back."""
    member = db.session.get_one(Person, objection.person_id, with_for_update={"key_share": True})
    points = min(record.points, balance(member.points_account_id)) if record.entry_id is not None else 0
    if points:
        accounts = member.points_account_id, system_account("reserved", "points")
        objection.held_points = points
        objection.hold_entry_id = _post(f"objection:{objection.key}/hold", "reserve", accounts, points, by.key, at)


def _release(objection: Objection, by: Person, at: datetime) -> None:
    if objection.held_points:
        accounts = system_account("reserved", "points"), objection.person.points_account_id
        _post(f"objection:{objection.key}/release", "release", accounts, objection.held_points, by.key, at)


def _take_back(objection: Objection, by: Person, at: datetime) -> None:
    if objection.part is not None:
        objection.part.state = "struck"
        return
    assert objection.record is not None, "an objection is about a part or a record"
    if objection.record.entry_id is None:
        return
    try:
        posted = ledger.reverse(
            entry_id=objection.record.entry_id, key=f"objection:{objection.key}", reason=rules.REVERSAL_REASON,
            recorded_by=by.key, approved_by=objection.raised_by.key, effective_on=local_day(at), at=at,
            books_shortfall=has_role(by, "admin", objection.unit_id),
        )  # fmt: skip
    except BalanceTooLow:
        raise rules.PointsSpent() from None
    objection.reversal_entry_id = posted.entry_id


def _post(key: str, kind: str, accounts: tuple[int, int], points: int, recorded_by: str, at: datetime) -> int:
    move = NewTransfer("points", *accounts, points)
    entry = NewEntry(key=key, kind=kind, effective_on=local_day(at), transfers=(move,), recorded_by=recorded_by)
    return ledger.post([entry], at=at)[0].entry_id


def _at_home(objection: Objection) -> set[int]:
    """The member, who spoke for him, and the households of both: guardians change."""
    return household_of(objection.person_id) | household_of(objection.raised_by_id)


def _confirmers(objection: Objection) -> set[int | None]:
    if objection.record is not None:
        return {objection.record.confirmed_by_id}
    part = db.session.scalar(select(PublicPart).where(PublicPart.id == objection.part_id))
    assert part is not None, "an objection is about a part or a record"
    return {part.publicity.put_up_by_id, part.approved_by_id}
