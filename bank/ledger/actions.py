"""Everything that changes the books. An action flushes and never commits; the face that calls it does."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, literal, select

from bank import clock
from bank.db import db, is_postgres
from bank.ledger import guards, posting, queries
from bank.ledger.models import Account, JournalEntry, MonthClose, Opening
from bank.ledger.posting import Posted
from bank.ledger.rules import AlreadyReversed, MonthNotOver, NewEntry, SecondPersonNeeded, check, opposite

SYSTEM_ACCOUNTS = (
    ("served", "minutes"),
    ("redeemed", "points"),
    ("reserved", "points"),
    ("expired", "points"),
    ("pool", "points"),
)


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


def reverse(
    *, entry_id: int, key: str, reason: str, recorded_by: str, approved_by: str, effective_on: date, at: datetime
) -> Posted:
    """Move everything an entry moved back again, once, for a reason and with a second person (DOMAIN rule 23).

    Raises NoSuchEntry, AlreadyReversed, SecondPersonNeeded, and BalanceTooLow when the points are already spent.
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
        key=key, kind="reversal", effective_on=effective_on, transfers=opposite(transfers), recorded_by=recorded_by,
        approved_by=approved_by, reason=reason, reverses_id=entry_id,
    )  # fmt: skip
    return post([entry], at=at)[0]


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


def rebuild_openings() -> None:
    """Throw all openings away and derive them again from the journal; the guards are off only inside the transaction."""
    connection = db.session.connection()
    guards.drop(connection)
    db.session.execute(delete(Opening))
    since = date.min
    for month in db.session.scalars(select(MonthClose.month).order_by(MonthClose.month)).all():
        _write_openings(since, clock.next_month(month))
        since = clock.next_month(month)
    guards.renew(connection)


def _write_openings(since: date, following: date) -> None:
    """Openings of the month that starts on `following` = openings of `since` + all that moved from then to that day."""
    rows = queries.openings_after(since, following).add_columns(literal(following))
    columns = ["account_id", "balance", "earned", "spent", "expired", "corrected", "month"]
    db.session.execute(insert(Opening).from_select(columns, rows, include_defaults=False))
