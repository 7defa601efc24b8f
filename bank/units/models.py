"""The units of the organisation."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant

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

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])

    @property
    def steps(self) -> tuple[int, ...]:
        """The ids on the way from the top to this unit, which is the order of a tree."""
        return tuple(int(step) for step in self.path.strip("/").split("/"))

    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        CheckConstraint(f"kind IN {UNIT_KINDS}", name="kind"),
    )
