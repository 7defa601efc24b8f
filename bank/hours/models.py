"""Rule sets with a first day, services (what was done) and service records (who did it, for how long)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.hours import guards
from bank.people.models import Person
from bank.units.models import Unit

GUARDED = {"guards": {"sqlite": {}, "postgresql": guards.POSTGRES}, "functions": guards.FUNCTIONS, "is_guarded": True}


class RuleSetVersion(Base):
    """The rules in force from a first day on; never changed, only followed by another version."""

    __tablename__ = "rule_set"

    version: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(unique=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (APPEND_ONLY,)


class Service(Base):
    """What was done, as a record must say it (Order 67, art. 7 and 10); shared by all who took part."""

    __tablename__ = "service"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(20))
    served_on: Mapped[date] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(String(1000))
    planned_minutes: Mapped[int]
    class_percent: Mapped[int] = mapped_column(SmallInteger)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    leader: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("class_percent BETWEEN 80 AND 150", name="class_percent"),)


class ServiceRecord(Base):
    """One person's part in a service: minutes credited, points by rule, and the entry that deposited them.

    `started_at` and `ended_at` are the first arrival and the last departure inside the plan; no minute between them is
    credited to the person a second time. `cut_reasons` names what took minutes or points away, joined by commas; `reason`
    is why time was supplemented.
    """

    __tablename__ = "service_record"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    evidence: Mapped[str] = mapped_column(String(12))
    present_minutes: Mapped[int]
    minutes: Mapped[int]
    points: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    cut_reasons: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(String(200))
    rule_version: Mapped[int] = mapped_column(ForeignKey("rule_set.version"))
    confirmed_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)

    service: Mapped[Service] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        UniqueConstraint("service_id", "person_id"),
        CheckConstraint("evidence IN ('scanned', 'supplemented')", name="evidence"),
        CheckConstraint("minutes BETWEEN 0 AND 1440 AND points >= 0", name="amounts"),
        Index(None, "person_id", "service_id"),
        {"info": APPEND_ONLY["info"] | GUARDED},
    )
