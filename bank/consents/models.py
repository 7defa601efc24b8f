"""Consents, given and withdrawn."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from bank.db import APPEND_ONLY, Base, Id, Instant

PURPOSES = ("board", "public_list", "home_unit", "contact", "minor", "household")
MANNERS = ("tap", "paper", "import")


class Consent(Base):
    """A consent given or withdrawn for one purpose; append-only, the latest row counts. One on paper says who recorded it."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    is_given: Mapped[bool]
    text_version: Mapped[int]
    decided_at: Mapped[datetime] = mapped_column(Instant)
    manner: Mapped[str] = mapped_column(String(8), default="tap", server_default="tap")
    is_by_guardian: Mapped[bool] = mapped_column(default=False, server_default=false())
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        CheckConstraint(f"manner IN {MANNERS}", name="manner"),
        Index(None, "person_id", "purpose", "decided_at"),
        APPEND_ONLY,
    )
