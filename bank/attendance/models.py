"""Attendance: pairs of check-in and check-out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.activities.models import Activity
from bank.db import Base, Id, Instant
from bank.people.models import Person


class Attendance(Base):
    """One stay of a person at an activity, from check-in to check-out; at most one is open at a time.

    `forgotten_at` says that check-out closed without one; such a stay has no length.
    """

    __tablename__ = "attendance"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pair: Mapped[int] = mapped_column(SmallInteger)
    checked_in_at: Mapped[datetime] = mapped_column(Instant)
    checked_in_by: Mapped[str] = mapped_column(String(12))
    checked_out_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_out_by: Mapped[str | None] = mapped_column(String(12))
    forgotten_at: Mapped[datetime | None] = mapped_column(Instant)

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("activity_id", "person_id", "pair"),
        CheckConstraint("pair BETWEEN 1 AND 3", name="pair"),
        CheckConstraint("checked_out_at >= checked_in_at", name="out_after_in"),
        CheckConstraint("forgotten_at IS NULL OR checked_out_at IS NULL", name="forgotten"),
        Index("uq_attendance_open", "activity_id", "person_id", unique=True,
              sqlite_where=text("checked_out_at IS NULL"), postgresql_where=text("checked_out_at IS NULL")),
    )  # fmt: skip
