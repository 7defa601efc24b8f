"""What each account had and what moved in a month, added up in one pass over the openings and what was no deposit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, case, cast, func, literal, select, union_all

from bank import clock
from bank.ledger.models import JournalEntry, Opening, Transfer
from bank.ledger.totals import INCOME, both_sides

MOVED = ("came", "went", "withdrawn", "expired", "reversed")  # What was deposited is added to what came.
NAMES = ("opening", "deposited", *MOVED, "balance_then", "earned_then", "earned_before")


def of_accounts(month: date, *, due_before: date | None) -> CTE:
    """(account_id, and a sum under each of NAMES) of every account that was ever moved by the month's end.

    Needs the month closed. `came` leaves out what was deposited. `..._then` is of the month's end; `earned_before` is all that
    was earned before a day that is the first of a month.
    """
    following = clock.next_month(month)
    # Deposits are most of a month, and the close has just added them up: the openings differ by them.
    sides = [_opened(month, {"opening": Opening.balance, "deposited": -Opening.earned}), _moved(month, following)]
    then = {"deposited": Opening.earned, "balance_then": Opening.balance, "earned_then": Opening.earned}
    sides.append(_opened(following, then))
    if due_before is not None:
        sides.append(_opened(due_before, {"earned_before": Opening.earned}))
    each = union_all(*sides).subquery().c
    totals = (cast(func.sum(each[name]), BigInteger).label(name) for name in NAMES)
    return select(each.account_id, *totals).group_by(each.account_id).cte("sums", nesting=True)


def _opened(day: date, values: Mapping[str, Any]) -> Select[Any]:
    return select(Opening.account_id, *_columns(values)).where(Opening.month == day)


def _moved(month: date, following: date) -> Select[Any]:
    """Both sides of the month's transfers that deposit nothing, found by the entries' dates and read once."""
    sign, account_id, amount = both_sides()
    kind = JournalEntry.kind
    values = {
        "came": case((amount > 0, amount), else_=0),
        "went": case((amount < 0, -amount), else_=0),
        "withdrawn": case((kind.not_in(("expire", "reversal")), -amount), else_=0),
        "expired": case((kind == "expire", -amount), else_=0),
        "reversed": case((kind == "reversal", amount), else_=0),
    }
    within = (JournalEntry.effective_on >= month) & (JournalEntry.effective_on < following)
    moved = select(account_id.label("account_id"), *_columns(values)).join(JournalEntry, JournalEntry.id == Transfer.entry_id)
    return moved.join(sign, literal(True)).where(within, kind.not_in(INCOME))


def _columns(values: Mapping[str, Any]) -> list[ColumnElement[Any]]:
    return [values.get(name, literal(0)).label(name) for name in NAMES]
