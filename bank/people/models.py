"""Persons, where they belong, their households and guardians, grants of roles, and the record of changes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.ledger.guards import same_accounts
from bank.people.rules import RELATIONS, SEXES
from bank.units.models import Unit

ROLES = ("organizer", "clerk", "admin", "auditor", "display")

MEMBERSHIPS = ("enrolled", "home_unit", "host", "team")


def _only_one(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Person(Base):
    """A member of the bank; signs in with phone or card number and PIN once `pin_hash` is set."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    card_number: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    name_sort: Mapped[str] = mapped_column(String(200), index=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    contact: Mapped[str | None] = mapped_column(String(100))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    home_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    host_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    is_volunteer: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_in_service: Mapped[bool] = mapped_column(default=False)
    sex: Mapped[str | None] = mapped_column(String(6))
    born_on: Mapped[date | None]
    area: Mapped[str | None] = mapped_column(String(100))
    skills: Mapped[str | None] = mapped_column(String(200))
    service_kinds: Mapped[str | None] = mapped_column(String(200))
    id_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    id_verified_at: Mapped[datetime | None] = mapped_column(Instant)
    points_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    minutes_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    enrolled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    home_unit: Mapped[Unit | None] = relationship(foreign_keys=[home_unit_id])
    host_unit: Mapped[Unit | None] = relationship(foreign_keys=[host_unit_id])
    grants: Mapped[list["Grant"]] = relationship(foreign_keys="Grant.person_id", viewonly=True)

    __table_args__ = (
        CheckConstraint(f"sex IN {SEXES}", name="sex"),
        CheckConstraint("id_verified_at IS NULL OR id_hash IS NOT NULL", name="verified_id"),
        CheckConstraint("is_volunteer OR NOT is_in_service", name="kind"),
        CheckConstraint(
            "erased_at IS NULL OR (closed_at IS NOT NULL AND phone IS NULL AND contact IS NULL AND born_on IS NULL"
            " AND sex IS NULL AND area IS NULL AND skills IS NULL AND service_kinds IS NULL AND id_hash IS NULL"
            " AND pin_hash IS NULL)",
            name="erased",
        ),
        same_accounts("person", "key", "points_account_id", "minutes_account_id"),
    )

    @property
    def kind(self) -> str:
        """What the person came for: `in_service`, `volunteer` or `resident`."""
        return "in_service" if self.is_in_service else "volunteer" if self.is_volunteer else "resident"


class Grant(Base):
    """A role held in a unit and everything below it, until revoked; a clerk's may hold at one counter of the unit alone."""

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    person: Mapped["Person"] = relationship(foreign_keys=[person_id], viewonly=True)

    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint("counter_id IS NULL OR role = 'clerk'", name="counter"),
    )


class Membership(Base):
    """That a person belonged to a unit, from one instant to another; a move ends one row and begins the next."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    since_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        CheckConstraint(f"kind IN {MEMBERSHIPS}", name="kind"),
        CheckConstraint("until_at >= since_at", name="until"),
        Index(None, "person_id", "since_at"),
        _only_one("uq_membership_open", "person_id", "kind", where="until_at IS NULL AND kind <> 'team'"),
        _only_one("uq_membership_team", "person_id", "unit_id", where="until_at IS NULL AND kind = 'team'"),
    )


class Household(Base):
    """People who live together; nobody of them approves or hands over for another."""

    __tablename__ = "household"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    formed_at: Mapped[datetime] = mapped_column(Instant)

    members: Mapped[list["HouseholdMember"]] = relationship(viewonly=True)


class HouseholdMember(Base):
    """That a person lived in a household, from one instant to another; in one at a time."""

    __tablename__ = "household_member"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("left_at >= joined_at", name="left"),
        _only_one("uq_household_member_open", "person_id", where="left_at IS NULL"),
    )


class Guardian(Base):
    """Who answers for a minor: a member, or somebody whose name and phone stand here until the minor is erased."""

    __tablename__ = "guardian"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(50))
    phone: Mapped[str | None] = mapped_column(String(20))
    relation: Mapped[str] = mapped_column(String(12))
    since_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)

    guardian: Mapped[Person | None] = relationship(foreign_keys=[guardian_id])

    __table_args__ = (
        CheckConstraint("guardian_id <> person_id", name="another"),
        CheckConstraint(f"relation IN {RELATIONS}", name="relation"),
        CheckConstraint("until_at >= since_at", name="until"),
        _only_one("uq_guardian_open", "person_id", where="until_at IS NULL"),
    )


class Change(Base):
    """What an administrator changed, append-only; personal values stand in a ChangeDetail, which goes with the person."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(Instant, index=True)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_key: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

    changed_by: Mapped[Person | None] = relationship(foreign_keys=[changed_by_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    unit: Mapped[Unit | None] = relationship()
    detail: Mapped["ChangeDetail | None"] = relationship(viewonly=True)

    __table_args__ = (Index(None, "subject_kind", "subject_key"), APPEND_ONLY)


class ChangeDetail(Base):
    """The personal values of a change, before and after; removed when the person is erased."""

    __tablename__ = "change_detail"

    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
