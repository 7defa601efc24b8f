"""What can be asked about publicity and objections; nothing here changes anything."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import joinedload

from bank.consents.queries import consenting
from bank.db import db
from bank.hours.models import Service, ServiceRecord
from bank.hours.rules import NewPart, NewService, Stay
from bank.people.models import Person
from bank.people.queries import is_minor, paths_of, require_any_role, wards
from bank.people.rules import mask_name
from bank.publicity import rules
from bank.publicity.models import Objection, Publicity, PublicPart
from bank.units.models import Unit

STAFF = ("organizer", "admin")


@dataclass(frozen=True)
class Shown:
    """A service that is public now: masked names of those who agreed to public lists, and how many did not."""

    publicity: Publicity
    lines: tuple[tuple[str, PublicPart], ...]
    unnamed_count: int
    unnamed_minutes: int

    @property
    def service(self) -> NewService:
        """What was done."""
        return service_from(self.publicity.service)


def on_show(*, near: Unit | None, on: date) -> list[Shown]:
    """What is public on a day, of a unit and those above and below it, or of all; what ends first comes first."""
    wanted = select(PublicPart).join(PublicPart.publicity).where(PublicPart.state == "shown", Publicity.ends_on >= on)
    if near is not None:
        is_near = or_(Unit.path.startswith(near.path), literal(near.path).startswith(Unit.path))
        wanted = wanted.where(Publicity.unit_id.in_(select(Unit.id).where(is_near)))
    wanted = wanted.options(joinedload(PublicPart.person), joinedload(PublicPart.publicity).joinedload(Publicity.unit))
    parts = db.session.scalars(wanted.order_by(Publicity.ends_on, Publicity.id, PublicPart.id)).all()
    named = _named([each.person for each in parts], on)
    return [_shown(each, named) for each in _by_publicity(parts)]


def parts_of(source: str) -> dict[int, PublicPart]:
    """What was put up of a service, by person."""
    return {each.person_id: each for each in db.session.scalars(select(PublicPart).where(PublicPart.source == source))}


def waiting_of(person_id: int) -> list[PublicPart]:
    """A person's hours that are shown and not posted yet, the latest first."""
    wanted = select(PublicPart).where(PublicPart.person_id == person_id, PublicPart.state == "shown")
    return list(db.session.scalars(wanted.options(joinedload(PublicPart.publicity)).order_by(PublicPart.id.desc())))


def due(on: date) -> list[list[PublicPart]]:
    """What is to be posted on a day, service by service: the period is over, and nobody has objected."""
    frozen = select(Objection.part_id).where(Objection.state == "open", Objection.part_id.is_not(None))
    wanted = select(PublicPart).join(PublicPart.publicity).where(PublicPart.state == "shown", Publicity.ends_on < on)
    wanted = wanted.where(PublicPart.id.not_in(frozen)).options(joinedload(PublicPart.publicity))
    return _by_publicity(db.session.scalars(wanted.order_by(Publicity.id, PublicPart.id)).all())


def own_record(person: Person, record_id: int, *, on: date) -> ServiceRecord:
    """A posted record of one's own, or of a child for whom one answers. Raises NoSuchHours."""
    found = db.session.get(ServiceRecord, record_id)
    if found is None or not _speaks_for(person, found.person_id, on):
        raise rules.NoSuchHours()
    return found


def own_part(person: Person, part_id: int, *, on: date) -> PublicPart:
    """Hours on show of one's own, or of a child for whom one answers. Raises NoSuchHours."""
    found = db.session.get(PublicPart, part_id)
    if found is None or found.state != "shown" or not _speaks_for(person, found.person_id, on):
        raise rules.NoSuchHours()
    return found


def own_or_ward(person: Person, person_id: int | None, *, on: date) -> Person:
    """Oneself, or the child with this id for whom one answers on a day. Raises NoSuchHours for anybody else."""
    if person_id in (None, person.id):
        return person
    ward = next((each for each in wards(person, on) if each.id == person_id), None)
    if ward is None:
        raise rules.NoSuchHours()
    return ward


def objections_of(person_id: int) -> list[Objection]:
    """The objections to a person's hours, and those that the person raised for others, the latest first."""
    mine = or_(Objection.person_id == person_id, Objection.raised_by_id == person_id)
    return list(db.session.scalars(_objections().where(mine).order_by(Objection.id.desc())))


def objections(*, by: Person) -> Select[Objection]:
    """Objections about services of units where `by` is organizer or admin, or auditor; to be read by `due_on` and `id`."""
    held = [path for role, path in paths_of(by) if role in (*STAFF, "auditor")]
    seen = select(Unit.id).where(or_(literal(False), *(Unit.path.startswith(path) for path in held)))
    return _objections().where(Objection.unit_id.in_(seen))


def open_count(*, by: Person) -> int:
    """How many objections wait for an answer by `by` or a colleague."""
    ids = objections(by=by).where(Objection.state == "open").with_only_columns(Objection.id).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def objection(*, by: Person, objection_id: int) -> Objection:
    """One objection, for the staff of its unit. Raises ObjectionNotFound."""
    found = db.session.scalar(objections(by=by).where(Objection.id == objection_id))
    if found is None:
        raise rules.ObjectionNotFound()
    return found


def open_objection(*, part_id: int | None = None, record_id: int | None = None) -> Objection | None:
    """The objection that freezes a part on show or a posted record, if any."""
    about = Objection.part_id == part_id if part_id is not None else Objection.service_record_id == record_id
    return db.session.scalar(select(Objection).where(about, Objection.state == "open"))


def title(objection: Objection) -> tuple[str, date | None, int]:
    """Name and day of the service an objection is about, and its minutes."""
    if objection.record is not None:
        service: Service = objection.record.service
        return service.name, service.served_on, objection.record.minutes
    assert objection.part is not None, "an objection is about a part or a record"
    return objection.part.publicity.service["name"], None, objection.part.minutes


def require_staff(by: Person, unit_id: int) -> None:
    """Raise RoleMissing unless `by` is organizer or admin of the unit."""
    require_any_role(by, STAFF, unit_id)


def service_to_json(service: NewService) -> dict[str, Any]:
    """A service as the table keeps it."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(service).items()}


def service_from(kept: dict[str, Any]) -> NewService:
    """A service as it was put up."""
    return NewService(**kept | {name: datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at")})


def part_from(kept: PublicPart) -> NewPart:
    """A part as it was put up."""
    stays = tuple(Stay(*map(datetime.fromisoformat, each)) for each in kept.stays)
    return NewPart(
        person_id=kept.person_id, stays=stays, evidence=kept.evidence, reason=kept.reason, approved_by_id=kept.approved_by_id
    )


def _objections() -> Select[Objection]:
    record = joinedload(Objection.record).joinedload(ServiceRecord.service)
    return select(Objection).options(joinedload(Objection.person), joinedload(Objection.raised_by), record)


def _speaks_for(person: Person, person_id: int, on: date) -> bool:
    return person_id in {person.id, *(each.id for each in wards(person, on))}


def _named(persons: Sequence[Person], on: date) -> set[int]:
    """Who has agreed to stand on public lists; no minor does."""
    adult_ids = [each.id for each in persons if not is_minor(each, on)]
    return set(db.session.scalars(select(Person.id).where(Person.id.in_(adult_ids), Person.id.in_(consenting("public_list")))))


def _by_publicity(parts: Iterable[PublicPart]) -> list[list[PublicPart]]:
    groups: dict[int, list[PublicPart]] = defaultdict(list)
    for each in parts:
        groups[each.publicity_id].append(each)
    return list(groups.values())


def _shown(parts: Sequence[PublicPart], named: set[int]) -> Shown:
    lines = tuple((mask_name(each.person.name), each) for each in parts if each.person_id in named)
    others = [each.minutes for each in parts if each.person_id not in named]
    return Shown(parts[0].publicity, lines, len(others), sum(others))
