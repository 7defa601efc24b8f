"""Statements issued per member and month, and the seal that was on the journal then; their lines stay in the journal."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Instant
from bank.people.models import Person
from bank.statements import guards

GUARDED = {"guards": {"sqlite": {}, "postgresql": guards.POSTGRES}, "functions": guards.FUNCTIONS, "is_guarded": True}


class MonthIssue(Base):
    """The first issue of a month's statements, and the newest seal at that time, which every one of them names."""

    __tablename__ = "month_issue"

    month: Mapped[date] = mapped_column(primary_key=True)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    seal_number: Mapped[int | None] = mapped_column(ForeignKey("seal.number"))

    __table_args__ = (APPEND_ONLY,)


class Statement(Base):
    """A member's month in both books: opening + in - out = closing (points in hundredths, whole minutes).

    What could look different later is kept as it was when the month ended: `holder` (the masked name), the end of the card
    number, the unit, points held and soon to expire, and stars. The last three are unknown for months issued before they
    were kept.
    """

    __tablename__ = "statement"

    month: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    holder: Mapped[str] = mapped_column(String(50))
    card_end: Mapped[str] = mapped_column(String(4))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    points_opening: Mapped[int] = mapped_column(BigInteger)
    points_in: Mapped[int] = mapped_column(BigInteger)
    points_out: Mapped[int] = mapped_column(BigInteger)
    points_deposited: Mapped[int] = mapped_column(BigInteger)
    points_withdrawn: Mapped[int] = mapped_column(BigInteger)
    points_expired: Mapped[int] = mapped_column(BigInteger)
    points_reversed: Mapped[int] = mapped_column(BigInteger)
    points_closing: Mapped[int] = mapped_column(BigInteger)
    points_held: Mapped[int | None] = mapped_column(BigInteger)
    points_expiring: Mapped[int | None] = mapped_column(BigInteger)
    minutes_opening: Mapped[int] = mapped_column(BigInteger)
    minutes_in: Mapped[int] = mapped_column(BigInteger)
    minutes_out: Mapped[int] = mapped_column(BigInteger)
    minutes_closing: Mapped[int] = mapped_column(BigInteger)
    stars: Mapped[int | None] = mapped_column(SmallInteger)
    issued_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("points_closing = points_opening + points_in - points_out", name="points_add_up"),
        CheckConstraint("minutes_closing = minutes_opening + minutes_in - minutes_out", name="minutes_add_up"),
        CheckConstraint(
            "points_in - points_out = points_deposited - points_withdrawn - points_expired + points_reversed", name="kinds_add_up"
        ),
        UniqueConstraint("month", "code"),
        Index(None, "month", "unit_id"),
        # Who has one gets no second: the month is issued again and again.
        {"info": APPEND_ONLY["info"] | GUARDED | {"on_repeat": "IGNORE"}},
    )
