"""What can be asked about supplements and forgotten check-outs; nothing here changes anything."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import joinedload

from bank.activities.models import Activity
from bank.activities.queries import source
from bank.activities.rules import ActivityCancelled
from bank.attendance.models import Attendance
from bank.attendance.queries import parts
from bank.clock import local_instant
from bank.closing import rules
from bank.closing.models import Supplement
from bank.db import db
from bank.hours import queries as hours
from bank.joining.queries import joins
from bank.people.models import Grant, Person
from bank.people.queries import paths_of
from bank.people.rules import PersonNotFound
from bank.publicity.queries import parts_of
from bank.units.models import Unit

SEEN_BY = ("organizer", "admin", "auditor")
ONE_DAY = timedelta(days=1)
LISTED_MAX = 200


def supplements(*, by: Person, state: str | None = None, is_bulk: bool = False) -> Select[Supplement]:
    """Supplements of units where `by` is organizer, admin or auditor; to be read from the highest `id` down."""
    wanted = select(Supplement).join(Supplement.activity).where(Activity.unit_id.in_(seen_units(by)))
    wanted = wanted.options(
        joinedload(Supplement.activity).joinedload(Activity.unit),
        *(joinedload(each) for each in (Supplement.person, Supplement.asked_by, Supplement.decided_by)),
    )
    if state is not None:
        wanted = wanted.where(Supplement.state == state)
    return wanted.where(Supplement.is_bulk) if is_bulk else wanted


def asked_count(*, by: Person) -> int:
    """How many supplements wait for a second person."""
    ids = supplements(by=by, state="asked").with_only_columns(Supplement.id).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def supplement(*, by: Person, supplement_id: int) -> Supplement:
    """One supplement, for the staff of its unit. Raises SupplementNotFound."""
    found = db.session.scalar(supplements(by=by).where(Supplement.id == supplement_id))
    if found is None:
        raise rules.SupplementNotFound()
    return found


def supplements_of(activity_id: int) -> list[Supplement]:
    """All that was asked for at an activity, in order."""
    wanted = select(Supplement).where(Supplement.activity_id == activity_id).options(joinedload(Supplement.person))
    return list(db.session.scalars(wanted.order_by(Supplement.id)))


def waiting_of(person_id: int) -> list[Supplement]:
    """A member's time that waits for a second person, the latest first."""
    wanted = select(Supplement).where(Supplement.person_id == person_id, Supplement.state == "asked")
    return list(db.session.scalars(wanted.options(joinedload(Supplement.activity)).order_by(Supplement.id.desc())))


def live_of(activity_id: int) -> set[int]:
    """For whom time is asked or agreed at an activity."""
    live = (Supplement.activity_id == activity_id, Supplement.state != "refused")
    return set(db.session.scalars(select(Supplement.person_id).where(*live)))


def asked_on(person_id: int, day: date) -> list[Supplement]:
    """What somebody asked for on a local day."""
    begin, end = (local_instant(each, time()) for each in (day, day + ONE_DAY))
    asked = (Supplement.asked_by_id == person_id, Supplement.asked_at >= begin, Supplement.asked_at < end)
    return list(db.session.scalars(select(Supplement).where(*asked)))


def auditors(unit: Unit) -> set[int]:
    """Who audits a unit, and is told of what is conspicuous there."""
    wanted = select(Grant.person_id).join(Grant.unit).where(Grant.role == "auditor", Grant.revoked_at.is_(None))
    return set(db.session.scalars(wanted.where(literal(unit.path).startswith(Unit.path))))


def ids_of_cards(card_numbers: Sequence[str]) -> tuple[int, ...]:
    """Whose cards these are, in the order given. Raises PersonNotFound."""
    numbers = [each.strip() for each in card_numbers]
    known = dict(db.session.execute(select(Person.card_number, Person.id).where(Person.card_number.in_(numbers))).all())
    if missing := [each for each in numbers if each not in known]:
        raise PersonNotFound(card_number=missing[0])
    return tuple(known[each] for each in numbers)


def settled_ids(activity: Activity) -> set[int]:
    """Who has a finished stay, hours on show or a record at an activity, so that nothing is to be supplemented."""
    service = hours.service_of(source(activity))
    recorded = {each.person_id for each in hours.records_of_service(service.id)} if service else set()
    return recorded | parts_of(source(activity)).keys() | {each.person_id for each in parts(activity)}


def forgotten(*, by: Person, until: datetime) -> list[Attendance]:
    """Stays without a check-out that nothing has decided yet, of units where `by` is staff, the latest first (待核实)."""
    decided = select(Supplement.id).where(
        Supplement.activity_id == Attendance.activity_id, Supplement.person_id == Attendance.person_id
    )
    wanted = select(Attendance).join(Attendance.activity).where(Attendance.forgotten_at <= until, ~decided.exists())
    wanted = wanted.where(Activity.unit_id.in_(seen_units(by)), ~_has_finished()).options(joinedload(Attendance.person))
    return list(db.session.scalars(wanted.order_by(Attendance.forgotten_at.desc(), Attendance.id).limit(LISTED_MAX)))


def candidates(activity: Activity) -> list[tuple[Person, str]]:
    """For whom time may be missing: who did not check out (`forgotten`), then who joined and did not come (`absent`)."""
    settled = settled_ids(activity) | live_of(activity.id)
    stays = select(Attendance).where(Attendance.activity_id == activity.id).options(joinedload(Attendance.person))
    came = {each.person_id: each.person for each in db.session.scalars(stays.order_by(Attendance.id))}
    absent = {each.person_id: each.person for each in joins(activity.id) if each.person_id not in came}
    found = [(each, "forgotten") for each in came.values()] + [(each, "absent") for each in absent.values()]
    return [(person, why) for person, why in found if person.id not in settled]


def stays_without_hours(person_id: int, *, at: datetime) -> list[Attendance]:
    """A member's first stays at activities that are over and not confirmed, the latest first."""
    wanted = select(Attendance).join(Attendance.activity).options(joinedload(Attendance.activity))
    wanted = wanted.where(Attendance.person_id == person_id, Attendance.pair == 1, Activity.ends_at <= at)
    mine = wanted.where(Activity.state.in_(("published", "confirmed"))).order_by(Activity.ends_at.desc()).limit(50)
    return [each for each in db.session.scalars(mine) if not _is_recorded(each)]


def refuse_cancelled(activity: Activity) -> None:
    """Raise ActivityCancelled for an activity that was called off."""
    if activity.state == "cancelled":
        raise ActivityCancelled()


def seen_units(by: Person) -> Select[int]:
    """The ids of units where `by` is organizer, admin or auditor, as a subquery."""
    held = [path for role, path in paths_of(by) if role in SEEN_BY]
    return select(Unit.id).where(or_(literal(False), *(Unit.path.startswith(path) for path in held)))


def _is_recorded(stay: Attendance) -> bool:
    if stay.person_id in parts_of(source(stay.activity)):
        return True
    service = hours.service_of(source(stay.activity))
    return service is not None and any(each.person_id == stay.person_id for each in hours.records_of_service(service.id))


def _has_finished() -> ColumnElement[bool]:
    other = Attendance.__table__.alias("finished")
    same = (other.c.activity_id == Attendance.activity_id) & (other.c.person_id == Attendance.person_id)
    return select(other.c.id).where(same, other.c.checked_out_at.is_not(None)).exists()
