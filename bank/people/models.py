"""Units, persons, grants of roles, consents and API tokens."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant

UNIT_KINDS = ("bank", "street", "community", "grid", "building", "home_unit", "team")
ROLES = ("organizer", "clerk", "admin", "auditor", "display")
PURPOSES = ("board", "public_list", "home_unit", "contact")


class Unit(Base):
    """A node of the organisation's tree, or a home unit or team beside it. `path` is `/1/5/23/`: all above, then itself."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(100))
    path: Mapped[str] = mapped_column(String(200), index=True)
    issued_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])

    @property
    def steps(self) -> tuple[int, ...]:
        """The ids on the way from the top to this unit, which is the order of a tree."""
        return tuple(int(step) for step in self.path.strip("/").split("/"))

    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        CheckConstraint(f"kind IN {UNIT_KINDS}", name="kind"),
    )


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


class ApiToken(Base):
    """A bearer token of the API: shown once, kept as a hash, able to do at most what its owner may do."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    prefix: Mapped[str] = mapped_column(String(8))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
