"""Everything that only reads redemptions, reservations and appointments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from bank.clock import local_instant
from bank.counter import pickup, rules
from bank.counter.models import Appointment, Redemption, RedemptionOrder, RedemptionStep
from bank.db import db
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import RoleMissing
from bank.rewards.models import Counter, Reward
from bank.rewards.queries import STAFF, counters, is_clerk, is_seen, is_within
from bank.rewards.rules import scanned
from bank.units.models import Unit


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a day's redemptions come to; what was undone is counted apart. `points` in hundredths."""

    redemptions: int
    pieces: int
    points: int
    undone: int


@dataclass(frozen=True, kw_only=True)
class Honour:
    """What stands on the certificate of an honour: who, for what, by which unit and when, and its number."""

    name: str
    honour: str
    unit: str
    honoured_on: date
    number: str


def may_undo(by: Person, redemption: Redemption, *, at: datetime) -> bool:
    """Whether `by` may take this redemption back now."""
    if redemption.state != "handed_over" or redemption.handed_over_at is None:
        return False
    if redemption.person_id == by.id or people.same_household(by.id, redemption.person_id):
        return False
    if people.has_role(by, "admin", redemption.counter.unit_id):
        return True
    return is_clerk(by, redemption.counter) and rules.may_counter_undo(handed_over_at=redemption.handed_over_at, at=at)


def redemption(by: Person, redemption_id: int) -> Redemption:
    """One redemption, seen by staff of its counter and by the member. Raises RedemptionNotFound, also when out of sight."""
    found = db.session.get(Redemption, redemption_id)
    if found is None or (found.person_id != by.id and not is_seen(by, found.counter.unit.path)):
        raise rules.RedemptionNotFound()
    return found


def reservation_by_code(by: Person, code: str) -> Redemption:
    """The reservation with a pick-up code, at a counter in sight of the clerk. Raises PickupCodeUnknown."""
    found = db.session.scalar(select(Redemption).where(Redemption.code_hash == pickup.code_hash(scanned(code))))
    if found is None or not is_seen(by, found.counter.unit.path):
        raise rules.PickupCodeUnknown()
    return found


def pickup_code(redemption: Redemption) -> str | None:
    """The pick-up code of a reservation that waits; only for the member's own page."""
    return pickup.code(redemption.key, redemption.code_turn) if redemption.state == "reserved" else None


def require_staff(by: Person, redemption: Redemption, *roles: str) -> None:
    """Raise RoleMissing unless `by` holds one of the roles at the redemption's counter."""
    if not is_staff(by, redemption, *roles):
        raise RoleMissing(role=roles[0])


def is_staff(by: Person, redemption: Redemption, *roles: str) -> bool:
    """Whether `by` holds one of the roles at the redemption's counter."""
    counter = redemption.counter
    return any(is_clerk(by, counter) if role == "clerk" else people.has_role(by, role, counter.unit_id) for role in roles)


def last_step(redemption_id: int, kind: str) -> RedemptionStep:
    """The latest step of a kind in a redemption's life."""
    wanted = select(RedemptionStep).where(RedemptionStep.redemption_id == redemption_id, RedemptionStep.kind == kind)
    return db.session.scalars(wanted.order_by(RedemptionStep.id.desc()).limit(1)).one()


def redemptions_on(day: date, units: Sequence[str], *, clerk_id: int | None = None) -> list[Redemption]:
    """What was handed over on a local day at the counters of these units and below, the latest first."""
    statement = select(Redemption).join(Counter).join(Unit).where(_is_on(day), is_within(units))
    if clerk_id is not None:
        statement = statement.where(Redemption.handed_over_by_id == clerk_id)
    statement = statement.options(
        joinedload(Redemption.person),
        joinedload(Redemption.handed_over_by),
        joinedload(Redemption.counter).joinedload(Counter.unit),
        joinedload(Redemption.reward).joinedload(Reward.unit),
    )
    return list(db.session.scalars(statement.order_by(Redemption.handed_over_at.desc(), Redemption.id.desc())))


def redemptions_seen(by: Person, day: date) -> list[Redemption]:
    """For staff a local day at their counters, for everyone else their own, of all days."""
    units = counters(by, *STAFF)
    return redemptions_on(day, units) if units else redemptions_of(by.id)


def redemptions_of(person_id: int) -> list[Redemption]:
    """A member's redemptions and reservations, the latest first."""
    statement = select(Redemption).where(Redemption.person_id == person_id)
    options = joinedload(Redemption.reward), joinedload(Redemption.counter), joinedload(Redemption.appointment)
    return list(db.session.scalars(statement.options(*options).order_by(Redemption.made_at.desc(), Redemption.id.desc())))


def reservations_of(person_id: int) -> list[Redemption]:
    """What a member has reserved and not fetched, the first to end first."""
    statement = select(Redemption).where(Redemption.person_id == person_id, Redemption.state == "reserved", ~_is_ordered())
    options = joinedload(Redemption.reward), joinedload(Redemption.counter).joinedload(Counter.unit)
    return list(db.session.scalars(statement.options(*options).order_by(Redemption.hold_ends_on, Redemption.id)))


def holds(by: Person) -> list[Redemption]:
    """What is reserved at the counters in sight of `by` and not fetched yet, the first to end first."""
    statement = select(Redemption).join(Counter).join(Unit).where(is_within(counters(by, *STAFF)), Redemption.state == "reserved")
    loaded = joinedload(Redemption.counter).joinedload(Counter.unit)
    options = joinedload(Redemption.person), joinedload(Redemption.reward), loaded
    return list(db.session.scalars(statement.options(*options).order_by(Redemption.hold_ends_on, Redemption.id)))


def returns_asked(by: Person) -> list[Redemption]:
    """The returns that wait for an administrator's word, the oldest redemption first."""
    statement = select(Redemption).join(Counter).join(Unit).where(is_within(counters(by, "admin", "auditor")))
    statement = statement.where(Redemption.state == "return_asked").options(
        joinedload(Redemption.person), joinedload(Redemption.reward), selectinload(Redemption.steps)
    )
    return list(db.session.scalars(statement.order_by(Redemption.handed_over_at)))


def life_of(reward_id: int) -> list[Redemption]:
    """Who took or reserved a reward, and each step of it, the latest first; with `rewards.queries.movements` its whole life."""
    statement = select(Redemption).where(Redemption.reward_id == reward_id).options(
        joinedload(Redemption.person), joinedload(Redemption.counter), joinedload(Redemption.handed_over_by),
        selectinload(Redemption.steps).joinedload(RedemptionStep.by),
    )  # fmt: skip
    return list(db.session.scalars(statement.order_by(Redemption.made_at.desc(), Redemption.id.desc())))


def appointments(by: Person, *, states: Sequence[str] = ("asked", "agreed")) -> list[Appointment]:
    """Community services at the counters in sight of `by` that are in one of these states, the next first."""
    units = counters(by, *STAFF, "organizer")
    statement = (
        select(Appointment).join(Redemption).join(Counter).join(Unit).where(is_within(units), Appointment.state.in_(states))
    )
    loaded = joinedload(Appointment.redemption)
    options = loaded.joinedload(Redemption.person), loaded.joinedload(Redemption.reward), selectinload(Appointment.steps)
    return list(db.session.scalars(statement.options(*options).order_by(Appointment.agreed_for, Appointment.id)))


def appointment(by: Person, appointment_id: int) -> Appointment:
    """One appointment, seen by the counter's staff, its organizers, and the member. Raises AppointmentNotFound."""
    found = db.session.get(Appointment, appointment_id)
    if found is None:
        raise rules.AppointmentNotFound()
    path, is_own = found.redemption.counter.unit.path, found.redemption.person_id == by.id
    if not is_own and not any(path.startswith(each) for each in counters(by, *STAFF, "organizer")):
        raise rules.AppointmentNotFound()
    return found


def honour(redemption: Redemption, day: date) -> Honour | None:
    """What to print for an honour that was handed over on a day; None for anything else."""
    if redemption.reward.kind != "honour" or redemption.state not in ("handed_over", "return_asked"):
        return None
    unit = redemption.counter.unit.name
    number = f"{day:%Y}-{redemption.reward.number}-{redemption.id:06}"
    return Honour(name=redemption.person.name, honour=redemption.reward.name, unit=unit, honoured_on=day, number=number)


def to_remind(today: date) -> list[Redemption]:
    """The reservations that end within a week and whose members were not reminded yet."""
    reminded = select(RedemptionStep.redemption_id).where(RedemptionStep.kind == "reminded")
    last = today + timedelta(days=rules.REMIND_DAYS)
    wanted = select(Redemption).where(Redemption.state == "reserved", Redemption.hold_ends_on.between(today, last))
    return list(db.session.scalars(wanted.where(Redemption.id.not_in(reminded), ~_is_ordered()).order_by(Redemption.id)))


def overdue(today: date) -> list[int]:
    """The ids of reservations whose last day is over, in the order of rewards, in which they are locked."""
    wanted = select(Redemption.id).where(Redemption.state == "reserved", Redemption.hold_ends_on < today, ~_is_ordered())
    return list(db.session.scalars(wanted.order_by(Redemption.reward_id, Redemption.id)))


def tally(day: date, *, clerk_id: int) -> Tally:
    """What one clerk handed over on a local day."""
    counted = Redemption.undone_at.is_(None)
    statement = select(
        func.count().filter(counted),
        func.coalesce(func.sum(Redemption.quantity).filter(counted), 0),
        func.coalesce(func.sum(Redemption.points).filter(counted), 0),
        func.count().filter(~counted),
    ).where(_is_on(day), Redemption.handed_over_by_id == clerk_id)
    redemptions, pieces, points, undone = db.session.execute(statement).one()
    return Tally(redemptions=redemptions, pieces=int(pieces), points=int(points), undone=undone)


def _is_ordered() -> ColumnElement[bool]:
    """What waits for an order to be over, however long that takes; it is not fetched."""
    return Redemption.id.in_(select(RedemptionOrder.redemption_id))


def _is_on(day: date) -> ColumnElement[bool]:
    start, end = local_instant(day, time()), local_instant(day + timedelta(days=1), time())
    return and_(Redemption.handed_over_at >= start, Redemption.handed_over_at < end)
