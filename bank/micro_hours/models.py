"""Micro-hours: from start to stop, what the recipient said, and what the organizer made of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.micro_hours.rules import STATES, WAYS
from bank.people.models import Person
from bank.units.models import Unit


class MicroHour(Base):
    """A small service of one person; at most one runs at a time. Once recorded it is a service record, `micro:<id>`.

    `key` opens the recipient's page and is shown to nobody else but the member. `minutes_max` caps what is counted.
    `confirmed_way` says how the recipient spoke: by the `link`, by the `code` of an order, or on a `call` of staff, for
    which `reason` says who was called. `device` tells browsers apart that used links, and nothing else.
    """

    __tablename__ = "micro_hour"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    category: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(100))
    minutes_max: Mapped[int] = mapped_column(SmallInteger)
    is_ordered: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_way: Mapped[str | None] = mapped_column(String(4))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mark: Mapped[int | None] = mapped_column(SmallInteger)
    device: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])
    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"confirmed_way IN {WAYS}", name="confirmed_way"),
        CheckConstraint("(state = 'running') = (stopped_at IS NULL)", name="stopped"),
        CheckConstraint("stopped_at >= started_at", name="stop_after_start"),
        CheckConstraint("minutes_max BETWEEN 1 AND 480", name="minutes_max"),
        CheckConstraint("mark BETWEEN 1 AND 5", name="mark"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_way IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_way <> 'call' OR (confirmed_by_id IS NOT NULL AND reason IS NOT NULL)", name="called"),
        CheckConstraint("confirmed_by_id <> person_id", name="not_oneself"),
        CheckConstraint("state <> 'recorded' OR confirmed_at IS NOT NULL", name="recorded"),
        CheckConstraint("(state IN ('recorded', 'refused')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decision"),
        CheckConstraint("decided_by_id <> person_id", name="second_person"),
        CheckConstraint("state <> 'recorded' OR decided_by_id <> confirmed_by_id", name="two_people"),
        Index("uq_micro_hour_running", "person_id", unique=True,
              sqlite_where=text("state = 'running'"), postgresql_where=text("state = 'running'")),
        Index(None, "person_id", "started_at"),
        Index(None, "unit_id", "state"),
        Index(None, "device"),
    )  # fmt: skip
