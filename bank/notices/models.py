"""Notices to members, the way each member chose, and every attempt to deliver one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.notices.rules import CHANNELS, STATES
from bank.people.models import Person


class Notice(Base):
    """One matter told to one member. The facts hold no names of others; the words are made from them when it is read."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(100))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    told_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index(None, "key"),
        Index("ix_notice_unread", "person_id", sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL")),
    )


class NoticeChannel(Base):
    """The way on which a member wants notices besides the own pages, and the address there."""

    __tablename__ = "notice_channel"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="zh", server_default="zh")
    chosen_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint(f"channel IN {CHANNELS}", name="channel"),)


class Delivery(Base):
    """A notice on its way by a channel: at most one per notice and channel, and sent at most once.

    `waiting` for its time; `sending` while a process speaks with the server; `sent`; `failed` for good; `unknown` when
    nobody can tell whether it arrived, which is not tried again; `dropped` when the member does not want it any more.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime] = mapped_column(Instant)
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(String(200))

    notice: Mapped[Notice] = relationship()

    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state IN ('waiting', 'sending')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state <> 'sending' OR tried_at IS NOT NULL", name="tried"),
        Index(
            "ix_delivery_open",
            "due_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
