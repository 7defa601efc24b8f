"""What is kept of how somebody proves who he is: second steps, one-time codes, tries at signing in, API tokens."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import Base, Id, Instant
from bank.people.models import Person


class Credential(Base):
    """What a person's sign-in needs beside the PIN; most members have no row.

    `totp_salt` and the bank's secret key together make the secret of the second step, so the database alone gives none
    away; `totp_step` is the half minute of the last code taken, so that no code counts twice.
    """

    __tablename__ = "credential"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    has_password: Mapped[bool] = mapped_column(default=False)
    totp_salt: Mapped[str | None] = mapped_column(String(20))
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    totp_since: Mapped[datetime | None] = mapped_column(Instant)
    signed_out_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("(totp_salt IS NULL) = (totp_step IS NULL)", name="totp_step"),
        CheckConstraint("(totp_salt IS NULL) = (totp_since IS NULL)", name="totp_since"),
    )


class RecoveryCode(Base):
    """A code on paper that stands in once for the phone with the second step."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Invitation(Base):
    """A code handed out at the desk, with which its person sets a PIN once; kept as a keyed hash."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        CheckConstraint("expires_at > made_at", name="expires"),
        CheckConstraint("used_at IS NULL OR revoked_at IS NULL", name="used_or_revoked"),
    )


class Tries(Base):
    """How often somebody failed to prove who he is, and when the next try is heard; the key tells nobody who it is."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)
    open_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)


class ApiToken(Base):
    """A bearer token of the API: shown once, kept as a hash, able to do at most what its owner may do, within its scopes."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    prefix: Mapped[str] = mapped_column(String(8))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(60), server_default="all")
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()

    @property
    def scope_names(self) -> list[str]:
        """The parts of the API that it opens."""
        return self.scopes.split()
