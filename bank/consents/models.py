"""Consents, given and withdrawn."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bank.db import APPEND_ONLY, Base, Id, Instant

PURPOSES = ("board", "public_list", "home_unit", "contact")


class Consent(Base):
    """A consent given or withdrawn for one purpose; append-only, the latest row counts."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    is_given: Mapped[bool]
    text_version: Mapped[int]
    decided_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        Index(None, "person_id", "purpose", "decided_at"),
        APPEND_ONLY,
    )
