"""What each account had and what moved in a month, added up in one pass over the openings and that month's entries alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, and_, case, cast, func, literal, select, union_all

from bank import clock
from bank.ledger.models import JournalEntry, Opening, Transfer

DEPOSITS = ("deposit", "import")
MOVED = ("came", "went", "deposited", "withdrawn", "expired", "reversed")
NAMES = ("opening", *MOVED, "balance_then", "earned_then", "earned_before")


def of_accounts(month: date, *, due_before: date | None) -> CTE:
    """(account_id, and a sum under each of NAMES) of every account that was ever moved by the month's end.

    `..._then` is of the month's end; `earned_before` is all that was earned before a day that is the first of a month.
    """
    following = clock.next_month(month)
    sides = [_opened(month, {"opening": Opening.balance}), _moved(month, following)]
    sides.append(_opened(following, {"balance_then": Opening.balance, "earned_then": Opening.earned}))
    if due_before is not None:
        sides.append(_opened(due_before, {"earned_before": Opening.earned}))
    each = union_all(*sides).subquery().c
    totals = (cast(func.sum(each[name]), BigInteger).label(name) for name in NAMES)
    return select(each.account_id, *totals).group_by(each.account_id).cte("sums", nesting=True)


def _opened(day: date, values: Mapping[str, Any]) -> Select[Any]:
    return select(Opening.account_id, *_columns(values)).where(Opening.month == day)


def _moved(month: date, following: date) -> Select[Any]:
    """Both sides of every transfer of the month, found by the entries' dates and read once."""
    sign = union_all(select(literal(1).label("sign")), select(literal(-1))).subquery().c.sign
    is_credit, kind, amount = sign == 1, JournalEntry.kind, Transfer.amount * sign
    is_deposit = kind.in_(DEPOSITS)
    values = {
        "came": case((is_credit, Transfer.amount), else_=0),
        "went": case((is_credit, 0), else_=Transfer.amount),
        "deposited": case((is_deposit, amount), else_=0),
        "withdrawn": case((and_(~is_deposit, kind.not_in(("expire", "reversal"))), -amount), else_=0),
        "expired": case((kind == "expire", -amount), else_=0),
        "reversed": case((kind == "reversal", amount), else_=0),
    }
    account_id = case((is_credit, Transfer.credit_id), else_=Transfer.debit_id).label("account_id")
    within = (JournalEntry.effective_on >= month) & (JournalEntry.effective_on < following)
    moved = select(account_id, *_columns(values)).join(JournalEntry, JournalEntry.id == Transfer.entry_id)
    return moved.join(sign.table, literal(True)).where(within)


def _columns(values: Mapping[str, Any]) -> list[ColumnElement[Any]]:
    return [values.get(name, literal(0)).label(name) for name in NAMES]
