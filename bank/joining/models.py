"""Who has a place at an activity, or waits for one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.activities.models import Activity
from bank.db import Base, Id, Instant
from bank.joining.rules import STATES, WAYS
from bank.people.models import Person
from bank.units.models import Unit


class Join(Base):
    """That a person takes part in an activity or waits for a place; who comes back after leaving has a new row.

    `asked_at` orders the waiting list. `is_workplace_agreed` is what an in-service member said of hours of office.
    """

    __tablename__ = "activity_join"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    way: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    is_workplace_agreed: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    team: Mapped[Unit | None] = relationship()

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint("(state IN ('left', 'removed')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("state <> 'joined' OR joined_at IS NOT NULL", name="joined"),
        CheckConstraint("state <> 'waiting' OR joined_at IS NULL", name="waiting"),
        Index("uq_activity_join_open", "activity_id", "person_id", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
        Index(None, "activity_id", "state", "asked_at"),
    )  # fmt: skip
