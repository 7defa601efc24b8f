"""Activities, who joined, and attendance: pairs of check-in and check-out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.people.models import Person
from bank.units.models import Unit


class Activity(Base):
    """A planned service with the fields a record needs (Order 67, art. 7); it ends in service records."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(String(1000))
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    break_minutes: Mapped[int] = mapped_column(SmallInteger)
    capacity: Mapped[int]
    class_percent: Mapped[int] = mapped_column(SmallInteger)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(12))
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancel_reason: Mapped[str | None] = mapped_column(String(200))

    unit: Mapped[Unit] = relationship()
    leader: Mapped[Person] = relationship(foreign_keys=[leader_id])

    __table_args__ = (
        CheckConstraint("state IN ('published', 'confirmed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("break_minutes >= 0 AND capacity > 0", name="amounts"),
        CheckConstraint("class_percent BETWEEN 80 AND 150", name="class_percent"),
    )
