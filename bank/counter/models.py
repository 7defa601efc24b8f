"""Redemptions and each step of their lives, appointments of community services, and the end of a counter's day."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.counter.rules import APPOINTMENT_STATES, CONSENTS, STATES, STEPS
from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.orders.models import MenuItem, Order
from bank.people.models import Person
from bank.rewards.models import Counter, Reward


class Redemption(Base):
    """Points given for a reward. One reserved at home has `hold_ends_on`; `undone_at` is when the points went back.

    `entry_id` took the points from the member, `hand_over_entry_id` settled held ones, `undo_entry_id` gave them back.
    """

    __tablename__ = "redemption"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), index=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    quantity: Mapped[int] = mapped_column(SmallInteger)
    points: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime] = mapped_column(Instant)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    hold_ends_on: Mapped[date | None]
    code_turn: Mapped[int] = mapped_column(SmallInteger, default=0)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    handed_over_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    handed_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hand_over_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    consent: Mapped[str | None] = mapped_column(String(12))
    consent_note: Mapped[str | None] = mapped_column(String(60))
    fetched_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undo_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    reward: Mapped[Reward] = relationship()
    counter: Mapped[Counter] = relationship()
    handed_over_by: Mapped[Person | None] = relationship(foreign_keys=[handed_over_by_id])
    fetched_by: Mapped[Person | None] = relationship(foreign_keys=[fetched_by_id])
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id])
    steps: Mapped[list["RedemptionStep"]] = relationship(order_by="RedemptionStep.id", viewonly=True)
    appointment: Mapped["Appointment | None"] = relationship(back_populates="redemption")

    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"consent IN {CONSENTS}", name="consent"),
        CheckConstraint(
            "(state IN ('handed_over', 'return_asked', 'undone', 'returned')) = (handed_over_at IS NOT NULL)", name="handed_over"
        ),
        CheckConstraint("(handed_over_at IS NULL) = (consent IS NULL)", name="consented"),
        CheckConstraint("(state IN ('cancelled', 'expired', 'undone', 'returned')) = (undone_at IS NOT NULL)", name="ended"),
        CheckConstraint("(undone_at IS NULL) = (undo_entry_id IS NULL)", name="undone"),
        CheckConstraint("(hold_ends_on IS NULL) = (code_hash IS NULL)", name="hold_has_code"),
        CheckConstraint(
            "(hand_over_entry_id IS NOT NULL) = (hold_ends_on IS NOT NULL AND handed_over_at IS NOT NULL)", name="settled"
        ),
        Index(None, "person_id", "reward_id", "made_at"),
        Index(None, "state", "hold_ends_on"),
    )


class RedemptionStep(Base):
    """What happened to a redemption, where, by whom (nobody: the bank itself) and why; append-only."""

    __tablename__ = "redemption_step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemption.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)

    by: Mapped[Person | None] = relationship()
    redemption: Mapped[Redemption] = relationship(viewonly=True)

    __table_args__ = (CheckConstraint(f"kind IN {STEPS}", name="kind"), APPEND_ONLY)


class Appointment(Base):
    """When and by whom a redeemed community service is done; its history is in the steps."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemption.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    agreed_for: Mapped[datetime | None] = mapped_column(Instant)
    performer: Mapped[str | None] = mapped_column(String(60))

    redemption: Mapped[Redemption] = relationship(back_populates="appointment")
    steps: Mapped[list["AppointmentStep"]] = relationship(order_by="AppointmentStep.id", viewonly=True)

    __table_args__ = (
        CheckConstraint(f"state IN {APPOINTMENT_STATES}", name="state"),
        CheckConstraint("state <> 'agreed' OR agreed_for IS NOT NULL", name="agreed_for"),
    )


class AppointmentStep(Base):
    """An appointment as it became at an instant, by whom and with what note; append-only."""

    __tablename__ = "appointment_step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_for: Mapped[datetime | None] = mapped_column(Instant)
    performer: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(200))

    by: Mapped[Person | None] = relationship()

    __table_args__ = (CheckConstraint(f"state IN {APPOINTMENT_STATES}", name="state"), APPEND_ONLY)


class ServiceReward(Base):
    """That a service of the catalogue stands for an item of the menu, and is served by members in answer to an order."""

    __tablename__ = "service_reward"

    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), primary_key=True, autoincrement=False)
    menu_item_id: Mapped[int] = mapped_column(ForeignKey("menu_item.id"))

    menu_item: Mapped[MenuItem] = relationship()


class RedemptionOrder(Base):
    """That a redemption pays for an order, and with which consent; its points are held until the order is over."""

    __tablename__ = "redemption_order"

    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemption.id"), primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), unique=True)
    consent: Mapped[str] = mapped_column(String(12))
    consent_note: Mapped[str | None] = mapped_column(String(60))

    order: Mapped[Order] = relationship()

    __table_args__ = (CheckConstraint(f"consent IN {CONSENTS}", name="consent"), APPEND_ONLY)


class DayEnd(Base):
    """A counter's day signed off with its figures, or opened again for a reason; append-only, the last row counts.

    `points` in hundredths; `undone` and `returned` are those of the day, wherever in time they were handed over.
    """

    __tablename__ = "day_end"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    day: Mapped[date]
    number: Mapped[int] = mapped_column(SmallInteger)
    is_closed: Mapped[bool]
    redemptions: Mapped[int]
    pieces: Mapped[int]
    points: Mapped[int] = mapped_column(BigInteger)
    undone: Mapped[int]
    returned: Mapped[int]
    counted: Mapped[int]
    differences: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    counter: Mapped[Counter] = relationship()
    by: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("counter_id", "day", "number"),
        CheckConstraint("is_closed OR reason IS NOT NULL", name="reopened_with_reason"),
        APPEND_ONLY,
    )
