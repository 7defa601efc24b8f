"""Scans as they came, never changed, and the attendance that follows from them: pairs of check-in and check-out."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.activities.models import Activity
from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.devices.models import Device
from bank.people.models import Person


class Attendance(Base):
    """One stay of a person at an activity, from check-in to check-out; at most one is open at a time.

    `forgotten_at` says that check-out closed without one; such a stay has no length.
    """

    __tablename__ = "attendance"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pair: Mapped[int] = mapped_column(SmallInteger)
    checked_in_at: Mapped[datetime] = mapped_column(Instant)
    checked_in_by: Mapped[str] = mapped_column(String(12))
    checked_out_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_out_by: Mapped[str | None] = mapped_column(String(12))
    forgotten_at: Mapped[datetime | None] = mapped_column(Instant)

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("activity_id", "person_id", "pair"),
        CheckConstraint("pair BETWEEN 1 AND 3", name="pair"),
        CheckConstraint("checked_out_at >= checked_in_at", name="out_after_in"),
        CheckConstraint("forgotten_at IS NULL OR checked_out_at IS NULL", name="forgotten"),
        Index("uq_attendance_open", "activity_id", "person_id", unique=True,
              sqlite_where=text("checked_out_at IS NULL"), postgresql_where=text("checked_out_at IS NULL")),
    )  # fmt: skip


class Scan(Base):
    """One scan as it came and what it was answered, refused ones included; a correction is another scan.

    `scanned_at` is what the device's own clock said, which was `skew_seconds` ahead of the server's. `look` is why somebody
    should look at it. Of a code that belongs to nobody only a keyed hash is kept.
    """

    __tablename__ = "scan"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    nonce: Mapped[str] = mapped_column(String(80), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(4))
    way: Mapped[str | None] = mapped_column(String(12))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    scanned_at: Mapped[datetime] = mapped_column(Instant)
    skew_seconds: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(Instant)
    counted_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(String(30))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    shown_name: Mapped[str | None] = mapped_column(String(50))
    reason: Mapped[str | None] = mapped_column(String(200))
    look: Mapped[str | None] = mapped_column(String(12))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"), unique=True)

    activity: Mapped[Activity | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    device: Mapped[Device | None] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('in', 'out', 'undo')", name="kind"),
        CheckConstraint("way IN ('link', 'typed', 'static', 'card', 'phone', 'list')", name="way"),
        CheckConstraint("look IN ('same_device', 'clock', 'conflict')", name="look"),
        CheckConstraint("(answer = 'to_review') = (look IS NOT NULL AND look <> 'same_device')", name="to_review"),
        CheckConstraint("(answer = 'undone') = (undoes_id IS NOT NULL)", name="undoes"),
        CheckConstraint(
            "answer NOT IN ('checked_in', 'checked_out', 'undone', 'to_review')"
            " OR (activity_id IS NOT NULL AND person_id IS NOT NULL)", name="accepted",
        ),
        CheckConstraint("way <> 'list' OR reason IS NOT NULL", name="list_reason"),
        Index("ix_scan_activity_id", "activity_id", "person_id"),
        Index("ix_scan_browser_hash", "browser_hash", "received_at"),
        APPEND_ONLY,
    )  # fmt: skip


class ScanReview(Base):
    """What an organizer decided about a scan that was to be looked at; once, and never changed."""

    __tablename__ = "scan_review"

    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    is_accepted: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(200))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)

    scan: Mapped[Scan] = relationship()
    decided_by: Mapped[Person] = relationship()

    __table_args__ = (APPEND_ONLY,)
