"""Where communities stand in a year, and what a year came to in the end."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Instant
from bank.units.models import Unit

STARS_CHECK = "stars BETWEEN 0 AND 5 AND timely <= services AND evaluated <= records"


class Figures:
    """The numbers of a community's year, as both tables hold them."""

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    services: Mapped[int]
    timely: Mapped[int]
    records: Mapped[int]
    evaluated: Mapped[int]
    minutes: Mapped[int]
    stars: Mapped[int] = mapped_column(SmallInteger)
    rule_version: Mapped[int] = mapped_column(ForeignKey("rating_rules.version"))


class CommunityStanding(Figures, Base):
    """A year that is not fixed yet; derived from the records every night."""

    __tablename__ = "community_standing"

    changed_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (CheckConstraint(STARS_CHECK, name="stars"),)


class CommunityResult(Figures, Base):
    """A year that is fixed for good."""

    __tablename__ = "community_result"

    fixed_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (CheckConstraint(STARS_CHECK, name="stars"), APPEND_ONLY)
