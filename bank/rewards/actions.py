"""Everything that changes rewards, their stock and redemptions."""

from datetime import datetime

from sqlalchemy import Integer, cast, func, select

from bank.clock import local_day
from bank.db import db
from bank.ledger import actions as ledger
from bank.ledger.queries import system_account
from bank.ledger.rules import KeyReused, NewEntry, NewTransfer
from bank.people import queries as people
from bank.people.models import Person
from bank.people.queries import has_role, require_role
from bank.rewards import rules
from bank.rewards.models import Redemption, Reward, StockMovement
from bank.rewards.queries import refusal
from bank.units.queries import unit


def add_reward(*, by: Person, new: rules.NewReward, at: datetime) -> Reward:
    """Put a reward into the catalogue of a unit's counter. Raises BadReward and NumberTaken."""
    require_role(by, "admin", unit(new.unit_id).id)
    rules.check_reward(new)
    number = new.number or _next_number()
    if db.session.scalar(select(Reward.id).where(Reward.number == number)) is not None:
        raise rules.NumberTaken(number=number)
    reward = Reward(
        number=number,
        kind=new.kind,
        name=new.name,
        points=new.points,
        stock=None if new.stock is None else 0,
        monthly_limit=new.monthly_limit,
        unit_id=new.unit_id,
        is_offered=new.is_offered,
        added_at=at,
    )
    db.session.add(reward)
    db.session.flush()  # The first movement of stock needs the reward's id.
    if new.stock:
        _move_stock(reward, "received", new.stock, by=by, at=at)
        db.session.flush()
    return reward


def offer(*, by: Person, reward_id: int) -> Reward:
    """Let a hidden reward be taken again."""
    reward = _locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    reward.is_offered = True
    db.session.flush()
    return reward


def hide(*, by: Person, reward_id: int) -> Reward:
    """Take a reward out of the offer; what was handed over stays in the books."""
    reward = _locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    reward.is_offered = False
    db.session.flush()
    return reward


def receive_stock(*, by: Person, reward_id: int, quantity: int, reason: str, at: datetime) -> Reward:
    """Add pieces that came in. Raises StockNotCounted for a reward that does not run out."""
    reward = _locked_for_stock(by, reward_id, quantity, reason)
    rules.check_quantity((reward.stock or 0) + quantity, most=rules.STOCK_MAX)
    _move_stock(reward, "received", quantity, by=by, at=at, reason=reason)
    db.session.flush()
    return reward


def write_off_stock(*, by: Person, reward_id: int, quantity: int, reason: str, at: datetime) -> Reward:
    """Take out pieces that are spoilt, lost or miscounted. Raises OutOfStock, StockNotCounted."""
    reward = _locked_for_stock(by, reward_id, quantity, reason)
    if (reward.stock or 0) < quantity:
        raise rules.OutOfStock(stock=reward.stock)
    _move_stock(reward, "written_off", -quantity, by=by, at=at, reason=reason)
    db.session.flush()
    return reward


def redeem(*, by: Person, person_id: int, reward_id: int, quantity: int, key: str, at: datetime) -> Redemption:
    """Take a member's points and hand the reward over; points and stock move together or not at all.

    The clerk holds the role at the reward's counter and is not the member; the member belongs there. The same key again
    gives the first redemption. Raises OutOfStock, BalanceTooLow, MonthlyLimitReached, RewardNotOffered, NotForYourself,
    NotServedHere, PersonNotFound, BadQuantity, KeyReused.
    """
    reward = _locked(reward_id)  # Two counters may want the last piece: whoever comes second sees what is left.
    require_role(by, "clerk", reward.unit_id)
    rules.check_quantity(quantity)
    earlier = db.session.scalar(select(Redemption).where(Redemption.key == key))
    if earlier is not None:
        return _same(earlier, by, person_id, reward_id, quantity)
    person = people.person(by=by, person_id=person_id)
    if person.id == by.id:
        raise rules.NotForYourself()
    refused = refusal(person, reward, quantity=quantity, at=at)
    if refused is not None:
        raise refused
    return _hand_over(person, reward, quantity, by=by, key=key, at=at)


def undo(*, by: Person, redemption_id: int, reason: str, at: datetime) -> Redemption:
    """Give the points back by an opposite entry and put the pieces back into stock.

    The same clerk may within 15 minutes, an administrator of the counter at any time; the member, who gets the points
    back, is the second person. Raises UndoTooLate, AlreadyUndone, ReasonMissing, NotForYourself.
    """
    redemption = db.session.get(Redemption, redemption_id)
    if redemption is None:
        raise rules.RedemptionNotFound()
    reward = _locked(redemption.reward_id)  # The reward first, as in redeem(), so that the two never wait for each other.
    db.session.refresh(redemption, with_for_update=True)
    _require_may_undo(by, redemption, at)
    rules.check_reason(reason)
    if redemption.undone_at is not None:
        raise rules.AlreadyUndone(undone_at=redemption.undone_at)
    posted = ledger.reverse(
        entry_id=redemption.entry_id,
        key=f"undo:{redemption.key}",
        reason=reason,
        recorded_by=by.key,
        approved_by=redemption.person.key,
        effective_on=local_day(at),
        at=at,
    )
    redemption.undone_at, redemption.undone_by_id, redemption.undo_entry_id = at, by.id, posted.entry_id
    _move_stock(reward, "returned", redemption.quantity, by=by, at=at, reason=reason, redemption=redemption)
    db.session.flush()
    return redemption


def _locked(reward_id: int) -> Reward:
    reward = db.session.get(Reward, reward_id, with_for_update=True, populate_existing=True)
    if reward is None:
        raise rules.RewardNotFound()
    return reward


def _locked_for_stock(by: Person, reward_id: int, quantity: int, reason: str) -> Reward:
    reward = _locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    rules.check_quantity(quantity, most=rules.STOCK_MAX)
    rules.check_reason(reason)
    if reward.stock is None:
        raise rules.StockNotCounted()
    return reward


def _next_number() -> str:
    """The number after the highest; two at once are told apart by the unique key."""
    highest = db.session.scalar(select(func.max(cast(Reward.number, Integer))))
    return str(max(highest or 0, 100) + 1)


def _same(earlier: Redemption, by: Person, person_id: int, reward_id: int, quantity: int) -> Redemption:
    asked = (by.id, person_id, reward_id, quantity)
    if (earlier.handed_over_by_id, earlier.person_id, earlier.reward_id, earlier.quantity) != asked:
        raise KeyReused()
    return earlier


def _hand_over(person: Person, reward: Reward, quantity: int, *, by: Person, key: str, at: datetime) -> Redemption:
    points = reward.points * quantity
    move = NewTransfer("points", person.points_account_id, system_account("redeemed", "points"), points)
    entry = NewEntry(key=f"redemption:{key}", kind="redeem", effective_on=local_day(at), transfers=(move,), recorded_by=by.key)
    [posted] = ledger.post([entry], at=at)
    redemption = Redemption(
        key=key,
        person_id=person.id,
        reward_id=reward.id,
        quantity=quantity,
        points=points,
        entry_id=posted.entry_id,
        handed_over_at=at,
        handed_over_by_id=by.id,
    )
    db.session.add(redemption)
    db.session.flush()  # The movement of stock names the redemption.
    _move_stock(reward, "handed_over", -quantity, by=by, at=at, redemption=redemption)
    db.session.flush()
    return redemption


def _require_may_undo(by: Person, redemption: Redemption, at: datetime) -> None:
    if redemption.person_id == by.id:
        raise rules.NotForYourself()
    if has_role(by, "admin", redemption.reward.unit_id):
        return
    require_role(by, "clerk", redemption.reward.unit_id)
    clerk_id, handed_over_at = redemption.handed_over_by_id, redemption.handed_over_at
    if not rules.may_clerk_undo(clerk_id=clerk_id, by_id=by.id, handed_over_at=handed_over_at, at=at):
        raise rules.UndoTooLate(handed_over_at=handed_over_at)


def _move_stock(
    reward: Reward,
    kind: str,
    quantity: int,
    *,
    by: Person,
    at: datetime,
    reason: str | None = None,
    redemption: Redemption | None = None,
) -> None:
    """Write the movement and change the stock with it; what does not run out is not counted."""
    if reward.stock is None:
        return
    reward.stock += quantity
    movement = StockMovement(reward_id=reward.id, kind=kind, quantity=quantity, reason=reason, moved_at=at, moved_by_id=by.id)
    movement.redemption_id = redemption.id if redemption is not None else None
    db.session.add(movement)
