"""Everything that changes counters, the catalogue of rewards, and stock by hand."""

from datetime import datetime

from sqlalchemy import Integer, cast, func, select

from bank.clock import local_day
from bank.db import db
from bank.people import changes
from bank.people.actions import grant_role
from bank.people.models import Grant, Person
from bank.people.queries import require_role
from bank.people.rules import Post
from bank.rewards import queries, rules, stock
from bank.rewards.models import Counter, Reward, RewardPicture, RewardPlace, RewardPrice, StockCount
from bank.rewards.stock import Move, locked
from bank.units.queries import unit

COUNTER_NAME = "兑换点"


def open_counter(*, by: Person, unit_id: int, name: str, at: datetime) -> Counter:
    """Open a further counter at a unit. Raises BadCounter, CounterNameTaken."""
    require_role(by, "admin", unit(unit_id).id)
    clean = rules.check_counter_name(name)
    if db.session.scalar(select(Counter.id).where(Counter.unit_id == unit_id, Counter.name == clean)) is not None:
        raise rules.CounterNameTaken(name=clean)
    counter = Counter(unit_id=unit_id, name=clean, opened_at=at)
    db.session.add(counter)
    db.session.flush()
    changes.record(by=by, subject=_of_counter(counter), what="open_counter", before={}, after={"name": clean}, at=at)
    return counter


def close_counter(*, by: Person, counter_id: int, at: datetime) -> Counter:
    """Give a counter up; what happened there stays in the books. Closing it again changes nothing."""
    counter = queries.counter(counter_id)
    require_role(by, "admin", counter.unit_id)
    if counter.closed_at is None:
        counter.closed_at = at
        changes.record(by=by, subject=_of_counter(counter), what="close_counter", before={"name": counter.name}, after={}, at=at)
    db.session.flush()
    return counter


def post_clerk(*, by: Person, person_id: int, counter_id: int, at: datetime) -> Grant:
    """Let a person hand out at one counter and no other; done again it stays as it is.

    Raises CounterNotFound, CounterClosed, and what `people.actions.grant_role` raises.
    """
    counter = queries.counter(counter_id)
    if counter.closed_at is not None:
        raise rules.CounterClosed(name=counter.name)
    post = Post(counter.id, counter.name)
    return grant_role(by=by, person_id=person_id, role="clerk", unit_id=counter.unit_id, post=post, at=at)


def add_reward(*, by: Person, new: rules.NewReward, at: datetime) -> Reward:
    """Put a reward into a unit's catalogue, to be had at the unit's first counter, which is opened if there is none.

    Raises BadReward and NumberTaken.
    """
    require_role(by, "admin", unit(new.unit_id).id)
    rules.check_reward(new)
    number = new.number or _next_number()
    if db.session.scalar(select(Reward.id).where(Reward.number == number)) is not None:
        raise rules.NumberTaken(number=number)
    reward = Reward(number=number, unit_id=new.unit_id, is_counted=new.stock is not None, added_at=at, **_terms(new))
    db.session.add(reward)
    db.session.flush()  # Its price, place and first pieces need the reward's id.
    db.session.add(RewardPrice(reward_id=reward.id, points=new.points, since_at=at, set_by_id=by.id))
    counter = _first_counter(new.unit_id, at)
    db.session.add(RewardPlace(reward_id=reward.id, counter_id=counter.id))
    db.session.flush()
    if new.stock:
        stock.receive(reward, new.stock, counter_id=counter.id, batch=rules.NewBatch(), move=Move(by=by, at=at))
    db.session.refresh(reward)
    changes.record(by=by, subject=_of_reward(reward), what="add_reward", before={}, after=_told(reward), at=at)
    return reward


def change_reward(*, by: Person, reward_id: int, new: rules.NewReward, at: datetime) -> Reward:
    """Give a reward other words, conditions, or a new price from now on; number, unit, kind and stock stay as they are.

    What was redeemed before keeps the price it had. Raises BadReward.
    """
    reward = locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    rules.check_reward(new)
    before = _told(reward)
    for name, value in _terms(new).items():
        if name != "kind":
            setattr(reward, name, value)
    if new.points != reward.points:
        db.session.add(RewardPrice(reward_id=reward.id, points=new.points, since_at=at, set_by_id=by.id))
    db.session.flush()
    db.session.refresh(reward)
    after = _told(reward)
    changed = [name for name in after if after[name] != before[name]]
    changes.record(
        by=by, subject=_of_reward(reward), what="change_reward", before=_only(before, changed), after=_only(after, changed), at=at
    )
    return reward


def set_places(*, by: Person, reward_id: int, counter_ids: list[int], at: datetime) -> Reward:
    """Say at which counters, of the reward's unit and below it, a reward can be had. Raises CounterNotFound."""
    reward = locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    wanted = {queries.counter(each) for each in counter_ids}
    if not wanted or any(not each.unit.path.startswith(reward.unit.path) for each in wanted):
        raise rules.CounterNotFound()
    places = {each.counter_id: each for each in db.session.scalars(select(RewardPlace).filter_by(reward_id=reward.id))}
    for counter in wanted:
        if counter.id not in places:
            db.session.add(RewardPlace(reward_id=reward.id, counter_id=counter.id))
    for counter_id, place in places.items():
        if counter_id not in counter_ids:
            db.session.delete(place)
    db.session.flush()
    db.session.refresh(reward)
    before, after = (",".join(map(str, sorted(each))) for each in (places, {each.id for each in wanted}))
    changes.record(
        by=by, subject=_of_reward(reward), what="set_places", before={"counters": before}, after={"counters": after}, at=at
    )
    return reward


def set_picture(*, by: Person, reward_id: int, content: bytes, media_type: str, at: datetime) -> None:
    """Give a reward a picture, in place of the one before. Raises BadPicture."""
    reward = locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    rules.check_picture(content, media_type)
    picture = db.session.get(RewardPicture, reward_id) or RewardPicture(reward_id=reward_id)
    picture.media_type, picture.content, picture.added_at = media_type, content, at
    db.session.add(picture)
    db.session.flush()
    changes.record(by=by, subject=_of_reward(reward), what="set_picture", before={}, after={"bytes": len(content)}, at=at)


def offer(*, by: Person, reward_id: int, at: datetime) -> Reward:
    """Let a hidden reward be taken again."""
    return _show(by, reward_id, is_offered=True, at=at)


def hide(*, by: Person, reward_id: int, at: datetime) -> Reward:
    """Take a reward out of the offer; what was handed over stays in the books."""
    return _show(by, reward_id, is_offered=False, at=at)


def receive_stock(
    *, by: Person, reward_id: int, quantity: int, reason: str, at: datetime, batch: rules.NewBatch | None = None
) -> Reward:
    """Add pieces that came in. Raises StockNotCounted for a reward that does not run out, BadBatch, NotHadHere."""
    reward = _locked_for_stock(by, reward_id, quantity, reason)
    batch = batch or rules.NewBatch()
    rules.check_batch(batch, on=local_day(at))
    rules.check_quantity((reward.stock or 0) + quantity, most=rules.STOCK_MAX)
    counter_id = queries.place(reward, batch.counter_id).id
    stock.receive(reward, quantity, counter_id=counter_id, batch=batch, move=Move(by=by, at=at, reason=reason))
    return reward


def write_off_stock(
    *, by: Person, reward_id: int, quantity: int, reason: str, at: datetime, batch_id: int | None = None
) -> Reward:
    """Take out what is spoilt or lost, of one batch or of the oldest. Raises OutOfStock, StockNotCounted, BatchNotFound."""
    reward = _locked_for_stock(by, reward_id, quantity, reason)
    batches = [each for each in stock.batches(reward_id) if batch_id in (None, each.id)]
    if batch_id is not None and not batches:
        raise rules.BatchNotFound()
    free = sum(each.free for each in batches)
    if free < quantity:
        raise rules.OutOfStock(stock=free)
    stock.write_off(batches, quantity, move=Move(by=by, at=at, reason=reason))
    return reward


def count_stock(*, by: Person, counter_id: int, reward_id: int, counted: int, reason: str = "", at: datetime) -> StockCount:
    """Write down how many pieces of a reward lie at a counter, those put aside included, and book the difference, if any.

    A loss comes off the oldest batches, a find goes to the youngest. Raises StockNotCounted, BadQuantity, ReasonMissing for
    a difference without one, CountBelowHeld.
    """
    reward, counter = locked(reward_id), queries.counter(counter_id)
    queries.require_clerk(by, counter)
    _check_count(reward, counted)
    batches = stock.batches(reward_id, counter_id)
    expected, held = sum(each.free + each.held for each in batches), sum(each.held for each in batches)
    if counted != expected:
        rules.check_reason(reason)
    if counted < held:
        raise rules.CountBelowHeld(held=held)
    move = Move(by=by, at=at, reason=reason)
    if counted < expected:
        stock.write_off(batches, expected - counted, kind="counted", move=move)
    elif counted > expected:
        batch = batches[-1] if batches else stock.open_batch(reward, counter_id)
        stock.add_found(batch, counted - expected, move=move)
    row = StockCount(
        counter_id=counter.id, reward_id=reward.id, day=local_day(at), expected=expected, counted=counted,
        reason=reason.strip() or None, counted_at=at, counted_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _terms(new: rules.NewReward) -> dict[str, object]:
    names = ("kind", "name", "about", "monthly_limit", "is_offered", "offered_from", "offered_until", "stars_min")
    return {each: getattr(new, each) for each in (*names, "age_min", "age_max")}


def _first_counter(unit_id: int, at: datetime) -> Counter:
    wanted = select(Counter).where(Counter.unit_id == unit_id, Counter.closed_at.is_(None)).order_by(Counter.id)
    counter = db.session.scalar(wanted.limit(1))
    if counter is None:
        counter = Counter(unit_id=unit_id, name=COUNTER_NAME, opened_at=at)
        db.session.add(counter)
        db.session.flush()  # The reward's place needs the counter's id.
    return counter


def _show(by: Person, reward_id: int, *, is_offered: bool, at: datetime) -> Reward:
    reward = locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    if reward.is_offered != is_offered:
        reward.is_offered = is_offered
        changes.record(by=by, subject=_of_reward(reward), what="offer" if is_offered else "hide", before={}, after={}, at=at)
    db.session.flush()
    return reward


def _told(reward: Reward) -> dict[str, object]:
    """A reward's terms and price as the record of changes keeps them."""
    names = ("name", "about", "points", "monthly_limit", "offered_from", "offered_until", "stars_min", "age_min", "age_max")
    return {each: getattr(reward, each) for each in names}


def _only(values: dict[str, object], names: list[str]) -> dict[str, object]:
    return {each: values[each] for each in names}


def _of_reward(reward: Reward) -> changes.Subject:
    return changes.Subject("reward", reward.number, reward.unit_id)


def _of_counter(counter: Counter) -> changes.Subject:
    return changes.Subject("counter", str(counter.id), counter.unit_id)


def _locked_for_stock(by: Person, reward_id: int, quantity: int, reason: str) -> Reward:
    reward = locked(reward_id)
    require_role(by, "admin", reward.unit_id)
    rules.check_quantity(quantity, most=rules.STOCK_MAX)
    rules.check_reason(reason)
    if not reward.is_counted:
        raise rules.StockNotCounted()
    return reward


def _check_count(reward: Reward, counted: int) -> None:
    if not reward.is_counted:
        raise rules.StockNotCounted()
    if counted:
        rules.check_quantity(counted, most=rules.STOCK_MAX)


def _next_number() -> str:
    """The number after the highest; two at once are told apart by the unique key."""
    highest = db.session.scalar(select(func.max(cast(Reward.number, Integer))))
    return str(max(highest or 0, 100) + 1)
