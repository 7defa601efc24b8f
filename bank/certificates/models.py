"""Certificates as they were given out, and their revocations; both append-only."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.certificates.rules import CAUSES
from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.people.models import Person


class Certificate(Base):
    """All that a certificate says, word for word, so that it is the same whenever it is printed; `code` opens its check."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    holder: Mapped[str] = mapped_column(String(50))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    minutes: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    bank_name: Mapped[str] = mapped_column(String(100))
    unit_name: Mapped[str] = mapped_column(String(100))
    is_designated: Mapped[bool]
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    revocation: Mapped["CertificateRevocation | None"] = relationship(back_populates="certificate", viewonly=True)

    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index(None, "person_id", "issued_at"),
        APPEND_ONLY,
    )


class CertificateRevocation(Base):
    """The end of a certificate: why, and by whom (nobody: the bank itself, when a service in it was taken back)."""

    __tablename__ = "certificate_revocation"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    cause: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(200))
    revoked_at: Mapped[datetime] = mapped_column(Instant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    certificate: Mapped[Certificate] = relationship(back_populates="revocation", viewonly=True)
    revoked_by: Mapped[Person | None] = relationship()

    __table_args__ = (CheckConstraint(f"cause IN {CAUSES}", name="cause"), APPEND_ONLY)
