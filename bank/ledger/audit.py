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
from bank.ledger.words import Difference, difference

LAST_MONTH = date(9999, 12, 1)  # No day follows it.


def differences() -> Iterator[Difference]:
    """Every difference between the journal and what rests on it; nothing if the books are right."""
    yield from guard_audit.differences()
    yield from guard_audit.rules_broken()
    yield from in_the_books()


def in_the_books() -> Iterator[Difference]:
    """The same without the guards and constraints themselves, which nothing that is booked can change."""
    yield from _lost_accounts()
    yield from _incomplete_entries()
    yield from _changed_entries()
    yield from stored_differences()
    yield from sums_not_zero()


def sums_not_zero() -> Iterator[Difference]:
    """The units whose accounts do not sum to zero."""
    yield from (difference("sum_not_zero", unit=unit, total=total) for unit, total in queries.trial_balance().items() if total)


def stored_differences() -> Iterator[Difference]:
    """Where stored balances and openings, which could be rebuilt, differ from the journal."""
    for look in looks_at_stored():
        yield from look()


def looks_at_stored() -> list[Callable[[], Iterator[Difference]]]:
    """What `stored_differences` looks at, in steps: balances, months, then each closed month's openings."""
    starts = [date.min, *_closed()[1]]
    return [_wrong_balances, _wrong_months, *(partial(_wrong_openings_of, *each) for each in pairwise(starts))]


def _lost_accounts() -> Iterator[Difference]:
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
        yield difference("accounts_lost", count=count)


def _incomplete_entries() -> Iterator[Difference]:
    count = func.count(Transfer.line)
    rows = db.session.execute(
        select(JournalEntry.id, JournalEntry.transfer_count, count)
        .outerjoin(Transfer, Transfer.entry_id == JournalEntry.id)
        .group_by(JournalEntry.id, JournalEntry.transfer_count)
        .having(count != JournalEntry.transfer_count)
    )
    for entry_id, expected, found in rows:
        yield difference("entry_incomplete", entry=entry_id, expected=expected, found=found)


def _changed_entries() -> Iterator[Difference]:
    """Entries whose fields and transfers no longer give the fingerprint of what was asked."""
    for entry_id, stored, derived, are_of_day in leaves.fingerprints():
        if derived != stored:
            yield difference("entry_changed", entry=entry_id)
        if not are_of_day:
            yield difference("dates_differ", entry=entry_id)


def _wrong_balances() -> Iterator[Difference]:
    sums = totals.sums().subquery()
    total = func.coalesce(sums.c.balance, 0)
    rows = db.session.execute(
        select(Account.id, Account.code, Account.unit, Account.balance, total)
        .outerjoin(sums, sums.c.account_id == Account.id)
        .where(Account.has_floor, Account.balance != total)
    )
    for account_id, code, unit, stored, derived in rows:
        yield difference("balance_differs", account=account_id, code=code, unit=unit, stored=stored, derived=int(derived))


def _wrong_months() -> Iterator[Difference]:
    """Months that are closed out of their order, and openings that no closed month has left."""
    closed, following = _closed()
    if any(month.day != 1 for month in closed) or closed[1:] != following[: len(closed) - 1]:
        yield difference("months_out_of_order")
    for month in sorted(set(db.session.scalars(select(Opening.month).distinct())).difference(following)):
        yield difference("opening_too_early", month=f"{month:%Y-%m}")


def _closed() -> tuple[list[date], list[date]]:
    """The closed months, and those that follow them."""
    closed = list(db.session.scalars(select(MonthClose.month).order_by(MonthClose.month)))
    return closed, [clock.next_month(month) for month in closed if month < LAST_MONTH]


def _wrong_openings_of(since: date, following: date) -> Iterator[Difference]:
    """Each opening must be the one a month before plus what moved in between."""
    stored = {row[0]: tuple(row[1:]) for row in _openings(following)}
    derived = {row[0]: tuple(map(int, row[1:])) for row in db.session.execute(totals.openings_after(since, following))}
    for account_id in sorted(stored.keys() | derived.keys()):
        if stored.get(account_id) != derived.get(account_id):
            said, wanted = (", ".join(map(str, each.get(account_id, ("–",)))) for each in (stored, derived))
            yield difference("opening_differs", account=account_id, month=f"{following:%Y-%m}", stored=said, derived=wanted)


def _openings(month: date):  # type: ignore[no-untyped-def]
    columns = (Opening.account_id, Opening.balance, Opening.earned, Opening.spent, Opening.expired, Opening.corrected)
    return db.session.execute(select(*columns).where(Opening.month == month))
