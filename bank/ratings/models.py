"""Versions of the rating rules, where members stand in a year, and what a year came to in the end."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Instant
from bank.people.models import Person


class RatingRulesVersion(Base):
    """The rules of rating from a first day on; never changed, only followed by another version."""

    __tablename__ = "rating_rules"

    version: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(unique=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    added_by: Mapped[Person | None] = relationship()

    __table_args__ = (APPEND_ONLY,)


class MicroStanding(Base):
    """Where an in-service member stands in a year; derived from the records every night, so it may be dropped and made again.

    `weighted` is the sum of minutes x score over the rated services, `score` that sum by the rated minutes, rounded down.
    """

    __tablename__ = "micro_standing"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    services: Mapped[int]
    minutes: Mapped[int]
    rated: Mapped[int]
    rated_minutes: Mapped[int]
    weighted: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[int] = mapped_column(SmallInteger)
    stars: Mapped[int] = mapped_column(SmallInteger)
    rule_version: Mapped[int] = mapped_column(ForeignKey("rating_rules.version"))
    changed_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("stars BETWEEN 0 AND 5 AND score BETWEEN 0 AND 100", name="stars"),
        CheckConstraint("rated <= services AND rated_minutes <= minutes AND weighted <= 100 * rated_minutes", name="sums"),
    )


class MicroResult(Base):
    """What a member's year came to, fixed for good, with the `lines` it was reckoned from: record, minutes and three marks."""

    __tablename__ = "micro_result"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    minutes: Mapped[int]
    rated: Mapped[int]
    score: Mapped[int] = mapped_column(SmallInteger)
    stars: Mapped[int] = mapped_column(SmallInteger)
    rule_version: Mapped[int] = mapped_column(ForeignKey("rating_rules.version"))
    lines: Mapped[list[list[int | None]]] = mapped_column(JSON)
    fixed_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("stars BETWEEN 0 AND 5 AND score BETWEEN 0 AND 100", name="stars"),
        Index(None, "person_id"),
        APPEND_ONLY,
    )
