"""Accounts, journal entries and transfers; `guards` adds what constraints cannot say."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.ledger.rules import AMOUNT_MAX, KINDS

IN_BULK = {"info": APPEND_ONLY["info"] | {"filled_in_bulk": True}}  # Their guards look for a second row with all the rest.


class Account(Base):
    """Holds one unit: `points` in hundredths or whole `minutes`. Only an account with a floor stores its balance."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(8))
    has_floor: Mapped[bool]
    balance: Mapped[int | None] = mapped_column(BigInteger)
    last_entry_id: Mapped[int | None] = mapped_column(Id)
    last_line: Mapped[int | None] = mapped_column(SmallInteger)  # SQLite's guards alone set it and ask for it.
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("code", "unit"),
        CheckConstraint("unit IN ('points', 'minutes')", name="unit"),
        CheckConstraint("has_floor = (balance IS NOT NULL)", name="stored_balance"),
        CheckConstraint("balance >= 0", name="floor"),
    )


class JournalEntry(Base):
    """One business event; complete when it has `transfer_count` transfers, and never changed."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date] = mapped_column(index=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str] = mapped_column(String(40))
    approved_by: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200))
    rule_version: Mapped[int | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"))
    transfer_count: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        # In place of IN, for which SQLite would build a table of the kinds for every row.
        CheckConstraint(" OR ".join(f"kind = '{each}'" for each in KINDS), name="kind"),
        CheckConstraint("transfer_count BETWEEN 1 AND 1000", name="transfer_count"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_names_entry"),
        CheckConstraint("reverses_id IS NULL OR (reason IS NOT NULL AND approved_by IS NOT NULL)", name="reversal_has_reason"),
        CheckConstraint("approved_by <> recorded_by", name="second_person"),
        Index(
            "uq_journal_entry_reverses_id", "reverses_id", unique=True,
            sqlite_where=text("reverses_id IS NOT NULL"), postgresql_where=text("reverses_id IS NOT NULL"),
        ),  # Of few entries, so that the others need not be in it.
        IN_BULK,
    )  # fmt: skip


class Transfer(Base):
    """One movement of `amount` > 0 from the debited to the credited account, so that every entry balances.

    The guards see to it that entry and accounts exist and have this unit; foreign keys would ask it row by row.
    """

    __tablename__ = "transfer"

    entry_id: Mapped[int] = mapped_column(Id, primary_key=True)
    line: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(String(8))
    debit_id: Mapped[int] = mapped_column(Id)
    credit_id: Mapped[int] = mapped_column(Id)
    amount: Mapped[int] = mapped_column(BigInteger)
    effective_on: Mapped[date]

    __table_args__ = (
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        CheckConstraint(f"amount BETWEEN 1 AND {AMOUNT_MAX}", name="amount"),
        Index(None, "debit_id", "effective_on"),
        Index(None, "credit_id", "effective_on"),
        IN_BULK | {"sqlite_with_rowid": False},
    )


class MonthClose(Base):
    """A closed month takes no entry dated inside it; months close in order."""

    __tablename__ = "month_close"

    month: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (APPEND_ONLY,)


class Opening(Base):
    """An account's balance at the start of a month, and what moved it since it was opened (in its unit).

    An account has one in every month after its first, so it is looked up by month and account; an index by account first
    would make each close touch pages all over what the years have left.
    """

    __tablename__ = "opening"

    month: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    balance: Mapped[int] = mapped_column(BigInteger)
    earned: Mapped[int] = mapped_column(BigInteger)
    spent: Mapped[int] = mapped_column(BigInteger)
    expired: Mapped[int] = mapped_column(BigInteger)
    corrected: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("balance = earned - spent - expired + corrected", name="adds_up"),
        {"info": APPEND_ONLY["info"] | {"is_guarded": True}},
    )


class EntryRepeat(Base):
    """A key that was sent again: a repeat must write, so that its answer waits for the standby like the first."""

    __tablename__ = "entry_repeat"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"))
    repeated_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (APPEND_ONLY,)


class Seal(Base):
    """A link of the chain over the journal: the tree root of `entry_count` new entries, and the hash of the link before."""

    __tablename__ = "seal"

    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    entry_count: Mapped[int]
    last_position: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_at: Mapped[datetime] = mapped_column(Instant)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("entry_count >= 1 AND last_position >= entry_count", name="entry_count"),
        APPEND_ONLY,
    )


class SealedEntry(Base):
    """An entry's place in the order of sealing; a seal's entries are those at its last `entry_count` positions."""

    # Ids are given before the commit, so an entry may appear below ids that were sealed long ago. A mark such as "sealed up
    # to id 500" would lose it; here whatever has no row is new, at whatever time it appears and whatever its id.
    __tablename__ = "sealed_entry"

    position: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)

    __table_args__ = (APPEND_ONLY,)
