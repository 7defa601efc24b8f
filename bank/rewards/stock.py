"""How pieces move: in, aside, out and back. Each movement is a row; the database keeps what a batch holds with it.

Whoever calls holds the reward's lock (`locked`), so that two counters wanting the last piece come one after the other.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from bank.db import db
from bank.people.models import Person
from bank.rewards import rules
from bank.rewards.models import Batch, Reward, StockMovement


@dataclass(frozen=True, kw_only=True)
class Move:
    """Who moves pieces, when, and why or for which redemption; `by` None is the bank itself."""

    by: Person | None
    at: datetime
    reason: str | None = None
    redemption_id: int | None = None


def locked(reward_id: int) -> Reward:
    """The reward, kept from being taken or changed by others until the end. Raises RewardNotFound."""
    known = db.session.scalar(select(Reward.id).where(Reward.id == reward_id).with_for_update())
    if known is None:
        raise rules.RewardNotFound()
    # Read after the lock was got: what is left may have changed while we waited.
    return db.session.get_one(Reward, reward_id, populate_existing=True)


def receive(reward: Reward, quantity: int, *, counter_id: int, batch: rules.NewBatch, move: Move) -> Batch:
    """Add pieces to the batch of this label and best-before day at the counter, which begins with them if it is new."""
    found = db.session.scalar(
        select(Batch).where(
            Batch.reward_id == reward.id,
            Batch.counter_id == counter_id,
            Batch.label == batch.label,
            Batch.best_before.is_(None) if batch.best_before is None else Batch.best_before == batch.best_before,
        )
    )
    found = found or open_batch(reward, counter_id, batch)
    _write(found, "received", free=quantity, move=move)
    return found


def open_batch(reward: Reward, counter_id: int, batch: rules.NewBatch | None = None) -> Batch:
    """An empty batch of a reward at a counter."""
    batch = batch or rules.NewBatch()
    opened = Batch(reward_id=reward.id, counter_id=counter_id, label=batch.label, best_before=batch.best_before)
    db.session.add(opened)
    db.session.flush()  # The movement needs the batch's id.
    return opened


def reserve(reward: Reward, quantity: int, *, counter_id: int, day: date, move: Move) -> None:
    """Put pieces of the oldest fresh batches aside."""
    for batch, pieces in _oldest(reward, quantity, counter_id, day):
        _write(batch, "reserved", free=-pieces, held=pieces, move=move)


def hand_over(reward: Reward, quantity: int, *, counter_id: int, day: date, move: Move) -> None:
    """Take pieces of the oldest fresh batches out of the house."""
    for batch, pieces in _oldest(reward, quantity, counter_id, day):
        _write(batch, "handed_over", free=-pieces, move=move)


def hand_over_held(reward: Reward, *, counter_id: int, day: date, move: Move) -> None:
    """Take out what was put aside for a redemption; what got too old meanwhile is changed for fresh. Raises BatchOutdated."""
    waiting = _held(move.redemption_id)
    old = [(batch, pieces) for batch, pieces in waiting if batch.best_before is not None and batch.best_before < day]
    held = {batch: pieces for batch, pieces in waiting if (batch, pieces) not in old}
    fresh = dict(_oldest(reward, sum(pieces for _, pieces in old), counter_id, day)) if old else {}
    for batch, pieces in old:
        _write(batch, "released", free=pieces, held=-pieces, move=move)
    for batch in sorted({*held, *fresh}, key=lambda each: each.id):
        _write(batch, "handed_over", free=-fresh.get(batch, 0), held=-held.get(batch, 0), move=move)


def release(*, move: Move) -> None:
    """Put what was held for a redemption back among the free pieces."""
    for batch, pieces in _held(move.redemption_id):
        _write(batch, "released", free=pieces, held=-pieces, move=move)


def take_back(*, is_usable: bool = True, move: Move) -> None:
    """Take back what was handed over, into the batches it came from; what cannot be given again is written off at once."""
    gone = select(StockMovement).where(StockMovement.redemption_id == move.redemption_id, StockMovement.kind == "handed_over")
    for each in db.session.scalars(gone.order_by(StockMovement.batch_id)).all():
        pieces = -(each.free + each.held)
        _write(each.batch, "returned", free=pieces, move=move)
        if not is_usable:
            _write(each.batch, "written_off", free=-pieces, move=move)


def write_off(batches: list[Batch], quantity: int, *, kind: str = "written_off", move: Move) -> None:
    """Take free pieces out of these batches, in their order. The caller knows that there are so many."""
    for batch in batches:
        pieces = min(batch.free, quantity)
        if pieces:
            _write(batch, kind, free=-pieces, move=move)
            quantity -= pieces
    assert quantity == 0, "more was written off than is there"


def add_found(batch: Batch, quantity: int, *, move: Move) -> None:
    """Add pieces that a count has found."""
    _write(batch, "counted", free=quantity, move=move)


def batches(reward_id: int, counter_id: int | None = None) -> list[Batch]:
    """A reward's batches, oldest first: by best-before day, then as they came; those without a day last."""
    wanted = select(Batch).where(Batch.reward_id == reward_id).execution_options(populate_existing=True)
    if counter_id is not None:
        wanted = wanted.where(Batch.counter_id == counter_id)
    return list(db.session.scalars(wanted.order_by(Batch.best_before.is_(None), Batch.best_before, Batch.id)))


def left(reward_ids: list[int], *, counter_id: int | None, day: date) -> dict[int, tuple[int, int]]:
    """How many free pieces of each reward are (fresh, outdated) on a day, at a counter or at all."""
    is_fresh = or_(Batch.best_before.is_(None), Batch.best_before >= day)
    fresh, all_free = func.sum(Batch.free).filter(is_fresh), func.sum(Batch.free)
    wanted = select(Batch.reward_id, func.coalesce(fresh, 0), all_free).where(Batch.reward_id.in_(reward_ids))
    if counter_id is not None:
        wanted = wanted.where(Batch.counter_id == counter_id)
    rows = db.session.execute(wanted.group_by(Batch.reward_id))
    return {reward_id: (int(some), int(total) - int(some)) for reward_id, some, total in rows}


def _oldest(reward: Reward, quantity: int, counter_id: int, day: date) -> list[tuple[Batch, int]]:
    """From which batches so many pieces come. Raises OutOfStock, or BatchOutdated when only old ones are left."""
    if not reward.is_counted:
        return []
    there = batches(reward.id, counter_id)
    fresh = [each for each in there if each.best_before is None or each.best_before >= day]
    taken, wanted = [], quantity
    for batch in fresh:
        pieces = min(batch.free, wanted)
        taken += [(batch, pieces)] if pieces else []
        wanted -= pieces
    if not wanted:
        return taken
    free = sum(each.free for each in fresh)
    outdated = sum(each.free for each in there) - free
    raise rules.BatchOutdated(stock=free, outdated=outdated) if free + outdated >= quantity else rules.OutOfStock(stock=free)


def _held(redemption_id: int | None) -> list[tuple[Batch, int]]:
    """What is put aside for a redemption, by batch."""
    held = func.sum(StockMovement.held)
    of_it = select(StockMovement.batch_id, held).where(StockMovement.redemption_id == redemption_id)
    rows = db.session.execute(of_it.group_by(StockMovement.batch_id).having(held > 0).order_by(StockMovement.batch_id)).all()
    return [(db.session.get_one(Batch, batch_id, populate_existing=True), int(pieces)) for batch_id, pieces in rows]


def _write(batch: Batch, kind: str, *, free: int = 0, held: int = 0, move: Move) -> None:
    db.session.add(
        StockMovement(
            batch_id=batch.id,
            kind=kind,
            free=free,
            held=held,
            redemption_id=move.redemption_id,
            reason=move.reason,
            moved_at=move.at,
            moved_by_id=move.by.id if move.by else None,
        )
    )
    db.session.flush()  # The database changes the batch with it.
    db.session.expire(batch)
    if (reward := db.session.get(Reward, batch.reward_id)) is not None:
        db.session.expire(reward, ["stock"])
