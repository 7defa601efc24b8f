"""Statements issued per member and month; their lines stay in the journal."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Instant
from bank.people.models import Person


class Statement(Base):
    """A member's month in both books: opening + in - out = closing (points in hundredths, whole minutes)."""

    __tablename__ = "statement"

    month: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    points_opening: Mapped[int] = mapped_column(BigInteger)
    points_in: Mapped[int] = mapped_column(BigInteger)
    points_out: Mapped[int] = mapped_column(BigInteger)
    points_closing: Mapped[int] = mapped_column(BigInteger)
    minutes_opening: Mapped[int] = mapped_column(BigInteger)
    minutes_in: Mapped[int] = mapped_column(BigInteger)
    minutes_out: Mapped[int] = mapped_column(BigInteger)
    minutes_closing: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("points_closing = points_opening + points_in - points_out", name="points_add_up"),
        CheckConstraint("minutes_closing = minutes_opening + minutes_in - minutes_out", name="minutes_add_up"),
        Index(None, "person_id", "month"),
        APPEND_ONLY,
    )
