"""Re-derives what is stored beside the journal and reports every difference; repairs nothing."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bank import clock
from bank.db import db
from bank.ledger import guard_audit, leaves, queries, totals
from bank.ledger.models import Account, JournalEntry, MonthClose, Opening, Transfer

LAST_MONTH = date(9999, 12, 1)  # No day follows it.


def differences() -> Iterator[str]:
    """One sentence per difference between the journal and what rests on it; nothing if the books are right."""
    yield from guard_audit.differences()
    yield from guard_audit.rules_broken()
    yield from _lost_accounts()
    yield from _incomplete_entries()
    yield from _changed_entries()
    yield from stored_differences()
    yield from (
        f"The books of {unit} do not sum to zero but to {total}." for unit, total in queries.trial_balance().items() if total
    )


def stored_differences() -> Iterator[str]:
    """Where stored balances and openings, which could be rebuilt, differ from the journal."""
    for look in looks_at_stored():
        yield from look()


def looks_at_stored() -> list[Callable[[], Iterator[str]]]:
    """What `stored_differences` looks at, in steps: balances, months, then each closed month's openings."""
    starts = [date.min, *_closed()[1]]
    return [_wrong_balances, _wrong_months, *(partial(_wrong_openings_of, *each) for each in pairwise(starts))]


def _lost_accounts() -> Iterator[str]:
    """Transfers that name an account which is not there or holds another unit; no constraint of their own says so."""
    debit, credit = aliased(Account), aliased(Account)
    count = db.session.scalar(
        select(func.count())
        .select_from(Transfer)
        .outerjoin(debit, (debit.id == Transfer.debit_id) & (debit.unit == Transfer.unit))
        .outerjoin(credit, (credit.id == Transfer.credit_id) & (credit.unit == Transfer.unit))
        .where(debit.id.is_(None) | credit.id.is_(None))
    )
    if count:
        yield f"{count} transfers are not between two accounts of their unit."


def _incomplete_entries() -> Iterator[str]:
    count = func.count(Transfer.line)
    rows = db.session.execute(
        select(JournalEntry.id, JournalEntry.transfer_count, count)
        .outerjoin(Transfer, Transfer.entry_id == JournalEntry.id)
        .group_by(JournalEntry.id, JournalEntry.transfer_count)
        .having(count != JournalEntry.transfer_count)
    )
    for entry_id, expected, found in rows:
        yield f"Entry {entry_id} should have {expected} transfers but has {found}."


def _changed_entries() -> Iterator[str]:
    """Entries whose fields and transfers no longer give the fingerprint of what was asked."""
    for entry_id, stored, derived, are_of_day in leaves.fingerprints():
        if derived != stored:
            yield f"Entry {entry_id} is not what was posted under its key."
        if not are_of_day:
            yield f"Not all transfers of entry {entry_id} have its date."


def _wrong_balances() -> Iterator[str]:
    sums = totals.sums().subquery()
    total = func.coalesce(sums.c.balance, 0)
    rows = db.session.execute(
        select(Account.id, Account.code, Account.unit, Account.balance, total)
        .outerjoin(sums, sums.c.account_id == Account.id)
        .where(Account.has_floor, Account.balance != total)
    )
    for account_id, code, unit, stored, derived in rows:
        yield f"Account {account_id} ({code}, {unit}) stores {stored}, but its transfers sum to {derived}."


def _wrong_months() -> Iterator[str]:
    """Months that are closed out of their order, and openings that no closed month has left."""
    closed, following = _closed()
    if any(month.day != 1 for month in closed) or closed[1:] != following[: len(closed) - 1]:
        yield "The closed months do not follow each other."
    for month in sorted(set(db.session.scalars(select(Opening.month).distinct())).difference(following)):
        yield f"There are openings of {month}, but the month before is not closed."


def _closed() -> tuple[list[date], list[date]]:
    """The closed months, and those that follow them."""
    closed = list(db.session.scalars(select(MonthClose.month).order_by(MonthClose.month)))
    return closed, [clock.next_month(month) for month in closed if month < LAST_MONTH]


def _wrong_openings_of(since: date, following: date) -> Iterator[str]:
    """Each opening must be the one a month before plus what moved in between."""
    names = ("balance", "earned", "spent", "expired", "corrected")
    stored = {row[0]: tuple(row[1:]) for row in _openings(following)}
    derived = {row[0]: tuple(map(int, row[1:])) for row in db.session.execute(totals.openings_after(since, following))}
    for account_id in sorted(stored.keys() | derived.keys()):
        if stored.get(account_id) != derived.get(account_id):
            said = dict(zip(names, stored.get(account_id, ()), strict=False))
            yield f"The opening of account {account_id} on {following} says {said}, but the journal {derived.get(account_id)}."


def _openings(month: date):  # type: ignore[no-untyped-def]
    columns = (Opening.account_id, Opening.balance, Opening.earned, Opening.spent, Opening.expired, Opening.corrected)
    return db.session.execute(select(*columns).where(Opening.month == month))
