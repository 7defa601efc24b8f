"""Persons and grants of roles."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.units.models import Unit

ROLES = ("organizer", "clerk", "admin", "auditor", "display")


class Person(Base):
    """A member of the bank; signs in with phone or card number and PIN once `pin_hash` is set."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    card_number: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    name_sort: Mapped[str] = mapped_column(String(200), index=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    home_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    is_in_service: Mapped[bool] = mapped_column(default=False)
    born_on: Mapped[date | None]
    points_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    minutes_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    enrolled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    home_unit: Mapped[Unit | None] = relationship(foreign_keys=[home_unit_id])
    grants: Mapped[list["Grant"]] = relationship(foreign_keys="Grant.person_id", viewonly=True)


class Grant(Base):
    """A role held in a unit and everything below it, until revoked."""

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()

    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)
