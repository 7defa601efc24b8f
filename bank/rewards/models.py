"""Counters, the catalogue of rewards with their prices, and stock by counter and batch."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    case,
    func,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.people.models import Person
from bank.rewards import guards
from bank.rewards.rules import KINDS
from bank.units.models import Unit


class Counter(Base):
    """A place where rewards are handed out, bound to a unit; it has a stock of its own."""

    __tablename__ = "counter"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (UniqueConstraint("unit_id", "name"),)


class RewardPrice(Base):
    """What a reward costs (`points` each, in hundredths) from an instant on; append-only, the latest row counts."""

    __tablename__ = "reward_price"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), index=True)
    points: Mapped[int] = mapped_column(BigInteger)
    since_at: Mapped[datetime] = mapped_column(Instant)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    set_by: Mapped[Person | None] = relationship()

    __table_args__ = (CheckConstraint("points > 0", name="points"), APPEND_ONLY)


class RewardPlace(Base):
    """A counter at which a reward can be had."""

    __tablename__ = "reward_place"

    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True, index=True)


class RewardPicture(Base):
    """What a reward looks like."""

    __tablename__ = "reward_picture"

    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("media_type IN ('image/png', 'image/jpeg', 'image/webp')", name="media_type"),)


class Batch(Base):
    """Pieces of a reward that came to a counter together: `free` may be taken, `held` wait for who reserved them."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    label: Mapped[str] = mapped_column(String(40), default="")
    best_before: Mapped[date | None]
    free: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    last_movement_id: Mapped[int | None] = mapped_column(Id)

    counter: Mapped[Counter] = relationship()

    __table_args__ = (
        CheckConstraint("free >= 0", name="free"),
        CheckConstraint("held >= 0", name="held"),
        Index(None, "reward_id", "counter_id"),
        {"info": {"guards": {"sqlite": guards.SQLITE, "postgresql": guards.POSTGRES}, "functions": guards.FUNCTIONS}},
    )


class Reward(Base):
    """Something points can be given for, by members of its unit and below. `stock` is None for what does not run out.

    `points` is the price at present; `stock` what is free at all its counters, outdated batches included.
    """

    __tablename__ = "reward"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(200), default="")
    is_counted: Mapped[bool] = mapped_column()
    monthly_limit: Mapped[int | None] = mapped_column(SmallInteger)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    is_offered: Mapped[bool]
    offered_from: Mapped[date | None]
    offered_until: Mapped[date | None]
    stars_min: Mapped[int] = mapped_column(SmallInteger, default=0)
    age_min: Mapped[int | None] = mapped_column(SmallInteger)
    age_max: Mapped[int | None] = mapped_column(SmallInteger)
    added_at: Mapped[datetime] = mapped_column(Instant)

    points: Mapped[int] = column_property(
        select(RewardPrice.points)
        .where(RewardPrice.reward_id == id)
        .order_by(RewardPrice.id.desc())
        .limit(1)
        .correlate_except(RewardPrice)
        .scalar_subquery()
    )
    stock: Mapped[int | None] = column_property(
        case(
            (
                is_counted,
                select(func.coalesce(func.sum(Batch.free), 0))
                .where(Batch.reward_id == id)
                .correlate_except(Batch)
                .scalar_subquery(),
            )
        )
    )

    unit: Mapped[Unit] = relationship()
    counters: Mapped[list[Counter]] = relationship(secondary="reward_place", order_by=Counter.id, viewonly=True)

    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("monthly_limit > 0", name="monthly_limit"),
        CheckConstraint("offered_until >= offered_from", name="window"),
        CheckConstraint("stars_min BETWEEN 0 AND 5", name="stars_min"),
        CheckConstraint("age_min BETWEEN 0 AND 150 AND age_max BETWEEN 0 AND 150 AND age_max >= age_min", name="ages"),
    )


MOVEMENT_KINDS = ("received", "reserved", "released", "handed_over", "returned", "written_off", "counted")


class StockMovement(Base):
    """Pieces that came (+), went (-) or were put aside, append-only; the sums of a batch's rows are what it holds."""

    __tablename__ = "stock_movement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    free: Mapped[int]
    held: Mapped[int]
    redemption_id: Mapped[int | None] = mapped_column(ForeignKey("redemption.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
    moved_at: Mapped[datetime] = mapped_column(Instant)
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    batch: Mapped[Batch] = relationship()
    moved_by: Mapped[Person | None] = relationship()

    @property
    def quantity(self) -> int:
        """How many pieces came into the house (+) or left it (-), or how many were put aside when none did."""
        return self.free + self.held or self.held

    __table_args__ = (
        UniqueConstraint("redemption_id", "batch_id", "kind"),
        CheckConstraint(f"kind IN {MOVEMENT_KINDS}", name="kind"),
        CheckConstraint(
            "(kind IN ('received', 'returned') AND free > 0 AND held = 0) OR (kind = 'written_off' AND free < 0 AND held = 0)"
            " OR (kind = 'counted' AND free <> 0 AND held = 0) OR (kind = 'reserved' AND free < 0 AND held = -free)"
            " OR (kind = 'released' AND held < 0 AND free = -held)"
            " OR (kind = 'handed_over' AND free <= 0 AND held <= 0 AND free + held < 0)",
            name="amounts",
        ),
        CheckConstraint(
            "(kind IN ('reserved', 'released', 'handed_over', 'returned')) = (redemption_id IS NOT NULL) OR kind = 'written_off'",
            name="redemption",
        ),
        APPEND_ONLY,
    )


class StockCount(Base):
    """What a clerk counted of a reward at a counter (`counted`, held pieces included) and what the books said then."""

    __tablename__ = "stock_count"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), index=True)
    day: Mapped[date]
    expected: Mapped[int]
    counted: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(200))
    counted_at: Mapped[datetime] = mapped_column(Instant)
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    reward: Mapped[Reward] = relationship()
    counted_by: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("counted = expected OR reason IS NOT NULL", name="difference_has_reason"),
        Index(None, "counter_id", "day"),
        APPEND_ONLY,
    )
