"""Awards of stars and medals, their revocations, and the proposals and answers that some of them rest on; all append-only."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.honours.rules import CAUSES, KINDS
from bank.people.models import Person

IS_LEVEL = "(kind = 'honour' AND level BETWEEN 1 AND 5) OR (kind = 'medal' AND level BETWEEN 1 AND 3)"


class AwardProposal(Base):
    """Somebody proposes to give a person a star or medal, or to take it away (`is_given` false), and says why."""

    __tablename__ = "award_proposal"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    level: Mapped[int] = mapped_column(SmallInteger)
    is_given: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    answer: Mapped["AwardAnswer | None"] = relationship(back_populates="proposal", viewonly=True)

    __table_args__ = (
        UniqueConstraint("id", "proposed_by_id", "person_id"),  # What an answer refers to, so that it can be checked.
        CheckConstraint(IS_LEVEL, name="level"),
        CheckConstraint("proposed_by_id <> person_id", name="not_oneself"),
        APPEND_ONLY,
    )


class AwardAnswer(Base):
    """The second person's answer to a proposal; agreed, it is the decision on record."""

    __tablename__ = "award_answer"

    proposal_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    proposed_by_id: Mapped[int] = mapped_column(Id)
    person_id: Mapped[int] = mapped_column(Id)
    is_agreed: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(Instant)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    proposal: Mapped[AwardProposal] = relationship(back_populates="answer")
    answered_by: Mapped[Person] = relationship(foreign_keys=[answered_by_id])

    __table_args__ = (
        ForeignKeyConstraint(
            ["proposal_id", "proposed_by_id", "person_id"],
            ["award_proposal.id", "award_proposal.proposed_by_id", "award_proposal.person_id"],
            name="fk_award_answer_proposal_id_award_proposal",
        ),
        CheckConstraint("answered_by_id <> proposed_by_id AND answered_by_id <> person_id", name="second_person"),
        APPEND_ONLY,
    )


class Award(Base):
    """A star or medal on a day, for the lifetime minutes there were; `turn` counts from 0 how often it was given again."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(8))
    level: Mapped[int] = mapped_column(SmallInteger)
    turn: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(BigInteger)
    minutes_min: Mapped[int] = mapped_column(BigInteger)
    rule_version: Mapped[int] = mapped_column(ForeignKey("rating_rules.version"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("award_answer.proposal_id"))
    awarded_on: Mapped[date]
    awarded_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
    revocation: Mapped["AwardRevocation | None"] = relationship(back_populates="award", viewonly=True)

    __table_args__ = (
        UniqueConstraint("person_id", "kind", "level", "turn"),
        CheckConstraint(f"kind IN {KINDS} AND ({IS_LEVEL})", name="level"),
        CheckConstraint("minutes >= minutes_min AND turn >= 0", name="minutes"),
        APPEND_ONLY,
    )


class AwardRevocation(Base):
    """The end of an award: minutes were taken back by a reversal, or two people decided so."""

    __tablename__ = "award_revocation"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True, autoincrement=False)
    cause: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(200))
    minutes: Mapped[int] = mapped_column(BigInteger)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("award_answer.proposal_id"))
    revoked_at: Mapped[datetime] = mapped_column(Instant)

    award: Mapped[Award] = relationship(back_populates="revocation")

    __table_args__ = (
        CheckConstraint(f"cause IN {CAUSES}", name="cause"),
        CheckConstraint("(cause = 'decision') = (proposal_id IS NOT NULL)", name="decision"),
        Index(None, "revoked_at"),
        APPEND_ONLY,
    )
