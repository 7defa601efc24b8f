"""Everything that puts hours up, posts them in the end, or freezes and answers. An action flushes and never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bank.clock import local_day
from bank.db import db, insert_all
from bank.hours import actions as hours
from bank.hours import queries as recorded
from bank.hours.rules import NewPart, NewService, PersonTwice, check_part, check_service
from bank.people.models import Person
from bank.people.queries import household_of
from bank.publicity import queries
from bank.publicity.models import Publicity, PublicPart
from bank.workdays import workday_after


@dataclass(frozen=True)
class PutUp:
    """What became of confirmed parts: how many are new, whose were left out, and until when they are public (None: posted)."""

    record_count: int
    left_out_ids: tuple[int, ...]
    ends_on: date | None


def put_up(*, by: Person, service: NewService, parts: Sequence[NewPart], at: datetime) -> PutUp:
    """Post confirmed parts at once, or first make them public for as many working days as the rules of that day say.

    The parts of `by` and of the household are left out. Raises what `hours.actions.record` raises.
    """
    days = recorded.rule_set(local_day(service.starts_at)).publicity_workdays
    if not days:
        done = hours.record(by=by, service=service, parts=parts, at=at)
        return PutUp(done.record_count, done.left_out_ids, None)
    queries.require_staff(by, service.unit_id)
    _check(by, service, parts, at)
    ends_on = workday_after(local_day(at), days)
    known = queries.parts_of(service.source).keys() | _recorded_ids(service.source)
    todo, at_home = [each for each in parts if each.person_id not in known], household_of(by.id)
    others = [each for each in todo if each.person_id not in at_home]
    if others:
        _show(by, service, others, ends_on=ends_on, at=at)
    return PutUp(len(others), tuple(each.person_id for each in todo if each.person_id in at_home), ends_on)


def post_due(*, at: datetime) -> int:
    """Post what has been public long enough and is not frozen; answers how many. Run again it finds nothing left to do."""
    posted = 0
    for parts in queries.due(local_day(at)):
        shown = parts[0].publicity
        new = [queries.part_from(each) for each in parts]
        hours.record_settled(by=shown.put_up_by, service=queries.service_from(shown.service), parts=new, at=at)
        for each in parts:
            each.state = "posted"
        posted += len(parts)
    db.session.flush()
    return posted


def _check(by: Person, service: NewService, parts: Sequence[NewPart], at: datetime) -> None:
    check_service(service, at=at)
    for part in parts:
        check_part(part, by_id=by.id)
    if len({each.person_id for each in parts}) < len(parts):
        raise PersonTwice()


def _recorded_ids(source: str) -> set[int]:
    service = recorded.service_of(source)
    return {each.person_id for each in recorded.records_of_service(service.id)} if service else set()


def _show(by: Person, service: NewService, parts: Sequence[NewPart], *, ends_on: date, at: datetime) -> None:
    shown = Publicity(
        source=service.source, service=queries.service_to_json(service), unit_id=service.unit_id, put_up_at=at,
        put_up_by_id=by.id, ends_on=ends_on,
    )  # fmt: skip
    db.session.add(shown)
    db.session.flush()  # Its parts need the id.
    credited = recorded.credited([(service, each) for each in parts])
    rows = [
        {
            "publicity_id": shown.id, "source": service.source, "person_id": each.person_id,
            "stays": [[stay.starts_at.isoformat(), stay.ends_at.isoformat()] for stay in each.stays],
            "evidence": each.evidence, "reason": each.reason, "approved_by_id": each.approved_by_id,
            "minutes": credit.minutes, "points": credit.points, "state": "shown",
        }
        for each, credit in zip(parts, credited, strict=True)
    ]  # fmt: skip
    insert_all(PublicPart, rows)
