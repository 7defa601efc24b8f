"""Everything that only reads rewards and redemptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from bank.clock import local_day, local_instant, month_start, next_month
from bank.db import db
from bank.errors import BankError
from bank.ledger.queries import balance
from bank.people import queries as people
from bank.people.models import Person
from bank.rewards import rules
from bank.rewards.models import Redemption, Reward, StockMovement
from bank.units.models import Unit
from bank.units.queries import unit

STAFF = ("clerk", "admin", "auditor")  # Who may see what others took.
COUNTER_KINDS = ("bank", "street", "community")
MOVEMENTS_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A reward as one member meets it: how many were taken this month, what is missing, and why it cannot be had now."""

    reward: Reward
    taken: int
    missing: int
    refusal: BankError | None


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a day's redemptions come to; what was undone is counted apart. `points` in hundredths."""

    redemptions: int
    pieces: int
    points: int
    undone: int


def terms(reward: Reward) -> rules.Terms:
    """A reward's terms as plain values."""
    return rules.Terms(points=reward.points, stock=reward.stock, monthly_limit=reward.monthly_limit, is_offered=reward.is_offered)


def offered(unit_id: int) -> list[Reward]:
    """What a member of a unit may hope for: the rewards of the unit and of all units above it, cheapest first."""
    above = [int(each) for each in unit(unit_id).path.strip("/").split("/")]
    statement = select(Reward).where(Reward.unit_id.in_(above), Reward.is_offered)
    return list(db.session.scalars(statement.options(joinedload(Reward.unit)).order_by(Reward.points, Reward.number)))


def choices(person: Person, *, at: datetime) -> list[Choice]:
    """Every reward offered to a member, with what stands in the way of one piece of it."""
    available = balance(person.points_account_id)
    taken = taken_this_month(person.id, at)
    return [_choice(each, available, taken.get(each.id, 0)) for each in offered(person.unit_id)]


def choices_at(by: Person, person: Person, *, at: datetime) -> list[Choice]:
    """Of a member's choices those that a clerk hands out."""
    units = tuple(counters(by, "clerk"))
    return [each for each in choices(person, at=at) if each.reward.unit.path.startswith(units)]


def refusal(person: Person, reward: Reward, *, quantity: int, at: datetime) -> BankError | None:
    """Why a member cannot have this many pieces now; of the points the ledger has the last word."""
    if not person.unit.path.startswith(reward.unit.path):
        return rules.NotServedHere(unit=person.unit.name)
    taken = taken_this_month(person.id, at).get(reward.id, 0)
    available = balance(person.points_account_id)
    return rules.refusal(terms(reward), quantity=quantity, taken=taken, available=available)


def _choice(reward: Reward, available: int, taken: int) -> Choice:
    refused = rules.refusal(terms(reward), quantity=1, taken=taken, available=available)
    return Choice(reward=reward, taken=taken, missing=max(0, reward.points - available), refusal=refused)


def taken_this_month(person_id: int, at: datetime) -> dict[int, int]:
    """Pieces a member took in the local month of an instant, by reward; what was undone does not count."""
    first = month_start(local_day(at))
    statement = select(Redemption.reward_id, func.sum(Redemption.quantity)).where(
        Redemption.person_id == person_id,
        Redemption.handed_over_at >= local_instant(first, time()),
        Redemption.handed_over_at < local_instant(next_month(first), time()),
        Redemption.undone_at.is_(None),
    )
    rows = db.session.execute(statement.group_by(Redemption.reward_id))
    return {reward_id: int(pieces) for reward_id, pieces in rows}


def may_undo(by: Person, redemption: Redemption, *, at: datetime) -> bool:
    """Whether a page should offer to undo; `actions.undo` decides."""
    if redemption.undone_at is not None or redemption.person_id == by.id:
        return False
    if people.has_role(by, "admin", redemption.reward.unit_id):
        return True
    clerk_id, handed_over_at = redemption.handed_over_by_id, redemption.handed_over_at
    return rules.may_clerk_undo(clerk_id=clerk_id, by_id=by.id, handed_over_at=handed_over_at, at=at)


def redemption(by: Person, redemption_id: int) -> Redemption:
    """One redemption, seen by staff of its counter and by the member. Raises RedemptionNotFound, also when out of sight."""
    found = db.session.get(Redemption, redemption_id)
    if found is None or (found.person_id != by.id and not _is_seen(by, found.reward.unit.path)):
        raise rules.RedemptionNotFound()
    return found


def reward(by: Person, reward_id: int) -> Reward:
    """One reward, seen by staff of its counter. Raises RewardNotFound, also when out of sight."""
    found = db.session.get(Reward, reward_id)
    if found is None or not _is_seen(by, found.unit.path):
        raise rules.RewardNotFound()
    return found


def movements(reward_id: int) -> list[StockMovement]:
    """What came into a reward's stock and what left it, the latest first."""
    statement = select(StockMovement).where(StockMovement.reward_id == reward_id).options(joinedload(StockMovement.moved_by))
    return list(
        db.session.scalars(statement.order_by(StockMovement.moved_at.desc(), StockMovement.id.desc()).limit(MOVEMENTS_SHOWN))
    )


def reward_by_number(number: str) -> Reward:
    """The reward with a number. Raises RewardNotFound."""
    reward = db.session.scalar(select(Reward).where(Reward.number == number))
    if reward is None:
        raise rules.RewardNotFound(number=number)
    return reward


def visible(by: Person) -> list[Reward]:
    """For staff the catalogue of their counters, for everyone else what is offered to them."""
    units = counters(by, *STAFF)
    return catalogue(units) if units else offered(by.unit_id)


def counters(by: Person, *roles: str) -> list[str]:
    """Paths of the units where `by` holds one of these roles; everything below them counts as well."""
    return sorted({each.unit.path for each in people.grants(by.id) if each.role in roles})


def counter_units(by: Person) -> list[Unit]:
    """Where an admin may open a counter: the bank, its streets and communities."""
    return [each for each in people.units(by=by, role="admin") if each.kind in COUNTER_KINDS]


def catalogue(units: Sequence[str]) -> list[Reward]:
    """All rewards, hidden ones too, of the units with these paths and of those below them, by number."""
    statement = select(Reward).join(Unit).where(_is_within(units)).options(joinedload(Reward.unit))
    return list(db.session.scalars(statement.order_by(func.length(Reward.number), Reward.number)))


def redemptions_on(day: date, units: Sequence[str], *, clerk_id: int | None = None) -> list[Redemption]:
    """A local day's redemptions at the counters of these units and below, the latest first."""
    statement = select(Redemption).join(Reward).join(Unit).where(_is_on(day), _is_within(units))
    if clerk_id is not None:
        statement = statement.where(Redemption.handed_over_by_id == clerk_id)
    statement = statement.options(
        joinedload(Redemption.person),
        joinedload(Redemption.handed_over_by),
        joinedload(Redemption.reward).joinedload(Reward.unit),
    )
    return list(db.session.scalars(statement.order_by(Redemption.handed_over_at.desc(), Redemption.id.desc())))


def redemptions_seen(by: Person, day: date) -> list[Redemption]:
    """For staff a local day at their counters, for everyone else their own, of all days."""
    units = counters(by, *STAFF)
    return redemptions_on(day, units) if units else redemptions_of(by.id)


def redemptions_of(person_id: int) -> list[Redemption]:
    """A member's redemptions, the latest first."""
    statement = select(Redemption).where(Redemption.person_id == person_id).options(joinedload(Redemption.reward))
    return list(db.session.scalars(statement.order_by(Redemption.handed_over_at.desc(), Redemption.id.desc())))


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


def _is_seen(by: Person, path: str) -> bool:
    return any(path.startswith(each) for each in counters(by, *STAFF))


def _is_on(day: date) -> ColumnElement[bool]:
    start, end = local_instant(day, time()), local_instant(day + timedelta(days=1), time())
    return and_(Redemption.handed_over_at >= start, Redemption.handed_over_at < end)


def _is_within(units: Sequence[str]) -> ColumnElement[bool]:
    return or_(False, *(Unit.path.startswith(each, autoescape=True) for each in units))
