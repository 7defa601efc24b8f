"""Devices: what they are called, where they stand, and what they are for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.people.models import Person
from bank.units.models import Unit

SCOPES = ("check_in", "counter", "display")


class Device(Base):
    """A scanner, counter or screen of a unit. It waits for its join code, then holds a token, both kept as hashes."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(10))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(Instant)
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    added_by: Mapped[Person | None] = relationship(foreign_keys=[added_by_id])

    __table_args__ = (
        CheckConstraint(f"scope IN {SCOPES}", name="scope"),
        CheckConstraint("(code_hash IS NULL) = (code_expires_at IS NULL)", name="code_expires"),
        CheckConstraint("secret_hash IS NULL OR joined_at IS NOT NULL", name="joined"),
        CheckConstraint("revoked_at IS NULL OR (secret_hash IS NULL AND code_hash IS NULL)", name="revoked"),
    )
