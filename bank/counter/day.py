"""The end of a counter's day: its figures are signed off, and what changes afterwards shows beside them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bank.clock import local_day, local_instant
from bank.counter import rules
from bank.counter.models import DayEnd, Redemption
from bank.db import db
from bank.people.models import Person
from bank.rewards import queries as rewards
from bank.rewards.models import Batch, Counter, Reward, StockCount, StockMovement
from bank.rewards.rules import check_reason


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A day at a counter: what was handed over (undone apart), `points` in hundredths, rewards counted, pieces that differed."""

    redemptions: int
    pieces: int
    points: int
    undone: int
    returned: int
    counted: int
    differences: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """A counter's day: its figures now, how it was signed off last, and whether something changed since."""

    counter: Counter
    day: date
    figures: Figures
    signed: list[DayEnd]
    redemptions: list[Redemption]
    counts: list[StockCount]
    to_count: list[Reward]

    @property
    def is_closed(self) -> bool:
        """Whether the day is signed off and was not opened again."""
        return bool(self.signed) and self.signed[-1].is_closed

    @property
    def is_changed(self) -> bool:
        """Whether the figures are others than those that were signed."""
        return self.is_closed and self.figures != figures_of(self.signed[-1])


def require_open(counter_id: int, day: date) -> None:
    """Raise DayClosed when the counter's day is signed off."""
    last = db.session.scalar(_ends(counter_id, day).order_by(DayEnd.number.desc()).limit(1))
    if last is not None and last.is_closed:
        raise rules.DayClosed(closed_at=last.at)


def close(*, by: Person, counter_id: int, at: datetime) -> DayEnd:
    """Sign a counter's day off, today's; what moved must have been counted. Raises DayClosed, CountMissing."""
    counter, day = _locked(by, counter_id), local_day(at)
    require_open(counter.id, day)
    missing = to_count(counter.id, day)
    if missing:
        raise rules.CountMissing(names="、".join(each.name for each in missing[:5]), missing=len(missing))
    return _write(counter, day, is_closed=True, reason=None, by=by, at=at)


def reopen(*, by: Person, counter_id: int, reason: str, at: datetime) -> DayEnd:
    """Open today's day again after it was signed off, for a reason. Raises DayOpen, ReasonMissing."""
    counter, day = _locked(by, counter_id), local_day(at)
    check_reason(reason)
    last = db.session.scalar(_ends(counter.id, day).order_by(DayEnd.number.desc()).limit(1))
    if last is None or not last.is_closed:
        raise rules.DayOpen()
    return _write(counter, day, is_closed=False, reason=reason, by=by, at=at)


def report(counter: Counter, day: date) -> Report:
    """One counter's day."""
    handed = select(Redemption).where(Redemption.counter_id == counter.id, *_within(Redemption.handed_over_at, day))
    options = joinedload(Redemption.person), joinedload(Redemption.reward), joinedload(Redemption.handed_over_by)
    counts = select(StockCount).where(StockCount.counter_id == counter.id, StockCount.day == day).order_by(StockCount.id)
    return Report(
        counter=counter,
        day=day,
        figures=figures(counter.id, day),
        signed=list(db.session.scalars(_ends(counter.id, day).options(joinedload(DayEnd.by)).order_by(DayEnd.number))),
        redemptions=list(db.session.scalars(handed.options(*options).order_by(Redemption.handed_over_at, Redemption.id))),
        counts=list(db.session.scalars(counts.options(joinedload(StockCount.reward), joinedload(StockCount.counted_by)))),
        to_count=to_count(counter.id, day),
    )


def reports(by: Person, day: date) -> list[Report]:
    """A day at every counter in sight of staff: a clerk's own, a supervisor's and an auditor's all."""
    return [report(each, day) for each in rewards.counters_of(by, *rewards.STAFF)]


def figures(counter_id: int, day: date) -> Figures:
    """What a counter's day comes to as the books stand now."""
    kept = Redemption.undone_at.is_(None)
    handed = select(
        func.count().filter(kept),
        func.coalesce(func.sum(Redemption.quantity).filter(kept), 0),
        func.coalesce(func.sum(Redemption.points).filter(kept), 0),
        func.count().filter(Redemption.state == "undone"),
        func.count().filter(Redemption.state == "returned"),
    ).where(Redemption.counter_id == counter_id, *_within(Redemption.handed_over_at, day))
    redemptions, pieces, points, undone, returned = db.session.execute(handed).one()
    counted, differences = db.session.execute(
        select(
            func.count(StockCount.reward_id.distinct()),
            func.coalesce(func.sum(func.abs(StockCount.counted - StockCount.expected)), 0),
        ).where(StockCount.counter_id == counter_id, StockCount.day == day)
    ).one()
    return Figures(
        redemptions=redemptions, pieces=int(pieces), points=int(points), undone=undone, returned=returned,
        counted=counted, differences=int(differences),
    )  # fmt: skip


def figures_of(signed: DayEnd) -> Figures:
    """The figures as they were signed."""
    return Figures(**{name: getattr(signed, name) for name in Figures.__dataclass_fields__})


def to_count(counter_id: int, day: date) -> list[Reward]:
    """The rewards of which pieces moved at a counter on a day after they were last counted, by number."""
    last_counted = (
        select(func.max(StockCount.counted_at))
        .where(StockCount.counter_id == counter_id, StockCount.reward_id == Batch.reward_id)
        .correlate(Batch)
        .scalar_subquery()
    )
    moved = (
        select(Batch.reward_id)
        .join(StockMovement)
        .where(Batch.counter_id == counter_id, *_within(StockMovement.moved_at, day))
        .where(StockMovement.kind.not_in(("reserved", "released", "counted")))  # These move no piece from its place.
        .where((last_counted.is_(None)) | (StockMovement.moved_at > last_counted))
    )
    return list(
        db.session.scalars(select(Reward).where(Reward.id.in_(moved)).order_by(func.length(Reward.number), Reward.number))
    )


def _locked(by: Person, counter_id: int) -> Counter:
    """The counter, so that its day is not signed off twice at once."""
    counter = rewards.counter(counter_id)
    rewards.require_clerk(by, counter)
    db.session.execute(select(Counter.id).where(Counter.id == counter_id).with_for_update())
    return counter


def _write(counter: Counter, day: date, *, is_closed: bool, reason: str | None, by: Person, at: datetime) -> DayEnd:
    number = 1 + (db.session.scalar(select(func.max(DayEnd.number)).where(*_of(counter.id, day))) or 0)
    row = DayEnd(
        counter_id=counter.id, day=day, number=number, is_closed=is_closed, reason=reason, at=at, by_id=by.id,
        **vars(figures(counter.id, day)),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _ends(counter_id: int, day: date):  # type: ignore[no-untyped-def]
    return select(DayEnd).where(*_of(counter_id, day))


def _of(counter_id: int, day: date):  # type: ignore[no-untyped-def]
    return DayEnd.counter_id == counter_id, DayEnd.day == day


def _within(column, day: date):  # type: ignore[no-untyped-def]
    return column >= local_instant(day, time()), column < local_instant(day + timedelta(days=1), time())
