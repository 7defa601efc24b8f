"""Everything that changes micro-hours. An action flushes and never commits; the face that calls it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bank.db import db, random_key
from bank.evaluations import actions as evaluations
from bank.evaluations import invitations
from bank.evaluations.queries import circle
from bank.evaluations.rules import Device, check_mark
from bank.hours import actions as hours
from bank.hours.queries import records_of_service
from bank.hours.rules import NewPart, NewService, Stay
from bank.micro_hours import queries, rules
from bank.micro_hours.models import MicroHour
from bank.people.models import Person
from bank.people.rules import clean_note


@dataclass(frozen=True)
class Recorded:
    """What an organizer's decision came to; own ones and those of the household wait for somebody else."""

    record_count: int
    left_out_ids: tuple[int, ...]


def start(*, by: Person, new: rules.NewMicroHour, at: datetime) -> MicroHour:
    """Begin a small service now. Raises NotInService, MicroHourRunning, BadMicroHour, CategoryUnknown, CategoryBanned."""
    rules.check_new(new)
    if not (by.is_in_service or new.is_ordered):
        raise rules.NotInService()
    db.session.refresh(by, with_for_update={"key_share": True})  # Two taps at once: the second finds what the first began.
    if queries.running(by.id) is not None:
        raise rules.MicroHourRunning()
    micro_hour = MicroHour(
        key=random_key(), person_id=by.id, unit_id=new.unit_id, category=new.category, title=new.title.strip(),
        place=new.place.strip(), minutes_max=new.minutes_max, is_ordered=new.is_ordered, state="running", started_at=at,
    )  # fmt: skip
    db.session.add(micro_hour)
    db.session.flush()  # The caller needs the id.
    return micro_hour


def stop(*, by: Person, at: datetime) -> MicroHour:
    """End what runs; under 5 minutes it was a slip and is dropped. Raises NoMicroHourRunning."""
    running = queries.running(by.id)
    if running is None:
        raise rules.NoMicroHourRunning()
    micro_hour = locked(running.id)
    if micro_hour.state != "running":
        raise rules.NoMicroHourRunning()
    is_slip = rules.is_slip(started_at=micro_hour.started_at, stopped_at=at) and not micro_hour.is_ordered
    micro_hour.stopped_at, micro_hour.state = max(at, micro_hour.started_at), "dropped" if is_slip else "stopped"
    db.session.flush()
    return micro_hour


def describe(*, by: Person, micro_hour_id: int, title: str, place: str) -> MicroHour:
    """Say in words what is done and where, before the recipient has confirmed. Raises BadMicroHour, MicroHourConfirmed."""
    micro_hour = locked(queries.own(by.id, micro_hour_id).id)
    _require_open(micro_hour)
    if micro_hour.confirmed_at is not None or micro_hour.is_ordered:
        raise rules.MicroHourConfirmed()
    for name, text in (("title", title), ("place", place)):
        if not rules.is_words(text):
            raise rules.BadMicroHour(field=name)
    micro_hour.title, micro_hour.place = title.strip(), place.strip()
    db.session.flush()
    return micro_hour


def drop(*, by: Person, micro_hour_id: int, at: datetime) -> MicroHour:
    """Give up one's own micro-hour, which then counts nothing. Raises MicroHourNotFound, MicroHourSettled."""
    micro_hour = locked(queries.own(by.id, micro_hour_id).id)
    _require_open(micro_hour)
    if micro_hour.is_ordered:
        raise rules.MicroHourSettled()
    micro_hour.stopped_at, micro_hour.state = micro_hour.stopped_at or at, "dropped"
    db.session.flush()
    return micro_hour


def confirm_by_link(*, key: str, mark: int, device: Device, by: Person | None, at: datetime) -> MicroHour:
    """The recipient says that it was so, and how it was (1 to 5), once; `by` is whoever is signed in on the device.

    Raises BadMark, MicroHourNotFound, OwnMicroHour, and what `rules.check_confirmable` raises.
    """
    check_mark(mark)
    micro_hour = _confirmable(key, device, by, at)
    confirm(micro_hour, way="link", at=at)
    micro_hour.confirmed_by_id = by.id if by else None
    micro_hour.mark, micro_hour.device = mark, device.key
    db.session.flush()
    return micro_hour


def deny_by_link(*, key: str, device: Device, by: Person | None, at: datetime) -> MicroHour:
    """The recipient says that it was not so; nothing is recorded then. Raises as `confirm_by_link`."""
    micro_hour = _confirmable(key, device, by, at)
    micro_hour.state, micro_hour.device = "denied", device.key
    db.session.flush()
    return micro_hour


def confirm(micro_hour: MicroHour, *, way: str, at: datetime) -> None:
    """Write down that the recipient confirmed; for a slice above, which has checked the recipient's code."""
    micro_hour.confirmed_at, micro_hour.confirmed_way = at, way
    db.session.flush()


def abandon(micro_hour_id: int, *, at: datetime) -> None:
    """Let a micro-hour count nothing because the order it answered came to nothing; one that is recorded stays."""
    micro_hour = locked(micro_hour_id)
    if micro_hour.state in ("running", "stopped"):
        micro_hour.stopped_at, micro_hour.state = micro_hour.stopped_at or at, "dropped"
        db.session.flush()


def vouch(*, by: Person, micro_hour_id: int, called: str, at: datetime) -> MicroHour:
    """Write down that a recipient without a phone at hand was called, and who that was; a second organizer decides.

    Such time counts as supplemented. Raises RoleMissing, OwnMicroHour, BadNote, MicroHourConfirmed, MicroHourSettled.
    """
    micro_hour = _stopped(by, micro_hour_id)
    if micro_hour.confirmed_at is not None:
        raise rules.MicroHourConfirmed()
    note = clean_note(called, length_max=200)
    if note is None:
        raise rules.BadMicroHour(field="called")
    micro_hour.reason, micro_hour.confirmed_by_id = note, by.id
    confirm(micro_hour, way="call", at=at)
    return micro_hour


def refuse(*, by: Person, micro_hour_id: int, reason: str, at: datetime) -> MicroHour:
    """Decide, with a reason that the member reads, that a micro-hour counts nothing.

    Raises RoleMissing, OwnMicroHour, BadNote, BadMicroHour, MicroHourSettled, MicroHourNotStopped.
    """
    micro_hour = _stopped(by, micro_hour_id)
    note = clean_note(reason, length_max=200)
    if note is None:
        raise rules.BadMicroHour(field="reason")
    micro_hour.state, micro_hour.reason = "refused", note
    micro_hour.decided_at, micro_hour.decided_by_id = at, by.id
    db.session.flush()
    return micro_hour


def record(*, by: Person, micro_hour_ids: Sequence[int], is_ordered: bool = False, at: datetime) -> Recorded:
    """Turn confirmed micro-hours into service records and deposit them, all in one posting; what is recorded stays so.

    Those that answer an order are recorded with it (`is_ordered`), and only so.

    Raises MicroHourNotFound, RoleMissing, MicroHourNotStopped, MicroHourUnconfirmed, MicroHourSettled, MicroHourNeedsSecond.
    """
    rows = [locked(each) for each in sorted(set(micro_hour_ids))]
    for each in rows:
        queries.organized(by, each.id)
        if each.is_ordered != is_ordered:
            raise rules.MicroHourNotFound()
    own_ids = circle({by.id})
    left_out = tuple(each.id for each in rows if each.person_id in own_ids)
    todo = [each for each in rows if each.id not in left_out and each.state != "recorded"]
    for each in todo:
        _check_recordable(each, by)
    services = [(service_of(each, leader_id=by.id), [_part(each)]) for each in todo]
    done = hours.import_services(by=by, services=services, at=at)
    for each, recorded in zip(todo, done, strict=True):
        each.state, each.decided_at, each.decided_by_id = "recorded", at, by.id
        _pass_mark_on(each, recorded.service_id, by=by, at=at)
    db.session.flush()
    return Recorded(len(todo), left_out)


def locked(micro_hour_id: int) -> MicroHour:
    """A micro-hour, kept from changing until the end. Raises MicroHourNotFound."""
    wanted = select(MicroHour).where(MicroHour.id == micro_hour_id).with_for_update(of=MicroHour)
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise rules.MicroHourNotFound()
    return found


def source(micro_hour_id: int) -> str:
    """What names the service of a micro-hour once and for all."""
    return f"micro:{micro_hour_id}"


def service_of(micro_hour: MicroHour, *, leader_id: int) -> NewService:
    """The service that a micro-hour becomes: planned exactly as long as it counts."""
    span = _span(micro_hour)
    return NewService(
        source=source(micro_hour.id), name=micro_hour.title, category=micro_hour.category, place=micro_hour.place,
        content=micro_hour.title, starts_at=span.starts_at, ends_at=span.ends_at, unit_id=micro_hour.unit_id, leader_id=leader_id,
    )  # fmt: skip


def _span(micro_hour: MicroHour) -> Stay:
    assert micro_hour.stopped_at is not None, "what is recorded is over"
    return rules.stay(
        started_at=micro_hour.started_at, stopped_at=micro_hour.stopped_at, minutes_max=micro_hour.minutes_max
    )  # fmt: skip


def _part(micro_hour: MicroHour) -> NewPart:
    is_called = micro_hour.confirmed_way == "call"
    return NewPart(
        person_id=micro_hour.person_id, stays=(_span(micro_hour),), evidence="supplemented" if is_called else "scanned",
        reason=micro_hour.reason if is_called else None, approved_by_id=micro_hour.confirmed_by_id if is_called else None,
    )  # fmt: skip


def _check_recordable(micro_hour: MicroHour, by: Person) -> None:
    if micro_hour.state == "running":
        raise rules.MicroHourNotStopped()
    if micro_hour.state != "stopped":
        raise rules.MicroHourSettled()
    if micro_hour.confirmed_at is None:
        raise rules.MicroHourUnconfirmed()
    if micro_hour.confirmed_by_id == by.id:
        raise rules.MicroHourNeedsSecond()


def _pass_mark_on(micro_hour: MicroHour, service_id: int, *, by: Person, at: datetime) -> None:
    """What the recipient thought of it becomes the recipient's mark of the record."""
    helped = {micro_hour.confirmed_by_id} if micro_hour.confirmed_by_id is not None else set()
    if micro_hour.mark is None or micro_hour.person_id in circle(helped):
        return  # They may have moved together since; a mark within a household counts nothing.
    [record] = records_of_service(service_id)
    code = invitations.code_of(evaluations.invite(by=by, record_id=record.id, at=at))
    evaluations.rate_by_code(
        code=code, mark=micro_hour.mark, device=Device(micro_hour.device or random_key()), by=micro_hour.confirmed_by, at=at
    )  # fmt: skip


def _confirmable(key: str, device: Device, by: Person | None, at: datetime) -> MicroHour:
    micro_hour = locked(queries.micro_hour(key).id)
    rules.check_confirmable(
        state=micro_hour.state, confirmed_at=micro_hour.confirmed_at, stopped_at=micro_hour.stopped_at, at=at
    )  # fmt: skip
    queries.check_device(micro_hour, device, by)
    return micro_hour


def _stopped(by: Person, micro_hour_id: int) -> MicroHour:
    """One that an organizer may decide about, locked; never the own one or one of the household."""
    micro_hour = locked(queries.organized(by, micro_hour_id).id)
    if micro_hour.person_id in circle({by.id}):
        raise rules.OwnMicroHour()
    if micro_hour.state == "running":
        raise rules.MicroHourNotStopped()
    _require_open(micro_hour)
    return micro_hour


def _require_open(micro_hour: MicroHour) -> None:
    if micro_hour.state not in ("running", "stopped"):
        raise rules.MicroHourSettled()
