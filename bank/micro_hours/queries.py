"""What can be asked about micro-hours; nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import joinedload

from bank.clock import local_day, zone
from bank.db import db
from bank.evaluations.queries import circle
from bank.evaluations.rules import Device
from bank.hours.rules import MINUTE
from bank.micro_hours import rules
from bank.micro_hours.models import MicroHour
from bank.people.models import Person
from bank.people.queries import paths_of, require_any_role
from bank.people.rules import mask_name
from bank.units.models import Unit
from bank.workdays import is_workday

ORGANIZERS = ("organizer", "admin")
LISTED_MAX = 200
MINE_MAX = 20
OFFICE_HOURS = range(9, 17)


@dataclass(frozen=True)
class Shown:
    """What stands on the recipient's page, and nothing more."""

    name: str
    title: str
    started_at: datetime
    minutes: int
    state: str
    mark: int | None


@dataclass(frozen=True)
class Waiting:
    """A micro-hour that waits for an organizer; `same_device` counts how often this browser confirmed the same member."""

    micro_hour: MicroHour
    minutes: int
    is_in_office_hours: bool
    same_device: int


def micro_hour(key: str) -> MicroHour:
    """The micro-hour of a recipient's link. Raises MicroHourNotFound."""
    found = db.session.scalar(select(MicroHour).where(MicroHour.key == key))
    if found is None:
        raise rules.MicroHourNotFound()
    return found


def running(person_id: int) -> MicroHour | None:
    """What a member is doing now, if anything."""
    return db.session.scalar(select(MicroHour).where(MicroHour.person_id == person_id, MicroHour.state == "running"))


def mine(person_id: int) -> list[MicroHour]:
    """A member's latest micro-hours that are over, the newest first; slips are left out."""
    wanted = select(MicroHour).where(MicroHour.person_id == person_id, MicroHour.state.not_in(("running", "dropped")))
    return list(db.session.scalars(wanted.order_by(MicroHour.started_at.desc(), MicroHour.id.desc()).limit(MINE_MAX)))


def own(person_id: int, micro_hour_id: int) -> MicroHour:
    """One of a member's own micro-hours. Raises MicroHourNotFound."""
    found = db.session.get(MicroHour, micro_hour_id)
    if found is None or found.person_id != person_id:
        raise rules.MicroHourNotFound()
    return found


def shown(key: str) -> Shown:
    """What a recipient's link opens. Raises MicroHourNotFound, MicroHourNotStopped."""
    found = micro_hour(key)
    if found.stopped_at is None:
        raise rules.MicroHourNotStopped()
    return Shown(mask_name(found.person.name), found.title, found.started_at, minutes(found), found.state, found.mark)


def minutes(found: MicroHour) -> int:
    """Whole minutes from start to stop, cut at the cap; 0 while it runs."""
    if found.stopped_at is None:
        return 0
    span = rules.stay(started_at=found.started_at, stopped_at=found.stopped_at, minutes_max=found.minutes_max)
    return int((span.ends_at - span.starts_at) // MINUTE)


def waiting(by: Person) -> list[Waiting]:
    """What waits for an organizer in the units of `by`: confirmed ones first, then by age. Orders are decided on their board."""
    held = [path for role, path in paths_of(by) if role in ORGANIZERS]
    wanted = _stopped().join(Unit, MicroHour.unit_id == Unit.id).where(or_(literal(False), *map(Unit.path.startswith, held)))
    wanted = wanted.where(MicroHour.is_ordered.is_(False)).options(joinedload(MicroHour.person), joinedload(MicroHour.unit))
    found = db.session.scalars(wanted.order_by(MicroHour.confirmed_at.is_(None), MicroHour.stopped_at).limit(LISTED_MAX))
    return [Waiting(each, minutes(each), is_in_office_hours(each.started_at), _same_device(each)) for each in found]


def organized(by: Person, micro_hour_id: int) -> MicroHour:
    """One micro-hour for an organizer or admin of its unit. Raises MicroHourNotFound, RoleMissing."""
    found = db.session.get(MicroHour, micro_hour_id)
    if found is None:
        raise rules.MicroHourNotFound()
    require_any_role(by, ORGANIZERS, found.unit_id)
    return found


def is_in_office_hours(at: datetime) -> bool:
    """Whether an instant lies in the usual hours of an office, so that an organizer looks twice (Order 67, art. 19)."""
    return is_workday(local_day(at)) and at.astimezone(zone()).hour in OFFICE_HOURS


def check_device(found: MicroHour, device: Device, by: Person | None) -> None:
    """Refuse the browsers of whom it is about and their household. Raises OwnMicroHour."""
    if found.person_id in circle(device.person_ids | ({by.id} if by is not None else set())):
        raise rules.OwnMicroHour()


def _stopped() -> Select[MicroHour]:
    return select(MicroHour).where(MicroHour.state == "stopped")


def _same_device(found: MicroHour) -> int:
    if found.device is None:
        return 0
    same = select(func.count(MicroHour.id)).where(MicroHour.device == found.device, MicroHour.person_id == found.person_id)
    return db.session.execute(same).scalar_one()
