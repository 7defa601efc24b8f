"""Everything that reads the books and changes nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import Select, and_, case, func, or_, select, true

from bank import clock
from bank.db import db
from bank.errors import NotFound
from bank.ledger import totals
from bank.ledger.models import Account, JournalEntry, MonthClose, Opening, Transfer
from bank.ledger.rules import NewTransfer


class NoSuchEntry(NotFound):
    """There is no journal entry of that number."""


class NoSuchAccount(NotFound):
    """There is no account of that code or number."""


@dataclass(frozen=True)
class Line:
    """One line of an account: `amount` is signed, `balance` is what the account held after it (in the account's unit)."""

    entry_id: int
    effective_on: date
    recorded_at: datetime
    kind: str
    amount: int
    balance: int
    reason: str | None
    reverses_id: int | None


@dataclass(frozen=True)
class Held:
    """An account and what it holds now, in its unit."""

    id: int
    code: str
    unit: str
    balance: int


@dataclass(frozen=True)
class History(Held):
    """An account with its lines in the order of their dates."""

    lines: list[Line]


def entries() -> Select[tuple[JournalEntry]]:
    """All journal entries, for paging."""
    return select(JournalEntry)


def entry(entry_id: int) -> JournalEntry:
    """One journal entry. Raises NoSuchEntry."""
    found = db.session.get(JournalEntry, entry_id)
    if found is None:
        raise NoSuchEntry(entry_id=entry_id)
    return found


def reversal_of(entry_id: int) -> int | None:
    """The entry that reversed this one, or None."""
    return db.session.scalar(select(JournalEntry.id).where(JournalEntry.reverses_id == entry_id))


def account(account_id: int, *, since: date = date.min, until: date = date.max) -> History:
    """An account with its balance and its lines in a span of days. Raises NoSuchAccount."""
    found = db.session.get(Account, account_id)
    if found is None:
        raise NoSuchAccount(account_id=account_id)
    lines = history(account_id, since=since, until=until)
    return History(found.id, found.code, found.unit, balance(account_id), lines)


def accounts(account_ids: set[int]) -> dict[int, Account]:
    """Accounts by id."""
    return {each.id: each for each in db.session.scalars(select(Account).where(Account.id.in_(account_ids)))}


def bank_accounts() -> list[Held]:
    """The bank's own accounts, which have no floor, with what they hold: the last opening and all that moved since."""
    last_closed = last_closed_month()
    since = clock.next_month(last_closed) if last_closed else date.min
    held = totals.openings_after(since, date.max).subquery()
    rows = db.session.execute(
        select(Account.id, Account.code, Account.unit, func.coalesce(held.c.balance, 0))
        .outerjoin(held, held.c.account_id == Account.id)
        .where(~Account.has_floor)
        .order_by(Account.code, Account.unit)
    )
    return [Held(account_id, code, unit, int(total)) for account_id, code, unit, total in rows]


def member_accounts() -> list[Held]:
    """Every account with a floor and what it holds."""
    columns = (Account.id, Account.code, Account.unit, Account.balance)
    rows = db.session.execute(select(*columns).where(Account.has_floor).order_by(Account.code, Account.unit))
    return [Held(account_id, code, unit, total or 0) for account_id, code, unit, total in rows]


def members_hold() -> dict[str, int]:
    """What all members hold together, per unit."""
    rows = db.session.execute(select(Account.unit, func.sum(Account.balance)).where(Account.has_floor).group_by(Account.unit))
    return {unit: int(total or 0) for unit, total in rows}


def account_by_name(name: str) -> Account:
    """The account of a number, such as 12, or of a code and unit, such as served:minutes; without a unit, points.

    Raises NoSuchAccount.
    """
    code, _colon, unit = name.partition(":")
    is_it = Account.id == int(name) if name.isdecimal() else (Account.code == code) & (Account.unit == (unit or "points"))
    found = db.session.scalar(select(Account).where(is_it))
    if found is None:
        raise NoSuchAccount(name=name)
    return found


def system_account(code: str, unit: str) -> int:
    """The id of one of the bank's own accounts; ids never change, so each bank asks once."""
    known: dict[tuple[str, str], int] = current_app.extensions.setdefault("system_accounts", {})
    if (code, unit) not in known:
        found = db.session.scalar(select(Account.id).where(Account.code == code, Account.unit == unit))
        if found is None:
            raise NoSuchAccount(code=code, unit=unit)
        known[code, unit] = found
    return known[code, unit]


def balance(account_id: int) -> int:
    """What an account holds now: stored where there is a floor, otherwise its last opening and what came since."""
    stored = db.session.execute(select(Account.balance).where(Account.id == account_id)).one_or_none()
    if stored is None:
        raise NoSuchAccount(account_id=account_id)
    if stored.balance is not None:
        return int(stored.balance)
    opening = _opening(account_id, None)
    return (opening.balance if opening else 0) + _moved(account_id, opening.month if opening else date.min, date.max)


def balance_on(account_id: int, day: date) -> int:
    """What an account held at the end of a day, by effective date."""
    opening = _opening(account_id, day)
    following = date.fromordinal(day.toordinal() + 1)
    return (opening.balance if opening else 0) + _moved(account_id, opening.month if opening else date.min, following)


def balance_as_of(account_id: int, *, effective_until: date, known_until: datetime) -> int:
    """What an account held at the end of a day by all that was recorded until an instant (both included).

    It adds up the journal: openings do not say when each of their lines became known.
    """
    total = func.coalesce(func.sum(_signed(account_id)), 0)
    asked = (Transfer.effective_on <= effective_until, JournalEntry.recorded_at <= known_until)
    entries = select(total).join(JournalEntry, JournalEntry.id == Transfer.entry_id)
    return int(db.session.execute(entries.where(_touches(account_id), *asked)).scalar_one())


def history(
    account_id: int, *, since: date = date.min, until: date = date.max, known_until: datetime | None = None
) -> list[Line]:
    """The account's lines from `since` to `until` (both included) in the order of dates, each with the balance after it.

    With `known_until` only what was recorded by that instant counts, in the lines and in their balances.
    """
    running = _balance_before(account_id, since, known_until)
    is_known = JournalEntry.recorded_at <= known_until if known_until else true()
    signed = _signed(account_id)
    rows = db.session.execute(
        select(
            JournalEntry.id, JournalEntry.effective_on, JournalEntry.recorded_at, JournalEntry.kind,
            func.sum(signed), JournalEntry.reason, JournalEntry.reverses_id,
        )
        .join(Transfer, Transfer.entry_id == JournalEntry.id)
        .where(_touches(account_id), Transfer.effective_on.between(since, until), is_known)
        .group_by(JournalEntry.id)
        .order_by(JournalEntry.effective_on, JournalEntry.recorded_at, JournalEntry.id)
    )  # fmt: skip
    lines = []
    for entry_id, effective_on, recorded_at, kind, amount, reason, reverses_id in rows:
        running += int(amount)
        lines.append(Line(entry_id, effective_on, recorded_at, kind, int(amount), running, reason, reverses_id))
    return lines


def transfers_of(entry_id: int) -> list[NewTransfer]:
    """What an entry moved, line by line; empty if there is no such entry."""
    columns = (Transfer.unit, Transfer.debit_id, Transfer.credit_id, Transfer.amount)
    rows = db.session.execute(select(*columns).where(Transfer.entry_id == entry_id).order_by(Transfer.line))
    return [NewTransfer(*row) for row in rows]


def last_closed_month() -> date | None:
    """The first day of the newest closed month, or None while nothing is closed."""
    return db.session.scalar(select(func.max(MonthClose.month)))


def open_month() -> date | None:
    """The first day of the earliest open month: after the last closed one, or of the first entry; None without entries."""
    last = last_closed_month()
    if last is not None:
        return clock.next_month(last)
    first = db.session.scalar(select(func.min(JournalEntry.effective_on)))
    return clock.month_start(first) if first else None


def trial_balance() -> dict[str, int]:
    """The sum of all balances per unit, from the journal itself; every value is zero or the books are broken."""
    each = totals.sums().subquery()
    rows = db.session.execute(
        select(Account.unit, func.sum(each.c.balance)).join(Account, Account.id == each.c.account_id).group_by(Account.unit)
    )
    return {unit: int(total) for unit, total in rows}


def quick_balance() -> dict[str, int]:
    """As `trial_balance`, from stored balances and openings: cheap enough for a first page, while `bank verify` looks deeper."""
    total = members_hold()
    for each in bank_accounts():
        total[each.unit] = total.get(each.unit, 0) + each.balance
    return total


def _balance_before(account_id: int, day: date, known_until: datetime | None) -> int:
    if day == date.min:
        return 0
    before = day - timedelta(days=1)
    if known_until is None:
        return balance_on(account_id, before)
    return balance_as_of(account_id, effective_until=before, known_until=known_until)


def _opening(account_id: int, day: date | None) -> Opening | None:
    newest = select(func.max(Opening.month))
    if day is not None:
        newest = newest.where(Opening.month <= day)
    return db.session.scalar(select(Opening).where(Opening.account_id == account_id, Opening.month == newest.scalar_subquery()))


def _moved(account_id: int, since: date, until: date) -> int:
    window = and_(Transfer.effective_on >= since, Transfer.effective_on < until)
    came = select(func.coalesce(func.sum(Transfer.amount), 0)).where(Transfer.credit_id == account_id, window)
    left = select(func.coalesce(func.sum(Transfer.amount), 0)).where(Transfer.debit_id == account_id, window)
    return int(db.session.execute(select(came.scalar_subquery() - left.scalar_subquery())).scalar_one())


def _touches(account_id: int):  # type: ignore[no-untyped-def]
    return or_(Transfer.credit_id == account_id, Transfer.debit_id == account_id)


def _signed(account_id: int):  # type: ignore[no-untyped-def]
    return case((Transfer.credit_id == account_id, Transfer.amount), else_=-Transfer.amount)
