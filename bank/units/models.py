"""The units of the organisation, and where each stood when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.ledger.guards import same_accounts

UNIT_KINDS = ("bank", "street", "community", "grid", "building", "home_unit", "team")


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
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])

    @property
    def steps(self) -> tuple[int, ...]:
        """The ids on the way from the top to this unit, which is the order of a tree."""
        return tuple(int(step) for step in self.path.strip("/").split("/"))

    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        CheckConstraint(f"kind IN {UNIT_KINDS}", name="kind"),
        same_accounts("unit", "key", "issued_account_id"),
    )


class UnitPlace(Base):
    """What a unit was called and below which other it stood, from one instant to another; the open row is the present."""

    __tablename__ = "unit_place"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(100))
    since_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)

    parent: Mapped[Unit | None] = relationship(foreign_keys=[parent_id])

    __table_args__ = (
        CheckConstraint("until_at >= since_at", name="until"),
        Index(None, "unit_id", "since_at"),
        Index(
            "uq_unit_place_open",
            "unit_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )
