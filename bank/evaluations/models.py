"""Marks of service records, the codes that let recipients give one, and the texts beside them, which can be erased."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.evaluations.rules import ROLES, TEXT_KINDS, TEXT_STATES, WAYS, WITHDRAWAL_REASONS
from bank.hours.models import ServiceRecord
from bank.people.models import Person


class RatingInvitation(Base):
    """The right to give one recipient's mark for a service record, by a code that is signed and not stored."""

    __tablename__ = "evaluation_invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    service_record_id: Mapped[int] = mapped_column(ForeignKey("service_record.id"))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    record: Mapped[ServiceRecord] = relationship()

    __table_args__ = (
        CheckConstraint("expires_at > issued_at", name="expiry"),
        Index("uq_evaluation_invitation_live", "service_record_id", unique=True,
              sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL")),
    )  # fmt: skip


class Evaluation(Base):
    """One mark for a service record in one role, or the withdrawal of one; append-only.

    The rows of a record and role are a chain: each names the row it `supersedes`, and the last one counts. A withdrawal
    has no mark, but a reason and a second person. `device` tells browsers apart that used codes, and nothing else.
    """

    __tablename__ = "evaluation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    service_record_id: Mapped[int] = mapped_column(ForeignKey("service_record.id"))
    role: Mapped[str] = mapped_column(String(12))
    mark: Mapped[int | None] = mapped_column(SmallInteger)
    way: Mapped[str] = mapped_column(String(12))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_invitation.id"), unique=True)
    device: Mapped[str | None] = mapped_column(String(20))
    supersedes_id: Mapped[int | None] = mapped_column(Id, unique=True)
    reason: Mapped[str | None] = mapped_column(String(20))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Instant)

    record: Mapped[ServiceRecord] = relationship(foreign_keys=[service_record_id])
    given_by: Mapped[Person | None] = relationship(foreign_keys=[given_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])

    __table_args__ = (
        UniqueConstraint("service_record_id", "role", "id"),
        ForeignKeyConstraint(
            ["service_record_id", "role", "supersedes_id"],
            ["evaluation.service_record_id", "evaluation.role", "evaluation.id"],
            name="fk_evaluation_supersedes_id_evaluation",
        ),
        Index("uq_evaluation_first", "service_record_id", "role", unique=True,
              sqlite_where=text("supersedes_id IS NULL"), postgresql_where=text("supersedes_id IS NULL")),
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint("mark BETWEEN 1 AND 5", name="mark"),
        CheckConstraint("(way = 'code') = (invitation_id IS NOT NULL)", name="code"),
        CheckConstraint("way = 'code' OR given_by_id IS NOT NULL", name="given_by"),
        CheckConstraint("role = 'recipient' OR way NOT IN ('code', 'call_back')", name="recipient_ways"),
        CheckConstraint("(way = 'withdrawal') = (mark IS NULL)", name="withdrawal"),
        CheckConstraint(
            "way <> 'withdrawal' OR (supersedes_id IS NOT NULL AND reason IS NOT NULL"
            " AND approved_by_id IS NOT NULL AND approved_by_id <> given_by_id)",
            name="second_person",
        ),
        CheckConstraint(f"reason IN {WITHDRAWAL_REASONS}", name="reason"),
        APPEND_ONLY,
    )  # fmt: skip


class EvaluationText(Base):
    """Words beside a mark, kept apart from it so that they can be erased: a comment, who was called, why it was withdrawn.

    A comment waits (`pending`) until somebody lets it be seen or refuses it; the other kinds are `kept` for staff alone.
    """

    __tablename__ = "evaluation_text"

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str | None] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8))
    written_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    evaluation: Mapped[Evaluation] = relationship()
    decided_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint(f"kind IN {TEXT_KINDS}", name="kind"),
        CheckConstraint(f"state IN {TEXT_STATES}", name="state"),
        CheckConstraint("(state = 'erased') = (text IS NULL)", name="erased"),
        CheckConstraint("state = 'erased' OR (kind = 'comment') = (state <> 'kept')", name="moderated"),
        CheckConstraint("state NOT IN ('shown', 'refused') OR decided_by_id IS NOT NULL", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decision"),
        Index(None, "state", "written_at"),
    )


class Withdrawal(Base):
    """Somebody asks to take a mark back; a second person agrees or not. Agreed, it becomes a row of `evaluation`."""

    __tablename__ = "evaluation_withdrawal"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    reason: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_agreed: Mapped[bool | None]

    evaluation: Mapped[Evaluation] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])

    __table_args__ = (
        CheckConstraint(f"reason IN {WITHDRAWAL_REASONS}", name="reason"),
        CheckConstraint("decided_by_id <> asked_by_id", name="second_person"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decision"),
        CheckConstraint("(decided_at IS NULL) = (is_agreed IS NULL)", name="agreed"),
        Index("uq_evaluation_withdrawal_open", "evaluation_id", unique=True,
              sqlite_where=text("decided_at IS NULL"), postgresql_where=text("decided_at IS NULL")),
    )  # fmt: skip
