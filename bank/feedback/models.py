"""Sheets for the home unit: what is in them, when they leave, and whether the member held them back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.people.models import Person
from bank.units.models import Unit


class FeedbackSheet(Base):
    """A member's quarter, for the unit where they work; `content` is what the member saw and nothing else can leave."""

    __tablename__ = "feedback_sheet"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    quarter: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    shown_at: Mapped[datetime] = mapped_column(Instant)
    leaves_on: Mapped[date]
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    home_unit: Mapped[Unit] = relationship(foreign_keys=[home_unit_id])

    __table_args__ = (
        UniqueConstraint("person_id", "quarter"),
        CheckConstraint("left_at > shown_at AND withdrawn_at >= shown_at", name="order"),
        Index(None, "quarter", "home_unit_id"),
    )
