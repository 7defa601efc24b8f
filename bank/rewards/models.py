"""Rewards, movements of their stock, and redemptions."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.people.models import Person
from bank.units.models import Unit
from bank.rewards.rules import KINDS


class Reward(Base):
    """Something points can be given for, at one unit's counter. `stock` is None for what does not run out."""

    __tablename__ = "reward"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    points: Mapped[int] = mapped_column(BigInteger)
    stock: Mapped[int | None]
    monthly_limit: Mapped[int | None] = mapped_column(SmallInteger)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    is_offered: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("monthly_limit > 0", name="monthly_limit"),
    )


class Redemption(Base):
    """Points given and a reward handed over; an undone one keeps both its entries."""

    __tablename__ = "redemption"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    quantity: Mapped[int] = mapped_column(SmallInteger)
    points: Mapped[int] = mapped_column(BigInteger)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    handed_over_at: Mapped[datetime] = mapped_column(Instant, index=True)
    handed_over_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undo_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    reward: Mapped[Reward] = relationship()
    handed_over_by: Mapped[Person] = relationship(foreign_keys=[handed_over_by_id])
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id])

    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),
        CheckConstraint("(undone_at IS NULL) = (undo_entry_id IS NULL)", name="undone"),
        Index(None, "person_id", "reward_id", "handed_over_at"),
    )


class StockMovement(Base):
    """Pieces that came (+) or went (-), append-only; their sum is the reward's stock."""

    __tablename__ = "stock_movement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    quantity: Mapped[int]
    redemption_id: Mapped[int | None] = mapped_column(ForeignKey("redemption.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
    moved_at: Mapped[datetime] = mapped_column(Instant)
    moved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    moved_by: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("redemption_id", "kind"),
        CheckConstraint("kind IN ('received', 'handed_over', 'returned', 'written_off')", name="kind"),
        CheckConstraint("(kind IN ('received', 'returned')) = (quantity > 0) AND quantity <> 0", name="quantity"),
        APPEND_ONLY,
    )
