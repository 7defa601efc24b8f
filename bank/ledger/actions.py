"""Everything that changes the books. An action flushes and never commits; the face that calls it does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import delete, insert, literal, select, update

from bank import clock
from bank.db import db, is_postgres
from bank.ledger import guards, posting, queries, totals
from bank.ledger.expiry import IS_MEMBER_POINTS, MEMBER, endings
from bank.ledger.intake import BadJournal, Told
from bank.ledger.models import Account, JournalEntry, MonthClose, Opening
from bank.ledger.posting import Posted
from bank.ledger.rules import (
    AlreadyReversed,
    DayNotOver,
    Expiry,
    KeyReused,
    MonthNotOver,
    NewEntry,
    NewTransfer,
    SecondPersonNeeded,
    check,
    opposite,
    with_shortfall,
)

SYSTEM_ACCOUNTS = (
    ("served", "minutes"),
    ("redeemed", "points"),
    ("reserved", "points"),
    ("expired", "points"),
    ("pool", "points"),
    ("shortfall", "points"),
)
BATCH = 1000
BANK = "bank"  # Records what no person does.


@dataclass(frozen=True)
class Imported:
    """How many entries of a file are new to the books, and how many were there before."""

    new: int
    known: int


def open_system_accounts(*, at: datetime) -> None:
    """Open the bank's own accounts, once; they have no floor and store no balance."""
    there = {tuple(row) for row in db.session.execute(select(Account.code, Account.unit))}
    for code, unit in SYSTEM_ACCOUNTS:
        if (code, unit) not in there:
            open_account(code=code, unit=unit, has_floor=False, at=at)


def open_account(*, code: str, unit: str, has_floor: bool, at: datetime) -> int:
    """Open an account and answer its id; with a floor it starts at zero and never goes below."""
    account = Account(code=code, unit=unit, has_floor=has_floor, balance=0 if has_floor else None, opened_at=at)
    db.session.add(account)
    db.session.flush()  # The caller needs the id.
    return account.id


def open_member_accounts(*, keys: Sequence[str], at: datetime) -> list[tuple[int, int]]:
    """Open points and minutes for each member key, set-based; answers (points id, minutes id) in the order of the keys."""
    rows = [
        {"code": f"member/{key}", "unit": unit, "has_floor": True, "balance": 0, "opened_at": at}
        for key in keys
        for unit in ("points", "minutes")
    ]
    if not rows:
        return []
    opened = db.session.execute(insert(Account).returning(Account.code, Account.unit, Account.id), rows)
    ids = {(code, unit): account_id for code, unit, account_id in opened}
    return [(ids[f"member/{key}", "points"], ids[f"member/{key}", "minutes"]) for key in keys]


def post(entries: Sequence[NewEntry], *, at: datetime) -> list[Posted]:
    """Post a batch in one call, all or nothing; a key that is known answers with its first entry and writes no second.

    Raises BadEntry, KeyReused (same key, other content), BalanceTooLow, AccountClosed, MonthClosed.
    """
    for entry in entries:
        check(entry)
    return posting.write(entries, at) if entries else []


def import_journal(*, entries: Iterable[Told], at: datetime) -> Imported:
    """Write an exported journal with its keys, dates and times; what is there already is not written again.

    Opens the accounts that it names and this bank does not have. Whoever posts waits for its end. Raises what `post`
    raises, and BadJournal; KeyReused also where only the time of recording differs.
    """
    if is_postgres():
        db.session.connection().exec_driver_sql("LOCK TABLE account IN EXCLUSIVE MODE")
    accounts = {(code, unit): found for code, unit, found in db.session.execute(select(Account.code, Account.unit, Account.id))}
    posted: list[Posted] = []
    for recorded_at, group in groupby(entries, attrgetter("recorded_at")):
        # What came in one call may stand in any order: first what gives to members, then what takes from them.
        together = sorted(group, key=lambda told: any(each.debit.startswith(MEMBER) for each in told.transfers))
        keys = {told.key for told in together}
        for part in ([each for each in together if (each.reverses in keys) == is_later] for is_later in (False, True)):
            for start in range(0, len(part), BATCH):
                posted += post(_as_asked(part[start : start + BATCH], accounts, at), at=recorded_at)
    new = sum(each.is_new for each in posted)
    return Imported(new, len(posted) - new)


def reverse(
    *, entry_id: int, key: str, reason: str, recorded_by: str, approved_by: str, effective_on: date, at: datetime,
    books_shortfall: bool = False,
) -> Posted:  # fmt: skip
    """Move everything an entry moved back again, once, for a reason and with a second person.

    When points are already spent it raises BalanceTooLow, unless `books_shortfall`: then what is missing comes from the
    bank's account `shortfall`, for which the supervisor who approves stands. Raises NoSuchEntry, AlreadyReversed and
    SecondPersonNeeded as well.
    """
    transfers = queries.transfers_of(entry_id)
    if not transfers:
        raise queries.NoSuchEntry(entry_id=entry_id)
    if not reason.strip() or recorded_by == approved_by:
        raise SecondPersonNeeded()
    reversed_under = db.session.scalar(select(JournalEntry.key).where(JournalEntry.reverses_id == entry_id))
    if reversed_under not in (None, key):
        raise AlreadyReversed(entry_id=entry_id)
    entry = NewEntry(
        key=key, kind="reversal", effective_on=effective_on, recorded_by=recorded_by, approved_by=approved_by,
        transfers=_what_is_there(opposite(transfers), key) if books_shortfall else opposite(transfers),
        reason=reason, reverses_id=entry_id,
    )  # fmt: skip
    return post([entry], at=at)[0]


def expire(*, on: date, expiry: Expiry, at: datetime, most: int | None = None) -> int:
    """Let all members' points expire that are due when the day `on` is over; answers how many members lost some.

    Run again or late it writes what one punctual run would have written, dated into the first open month if the day's
    own is closed; with `most`, of so many members, and as many calls make it whole. Raises DayNotOver while the bank's local
    day is not past `on`.
    """
    if clock.local_day(at) <= on:
        raise DayNotOver(day=on.isoformat())
    # Nobody spends between our adding up and our posting; posting takes the same locks in the same order.
    db.session.execute(select(Account.id).where(*IS_MEMBER_POINTS).order_by(Account.id).with_for_update(key_share=True))
    effective_on = max(on, queries.open_month() or on)
    expired_id = queries.system_account("expired", "points")
    entries = [
        NewEntry(
            key=each.key, kind="expire", effective_on=effective_on, recorded_by=BANK,
            transfers=(NewTransfer("points", each.account_id, expired_id, each.amount),),
        )
        for each in endings(on, expiry)[:most]
    ]  # fmt: skip
    for start in range(0, len(entries), BATCH):
        post(entries[start : start + BATCH], at=at)
    return len(entries)


def close_through(*, month: date, at: datetime) -> int:
    """Close every open month up to and including the one that starts on `month`, in order; answers how many it closed."""
    closed = 0
    while (earliest := queries.open_month()) is not None and earliest <= month:
        closed += close_month(month=earliest, at=at)
    return closed


def close_month(*, month: date, at: datetime) -> bool:
    """Close the earliest open month and write every account's opening of the next; False if it was closed before.

    Raises MonthNotOver while the bank's local day is still inside the month.
    """
    following = clock.next_month(month)
    if clock.local_day(at) < following:
        raise MonthNotOver(month=month.isoformat())
    if is_postgres():  # Nothing dated inside the month may be on its way while we add it up.
        db.session.connection().exec_driver_sql("LOCK TABLE journal_entry IN SHARE ROW EXCLUSIVE MODE")
    last_closed = queries.last_closed_month()
    if last_closed is not None and month <= last_closed:
        return False
    since = clock.next_month(last_closed) if last_closed else date.min
    db.session.add(MonthClose(month=month, closed_at=at))
    db.session.flush()
    _write_openings(since, following)
    return True


def rebuild() -> None:
    """Throw all stored balances and openings away and derive them again from the journal.

    The guards of their two tables are off only inside the transaction, and whoever posts waits for its end.
    """
    connection = db.session.connection()
    if is_postgres():
        connection.exec_driver_sql("LOCK TABLE account, opening IN ACCESS EXCLUSIVE MODE")
    with guards.lowered(connection, "account", "opening"):
        connection.execute(update(Account).where(Account.has_floor).values(balance=0, last_entry_id=None, last_line=None))
        connection.execute(delete(Opening))
        _write_balances()
        since = date.min
        for month in db.session.scalars(select(MonthClose.month).order_by(MonthClose.month)).all():
            _write_openings(since, clock.next_month(month))
            since = clock.next_month(month)
    db.session.expire_all()


def _as_asked(entries: Sequence[Told], accounts: dict[tuple[str, str], int], at: datetime) -> list[NewEntry]:
    """The entries in this bank's own numbers."""
    wanted = {(code, each.unit) for told in entries for each in told.transfers for code in (each.debit, each.credit)}
    _open_missing(wanted, accounts, at)
    named = {told.key for told in entries} | {told.reverses for told in entries if told.reverses}
    columns = (JournalEntry.key, JournalEntry.id, JournalEntry.recorded_at)
    known = {row.key: row for row in db.session.execute(select(*columns).where(JournalEntry.key.in_(named)))}
    for told in entries:
        if told.key in known and known[told.key].recorded_at != told.recorded_at:
            raise KeyReused(key=told.key)
        if told.reverses and told.reverses not in known:
            raise BadJournal(key=told.key)
    return [
        NewEntry(
            key=told.key, kind=told.kind, effective_on=told.effective_on, recorded_by=told.recorded_by,
            approved_by=told.approved_by, reason=told.reason, rule_version=told.rule_version,
            reverses_id=known[told.reverses].id if told.reverses else None,
            transfers=tuple(
                NewTransfer(each.unit, accounts[each.debit, each.unit], accounts[each.credit, each.unit], each.amount)
                for each in told.transfers
            ),
        )
        for told in entries
    ]  # fmt: skip


def _open_missing(wanted: set[tuple[str, str]], accounts: dict[tuple[str, str], int], at: datetime) -> None:
    for code, unit in sorted(wanted - accounts.keys()):
        accounts[code, unit] = open_account(code=code, unit=unit, has_floor=code.startswith(MEMBER), at=at)


def _what_is_there(transfers: Sequence[NewTransfer], key: str) -> tuple[NewTransfer, ...]:
    """The transfers as far as the members hold the points, and the rest from `shortfall`; a repeat asks what it asked."""
    touched = {account_id for each in transfers for account_id in (each.debit_id, each.credit_id)}
    accounts = select(Account.id, Account.balance).where(Account.has_floor, Account.id.in_(touched)).order_by(Account.id)
    held = db.session.execute(accounts.with_for_update(key_share=True))  # The locks that posting takes, in its order.
    balances = {account_id: balance for account_id, balance in held if balance is not None}
    if (posted_id := db.session.scalar(select(JournalEntry.id).where(JournalEntry.key == key))) is not None:
        return tuple(queries.transfers_of(posted_id))
    return with_shortfall(transfers, held=balances, shortfall_id=queries.system_account("shortfall", "points"))


def _write_balances() -> None:
    sums = totals.sums().subquery()
    moved = {"balance": sums.c.balance, "last_entry_id": sums.c.last_entry_id}
    known = update(Account).where(Account.has_floor, Account.id == sums.c.account_id).values(moved)
    db.session.connection().execute(known)


def _write_openings(since: date, following: date) -> None:
    """Openings of the month that starts on `following` = openings of `since` + all that moved from then to that day."""
    rows = totals.openings_after(since, following).add_columns(literal(following))
    columns = ["account_id", "balance", "earned", "spent", "expired", "corrected", "month"]
    db.session.execute(insert(Opening).from_select(columns, rows, include_defaults=False))
