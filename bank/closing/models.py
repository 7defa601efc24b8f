"""Time that an organizer asks to have supplemented, and what a second person said to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.activities.models import Activity
from bank.closing.rules import STATES
from bank.db import Base, Id, Instant
from bank.people.models import Person


class Supplement(Base):
    """One member's time at an activity without scans: asked by one person, decided by a second; refused ones stay as rows."""

    __tablename__ = "supplement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8))
    is_bulk: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("asked_by_id <> person_id", name="not_oneself"),
        CheckConstraint("decided_by_id <> person_id AND decided_by_id <> asked_by_id", name="second_person"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by"),
        Index("uq_supplement_live", "activity_id", "person_id", unique=True,
              sqlite_where=text("state <> 'refused'"), postgresql_where=text("state <> 'refused'")),
    )  # fmt: skip
