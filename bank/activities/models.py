"""Activities, who joined, and attendance: pairs of check-in and check-out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
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


class Attendance(Base):
    """One stay of a person at an activity, from check-in to check-out; at most one is open at a time."""

    __tablename__ = "attendance"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pair: Mapped[int] = mapped_column(SmallInteger)
    checked_in_at: Mapped[datetime] = mapped_column(Instant)
    checked_in_by: Mapped[str] = mapped_column(String(12))
    checked_out_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_out_by: Mapped[str | None] = mapped_column(String(12))

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("activity_id", "person_id", "pair"),
        CheckConstraint("pair BETWEEN 1 AND 3", name="pair"),
        CheckConstraint("checked_out_at >= checked_in_at", name="out_after_in"),
        Index("uq_attendance_open", "activity_id", "person_id", unique=True,
              sqlite_where=text("checked_out_at IS NULL"), postgresql_where=text("checked_out_at IS NULL")),
    )  # fmt: skip
