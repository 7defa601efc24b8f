"""Everything that only reads counters, the catalogue and stock."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from bank.db import db
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import RoleMissing
from bank.rewards import rules
from bank.rewards.models import Batch, Counter, Reward, RewardPicture, RewardPlace, RewardPrice, StockCount, StockMovement
from bank.units.models import Unit
from bank.units.queries import unit

STAFF = ("clerk", "admin", "auditor")  # Who may see what others took.
COUNTER_KINDS = ("bank", "street", "community")
MOVEMENTS_SHOWN = 50


def offered(unit_id: int) -> list[Reward]:
    """What a member of a unit may hope for: the rewards of the unit and of all units above it, cheapest first."""
    above = [int(each) for each in unit(unit_id).path.strip("/").split("/")]
    statement = select(Reward).where(Reward.unit_id.in_(above), Reward.is_offered)
    options = joinedload(Reward.unit), selectinload(Reward.counters)
    return list(db.session.scalars(statement.options(*options).order_by(Reward.points, Reward.number)))


def reward(by: Person, reward_id: int) -> Reward:
    """One reward, seen by staff of its unit or of a counter where it is had. Raises RewardNotFound, also when out of sight."""
    found = db.session.get(Reward, reward_id)
    if found is None or not any(is_seen(by, path) for path in (found.unit.path, *(each.unit.path for each in found.counters))):
        raise rules.RewardNotFound()
    return found


def reward_by_number(number: str) -> Reward:
    """The reward with a number. Raises RewardNotFound."""
    found = db.session.scalar(select(Reward).where(Reward.number == number))
    if found is None:
        raise rules.RewardNotFound(number=number)
    return found


def visible(by: Person) -> list[Reward]:
    """For staff the catalogue of their counters, for everyone else what is offered to them."""
    units = counters(by, *STAFF)
    return catalogue(units) if units else offered(by.unit_id)


def catalogue(units: Sequence[str]) -> list[Reward]:
    """All rewards, hidden ones too, that belong to the units with these paths or below, or are had there, by number."""
    had_there = (
        select(RewardPlace.reward_id)
        .join(Counter, Counter.id == RewardPlace.counter_id)
        .join(Unit, Unit.id == Counter.unit_id)
        .where(is_within(units))
    )
    owned = select(Reward.id).join(Unit).where(is_within(units))
    statement = select(Reward).where(or_(Reward.id.in_(owned), Reward.id.in_(had_there)))
    options = joinedload(Reward.unit), selectinload(Reward.counters)
    return list(db.session.scalars(statement.options(*options).order_by(func.length(Reward.number), Reward.number)))


def counter(counter_id: int) -> Counter:
    """One counter. Raises CounterNotFound."""
    found = db.session.get(Counter, counter_id)
    if found is None:
        raise rules.CounterNotFound()
    return found


def place(reward: Reward, counter_id: int | None) -> Counter:
    """The counter where a reward is had: the named one, or its first. Raises CounterNotFound, CounterClosed, NotHadHere."""
    chosen = counter(counter_id) if counter_id is not None else next(iter(reward.counters), None)
    if chosen is None or chosen not in reward.counters:
        raise rules.NotHadHere(place="、".join(f"{each.unit.name}{each.name}" for each in reward.counters))
    if chosen.closed_at is not None:
        raise rules.CounterClosed(name=chosen.name)
    return chosen


def place_for(by: Person, reward: Reward, counter_id: int | None) -> Counter:
    """The counter at which `by` hands a reward out: the named one, or the first of the reward's where he may. As `place`."""
    if counter_id is None:
        counter_id = next((each.id for each in reward.counters if is_clerk(by, each)), None)
    return place(reward, counter_id)


def is_clerk(by: Person, counter: Counter) -> bool:
    """Whether `by` hands out at this counter: as a clerk of its unit, of one above it, or of this counter alone."""
    return any(
        role == "clerk" and counter.unit.path.startswith(path) and bound_to in (None, counter.id)
        for role, path, bound_to in people.held_by(by)
    )


def require_clerk(by: Person, counter: Counter) -> None:
    """Raise RoleMissing unless `by` hands out at this counter."""
    if not is_clerk(by, counter):
        raise RoleMissing(role="clerk")


def counters(by: Person, *roles: str) -> list[str]:
    """Paths of the units where `by` holds one of these roles; everything below them counts as well."""
    return sorted({each.unit.path for each in people.grants(by.id) if each.role in roles})


def counters_of(by: Person, *roles: str) -> list[Counter]:
    """The open counters where `by` holds one of these roles, by unit and name."""
    statement = select(Counter).join(Unit).where(is_within(counters(by, *roles)), Counter.closed_at.is_(None))
    return list(db.session.scalars(statement.options(joinedload(Counter.unit)).order_by(Unit.path, Counter.id)))


def lanes_of(by: Person) -> list[Counter]:
    """The open counters at which `by` hands out, by unit and name."""
    return [each for each in counters_of(by, "clerk") if is_clerk(by, each)]


def counter_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of counters by their ids."""
    wanted = select(Counter.id, Counter.name).where(Counter.id.in_([each for each in ids if each is not None]))
    return {row.id: row.name for row in db.session.execute(wanted)}


def counter_units(by: Person) -> list[Unit]:
    """Where an admin may open a counter: the bank, its streets and communities."""
    return [each for each in people.units(by=by, role="admin") if each.kind in COUNTER_KINDS]


def movements(reward_id: int) -> list[StockMovement]:
    """What came into a reward's stock and what left it, the latest first."""
    statement = select(StockMovement).join(Batch).where(Batch.reward_id == reward_id)
    statement = statement.options(joinedload(StockMovement.moved_by), joinedload(StockMovement.batch))
    return list(
        db.session.scalars(statement.order_by(StockMovement.moved_at.desc(), StockMovement.id.desc()).limit(MOVEMENTS_SHOWN))
    )


def prices(reward_id: int) -> list[RewardPrice]:
    """What a reward cost since when, the present price first."""
    statement = select(RewardPrice).where(RewardPrice.reward_id == reward_id).order_by(RewardPrice.id.desc())
    return list(db.session.scalars(statement.options(joinedload(RewardPrice.set_by))))


def price_at(reward_id: int, at: datetime) -> int | None:
    """What one piece cost at an instant, in hundredths; None before it had a price."""
    wanted = select(RewardPrice.points).where(RewardPrice.reward_id == reward_id, RewardPrice.since_at <= at)
    return db.session.scalar(wanted.order_by(RewardPrice.id.desc()).limit(1))


def picture(reward_id: int) -> RewardPicture | None:
    """A reward's picture, if it has one."""
    return db.session.get(RewardPicture, reward_id)


def pictured(reward_ids: Sequence[int]) -> set[int]:
    """Which of these rewards have a picture."""
    return set(db.session.scalars(select(RewardPicture.reward_id).where(RewardPicture.reward_id.in_(reward_ids))))


def counts(reward_id: int) -> list[StockCount]:
    """When a reward was counted, where and with what result, the latest first."""
    statement = select(StockCount).where(StockCount.reward_id == reward_id).options(joinedload(StockCount.counted_by))
    return list(db.session.scalars(statement.order_by(StockCount.id.desc()).limit(MOVEMENTS_SHOWN)))


def wrong_batches() -> list[int]:
    """The ids of batches that do not hold what their movements add up to; none, or the books are broken."""
    free, held = (func.coalesce(func.sum(each), 0) for each in (StockMovement.free, StockMovement.held))
    summed = select(Batch.id).outerjoin(StockMovement).group_by(Batch.id, Batch.free, Batch.held)
    return list(db.session.scalars(summed.having(or_(free != Batch.free, held != Batch.held)).order_by(Batch.id)))


def is_seen(by: Person, path: str) -> bool:
    """Whether `by` is staff of the unit with this path or of one above it."""
    return any(path.startswith(each) for each in counters(by, *STAFF))


def is_within(units: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a joined unit is one of those with these paths or below them."""
    return or_(False, *(Unit.path.startswith(each, autoescape=True) for each in units))
