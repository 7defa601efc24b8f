"""Activities, who joined, and attendance: pairs of check-in and check-out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.people.models import Person
from bank.units.models import Unit


class ActivitySeries(Base):
    """What repeats every so many weeks until a day; its activities are ordinary ones that can be changed one by one."""

    __tablename__ = "activity_series"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    every_weeks: Mapped[int] = mapped_column(SmallInteger)
    first_on: Mapped[date]
    until_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("every_weeks BETWEEN 1 AND 8 AND until_on >= first_on", name="span"),)


class ActivityDraft(Base):
    """A plan that is not published yet, whole or not; it stands apart, so that no list can show it by mistake."""

    __tablename__ = "activity_draft"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()


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
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancel_reason: Mapped[str | None] = mapped_column(String(200))

    series_id: Mapped[int | None] = mapped_column(ForeignKey("activity_series.id"), index=True)
    is_risky: Mapped[bool] = mapped_column(default=False, server_default=false())
    insurance_number: Mapped[str | None] = mapped_column(String(40))

    unit: Mapped[Unit] = relationship()
    series: Mapped[ActivitySeries | None] = relationship()
    leader: Mapped[Person] = relationship(foreign_keys=[leader_id])

    __table_args__ = (
        CheckConstraint("state IN ('published', 'confirmed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("break_minutes >= 0 AND capacity > 0", name="amounts"),
        CheckConstraint("class_percent BETWEEN 80 AND 150", name="class_percent"),
        CheckConstraint("insurance_number IS NOT NULL OR NOT is_risky", name="insured"),
    )
