"""Which points expire on a day: arithmetic on the openings and on what moved since, for all members at once; no lots."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, case, func, literal, select, union_all

from bank.db import db
from bank.ledger.models import Account, JournalEntry, Opening, Transfer
from bank.ledger.queries import system_account
from bank.ledger.rules import Expiry, due_before, expiring
from bank.ledger.totals import openings_after

MEMBER = "member/"
IS_MEMBER_POINTS = (Account.has_floor, Account.unit == "points", Account.code.startswith(MEMBER), Account.closed_at.is_(None))


@dataclass(frozen=True)
class Ending:
    """Points (in hundredths) of one member that expire, under the key of the entry that will say so."""

    key: str
    account_id: int
    amount: int


def endings(day: date, expiry: Expiry) -> list[Ending]:
    """What expires when a day is over and was not expired for that day before, in order of the accounts' ids."""
    bound = due_before(day, expiry)
    if bound is None:
        return []
    later = _later(day)
    found = []
    for account_id, key, earned_due, left, balance in db.session.execute(_due(day, bound)):
        lowest, expired_later = later.get(account_id, (0, 0))
        amount = expiring(earned_due=int(earned_due), left=int(left) + expired_later, lowest=int(balance) + lowest)
        found += [Ending(key, account_id, amount)] if amount else []
    return found


def _due(day: date, bound: date) -> Select[int, str, int, int, int]:
    """(account, key, earned before the bound, left by the day's end, balance then) of every member with anything due."""
    following = day + timedelta(days=1)
    then = openings_after(_latest_opening(following), following).subquery()
    before = openings_after(_latest_opening(bound), bound).subquery()
    key = literal(f"expire:{day}:").concat(func.substr(Account.code, len(MEMBER) + 1))
    left = then.c.earned - then.c.balance
    return (
        select(Account.id, key, before.c.earned, left, then.c.balance)
        .join(then, then.c.account_id == Account.id)
        .join(before, before.c.account_id == Account.id)
        .where(*IS_MEMBER_POINTS, before.c.earned > left, ~select(JournalEntry.id).where(JournalEntry.key == key).exists())
        .order_by(Account.id)
    )


def _later(day: date) -> dict[int, tuple[int, int]]:
    """Per account how far below its balance of the day it fell later (0 or less), and what expired later."""
    moved: dict[int, int] = defaultdict(int)
    fell: dict[int, int] = defaultdict(int)
    expired: dict[int, int] = defaultdict(int)
    for account_id, amount, of_expiry in db.session.execute(_moved_after(day)):
        moved[account_id] += int(amount)
        fell[account_id] = min(fell[account_id], moved[account_id])
        expired[account_id] -= int(of_expiry)
    return {account_id: (fell[account_id], expired[account_id]) for account_id in moved}


def _moved_after(day: date) -> Select[int, int, int]:
    """(account, what moved, what of it was expiry) per member and day, in order of the days."""
    sides = [
        select(account_id.label("account_id"), other_id.label("other_id"), JournalEntry.effective_on, amount.label("amount"))
        .join(JournalEntry, JournalEntry.id == Transfer.entry_id)
        .where(JournalEntry.effective_on > day)
        for account_id, other_id, amount in (
            (Transfer.credit_id, Transfer.debit_id, Transfer.amount),
            (Transfer.debit_id, Transfer.credit_id, -Transfer.amount),
        )
    ]
    side = union_all(*sides).subquery().c
    of_expiry = case((side.other_id == system_account("expired", "points"), side.amount), else_=0)
    return (
        select(side.account_id, func.sum(side.amount), func.sum(of_expiry))
        .join(Account, Account.id == side.account_id)
        .where(*IS_MEMBER_POINTS)
        .group_by(side.account_id, side.effective_on)
        .order_by(side.effective_on)
    )


def _latest_opening(day: date) -> date:
    return db.session.scalar(select(func.max(Opening.month)).where(Opening.month <= day)) or date.min
