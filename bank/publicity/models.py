"""Hours that are made public before they are posted, and objections of members to hours under their names."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.hours.models import ServiceRecord
from bank.people.models import Person
from bank.publicity.rules import PART_STATES, STATES
from bank.units.models import Unit


class Publicity(Base):
    """A service whose confirmed hours are shown until a day, and posted when that day is over. `service` is a NewService."""

    __tablename__ = "publicity"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source: Mapped[str] = mapped_column(String(60), index=True)
    service: Mapped[dict[str, Any]] = mapped_column(JSON)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    put_up_at: Mapped[datetime] = mapped_column(Instant)
    put_up_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ends_on: Mapped[date] = mapped_column(index=True)

    unit: Mapped[Unit] = relationship()
    put_up_by: Mapped[Person] = relationship()


class PublicPart(Base):
    """One person's part that is shown; minutes and points are foreseen, and reckoned anew when it is posted."""

    __tablename__ = "public_part"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    publicity_id: Mapped[int] = mapped_column(ForeignKey("publicity.id"), index=True)
    source: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stays: Mapped[list[Any]] = mapped_column(JSON)
    evidence: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(200))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    minutes: Mapped[int]
    points: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8))

    publicity: Mapped[Publicity] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        UniqueConstraint("source", "person_id"),
        CheckConstraint(f"state IN {PART_STATES}", name="state"),
        CheckConstraint("minutes BETWEEN 0 AND 1440 AND points >= 0", name="amounts"),
    )


class Objection(Base):
    """The word of a member, or of a child's guardian, that a record is not his; frozen until somebody else has decided.

    Of a posted record the points are held in the books meanwhile, by `hold_entry_id`.
    """

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("public_part.id"))
    service_record_id: Mapped[int | None] = mapped_column(ForeignKey("service_record.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str | None] = mapped_column(String(200))
    raised_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    answer: Mapped[str | None] = mapped_column(String(200))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_points: Mapped[int] = mapped_column(BigInteger, default=0)
    hold_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"))
    reversal_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    raised_by: Mapped[Person] = relationship(foreign_keys=[raised_by_id])
    part: Mapped[PublicPart | None] = relationship()
    record: Mapped[ServiceRecord | None] = relationship()
    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(part_id IS NULL) <> (service_record_id IS NULL)", name="of_one"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answered_at IS NULL OR (answer IS NOT NULL AND answered_by_id IS NOT NULL)", name="answer"),
        CheckConstraint("answered_by_id <> person_id", name="another_answers"),
        CheckConstraint("answered_by_id <> raised_by_id", name="who_raised"),
        CheckConstraint("held_points >= 0 AND (held_points > 0) = (hold_entry_id IS NOT NULL)", name="held"),
        Index("uq_objection_open_part", "part_id", unique=True,
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index("uq_objection_open_record", "service_record_id", unique=True,
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )  # fmt: skip
