"""What can be asked about who came; nothing here changes anything."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from bank.activities.models import Activity
from bank.activities.queries import activity, as_service, organized, require_organizer, source
from bank.activities.rules import ActivityCancelled
from bank.attendance import rules, ticket
from bank.attendance.models import Attendance
from bank.clock import local_day
from bank.db import db
from bank.errors import BankError
from bank.hours import queries as hours
from bank.hours.models import ServiceRecord
from bank.hours.rules import WINDOW_MAX, Credit, NewPart, Stay
from bank.people.models import Person
from bank.people.queries import household_of
from bank.publicity.models import PublicPart
from bank.publicity.queries import parts_of

LISTED_MAX = 100


@dataclass(frozen=True)
class Codes:
    """The code of the link, the one to type, and the seconds until the first of them changes."""

    code: str
    typed_code: str
    seconds_left: int


@dataclass(frozen=True)
class Presence:
    """One person at an activity: stays in order, and the hours recorded, or what they would be if confirmed now."""

    person: Person
    attendances: tuple[Attendance, ...]
    record: ServiceRecord | None
    credit: Credit | None
    on_show: PublicPart | None = None

    @property
    def is_in(self) -> bool:
        """Whether the person has checked in and not yet out."""
        return self.attendances[-1].checked_out_at is None and self.attendances[-1].forgotten_at is None

    @property
    def hours(self) -> ServiceRecord | Credit | None:
        """The hours recorded, or those foreseen, or none while a check-out is missing."""
        return self.record or self.credit

    @property
    def is_pending(self) -> bool:
        """Whether there is no finished stay, so that nothing can be confirmed (待核实)."""
        return self.hours is None

    @property
    def state(self) -> str:
        """`confirmed`, `shown` (public before it is posted), `in`, or `out` (waits for confirmation)."""
        if self.record is not None:
            return "confirmed"
        if self.on_show is not None:
            return "shown"
        return "in" if self.is_in else "out"


def to_confirm(*, by: Person, at: datetime) -> list[Activity]:
    """Activities that are over and wait for confirmation by `by`, the oldest first: at least one person came."""
    wanted = organized(by=by).where(Activity.ends_at <= at, Activity.state == "published")
    wanted = wanted.where(Activity.id.in_(select(Attendance.activity_id)))
    return list(db.session.scalars(wanted.order_by(Activity.ends_at, Activity.id).limit(LISTED_MAX)))


def attendances_of(*, person_id: int, activity_id: int) -> list[Attendance]:
    """A person's own stays at an activity, in order."""
    mine = select(Attendance).where(Attendance.person_id == person_id, Attendance.activity_id == activity_id)
    return list(db.session.scalars(mine.order_by(Attendance.pair)))


def head_count(activity_id: int) -> int:
    """How many people have come."""
    count = select(func.count(Attendance.person_id.distinct())).where(Attendance.activity_id == activity_id)
    return db.session.execute(count).scalar_one()


def presences(*, by: Person | None, activity_id: int) -> list[Presence]:
    """Everybody who came, in order of names, with hours recorded or foreseen. Raises RoleMissing, ActivityNotFound."""
    held = activity(activity_id)
    require_organizer(by, held.unit_id)
    stays = _by_person(activity_id)
    service = hours.service_of(source(held))
    records = {each.person_id: each for each in hours.records_of_service(service.id)} if service else {}
    open_ids = [person_id for person_id, own in stays.items() if person_id not in records and own[0].checked_out_at]
    foreseen = dict(zip(open_ids, _foreseen(held, [stays[each] for each in open_ids]), strict=True))
    shown = {person_id: each for person_id, each in parts_of(source(held)).items() if each.state != "posted"}
    found = [
        Presence(own[0].person, tuple(own), records.get(each), foreseen.get(each), shown.get(each))
        for each, own in stays.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.person.name_sort, each.person.id))


def parts(activity: Activity) -> list[NewPart]:
    """The parts of all who have checked in and out at least once, in the order they came; a single scan counts nothing."""
    return [_part(own) for own in _by_person(activity.id).values() if own[0].checked_out_at is not None]


def is_somebody_in(activity_id: int) -> bool:
    """Whether anybody has checked in and not out."""
    is_open = (Attendance.checked_out_at.is_(None), Attendance.forgotten_at.is_(None))
    stays = select(Attendance.id).where(Attendance.activity_id == activity_id, *is_open)
    return db.session.scalar(stays.limit(1)) is not None


def codes_for(*, by: Person | None, activity_id: int, at: datetime) -> Codes:
    """What the activity's screen shows now, for its organizers only. Raises RoleMissing, ActivityCancelled."""
    shown = activity(activity_id)
    require_organizer(by, shown.unit_id)
    if shown.state == "cancelled":
        raise ActivityCancelled()
    link = ticket.link_code(shown.id, shown.key, secret=secret(), at=at)
    typed = ticket.typed_code(shown.key, secret=secret(), at=at)
    return Codes(link, typed, ticket.seconds_left(at))


def static_code_for(*, by: Person | None, activity_id: int) -> str:
    """The activity's code to print, for its organizers only. Raises RoleMissing, ActivityCancelled."""
    shown = activity(activity_id)
    require_organizer(by, shown.unit_id)
    if shown.state == "cancelled":
        raise ActivityCancelled()
    return ticket.static_code(shown.id, shown.key, secret=secret())


def activity_of(code: str, *, at: datetime, is_typed: bool = False) -> Activity:
    """The activity that a code belongs to; with `is_typed` a typed code is looked for among the activities open now.

    Raises CodeUnknown; whether the code is still good is said by `scan` and by the actions.
    """
    number = ticket.activity_id(code)
    if number is None and is_typed:
        found = _of_typed(code, at)
    else:
        found = db.session.get(Activity, number) if number is not None else None
    if found is None:
        raise rules.CodeUnknown()
    return found


def activity_id_of(code: str, *, at: datetime) -> int | None:
    """The activity that a code names, or whose typed code it is now; not yet checked, and none for what has no code's shape."""
    try:
        number = ticket.activity_id(code)
    except rules.CodeUnknown:
        return None
    found = _of_typed(code, at) if number is None else None
    return found.id if found is not None else number


def scan(code: str, *, at: datetime, is_typed: bool = False) -> str:
    """The right that a good code gives for five minutes. Raises CodeUnknown, CodeExpired."""
    found = activity_of(code, at=at, is_typed=is_typed)
    good = ticket.read(code, found.key, secret=secret(), at=at)
    return ticket.right(found.id, found.key, secret=secret(), scan=good)


def secret() -> str:
    """What the bank signs codes with."""
    return str(current_app.config["SECRET_KEY"])


def check_scan(code: str, *, at: datetime) -> Activity:
    """The activity of a code or right that may be used now. Raises CodeUnknown, CodeExpired, and whatever says it is not open."""
    found = activity_of(code, at=at)
    scanned_at = ticket.read(code, found.key, secret=secret(), at=at).scanned_at
    in_force = hours.rule_set(local_day(found.starts_at))
    rules.check_open(state=found.state, starts_at=found.starts_at, ends_at=found.ends_at, at=scanned_at, rules=in_force)
    return found


def counts(presences: Sequence[Presence]) -> dict[str, int]:
    """How many came in all, and how many are in each state; `pending` have no check-out."""
    states = Counter(each.state for each in presences)
    return {"all": len(presences), "pending": sum(each.is_pending for each in presences), **states}


def confirm_refusal(activity: Activity, *, by: Person, presences: Sequence[Presence], at: datetime) -> BankError | None:
    """Why `by` cannot confirm now, or None."""
    in_force, is_in = hours.rule_set(local_day(activity.starts_at)), any(each.is_in for each in presences)
    try:
        rules.check_confirm(state=activity.state, ends_at=activity.ends_at, is_somebody_in=is_in, at=at, rules=in_force)
    except BankError as refusal:
        return refusal
    waiting = {each.person.id for each in presences if each.credit is not None and each.on_show is None}
    if not waiting:
        return rules.NobodyToConfirm()
    return rules.OwnHoursNeedOther() if waiting <= household_of(by.id) else None


def present(activity_id: int) -> list[Attendance]:
    """The open stays of those who are in now, in order of names."""
    wanted = select(Attendance).join(Attendance.person).options(contains_eager(Attendance.person))
    wanted = wanted.where(Attendance.activity_id == activity_id, Attendance.checked_out_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Person.name_sort, Person.id)))


def present_count(activity_id: int) -> int:
    """How many are in now."""
    stays = select(func.count()).where(Attendance.activity_id == activity_id, Attendance.checked_out_at.is_(None))
    return db.session.execute(stays).scalar_one()


def open_now(*, by: Person, at: datetime) -> list[Activity]:
    """The activities of `by` that take check-ins now, in order of their start."""
    half_hour = timedelta(minutes=hours.rule_set(local_day(at)).open_minutes_before)
    wanted = organized(by=by).where(Activity.starts_at <= at + half_hour, Activity.ends_at > at - half_hour)
    return list(db.session.scalars(wanted.where(Activity.state == "published").order_by(Activity.starts_at, Activity.id)))


def _of_typed(code: str, at: datetime) -> Activity | None:
    half_hour = timedelta(minutes=hours.rule_set(local_day(at)).open_minutes_before)
    about_now = select(Activity).where(
        Activity.starts_at.between(at - WINDOW_MAX - half_hour, at + half_hour), Activity.ends_at > at - half_hour
    )
    is_it = (each for each in db.session.scalars(about_now) if ticket.is_typed(code, each.key, secret=secret(), at=at))
    return next(is_it, None)


def _by_person(activity_id: int) -> dict[int, list[Attendance]]:
    wanted = select(Attendance).options(joinedload(Attendance.person)).where(Attendance.activity_id == activity_id)
    stays: dict[int, list[Attendance]] = {}
    for each in db.session.scalars(wanted.order_by(Attendance.checked_in_at, Attendance.id)):
        stays.setdefault(each.person_id, []).append(each)
    return stays


def _foreseen(activity: Activity, stays: Sequence[list[Attendance]]) -> list[Credit]:
    service = as_service(activity)
    return hours.credited([(service, _part(own)) for own in stays]) if stays else []


def _part(own: Sequence[Attendance]) -> NewPart:
    pairs = tuple(Stay(each.checked_in_at, each.checked_out_at) for each in own if each.checked_out_at is not None)
    return NewPart(person_id=own[0].person_id, stays=pairs)
