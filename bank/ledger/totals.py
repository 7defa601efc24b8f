"""What the journal adds up to, account by account: statements over all accounts at once, for closing, expiry and the audit."""

from datetime import date
from functools import lru_cache

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, and_, case, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from bank.ledger.models import JournalEntry, Opening, Transfer

INCOME = ("deposit", "import")


def sums() -> Select[int, int, int]:
    """(account, balance, last entry) of every account that was ever moved, from the journal itself."""
    sides = union_all(
        select(Transfer.credit_id.label("account_id"), Transfer.amount.label("amount"), Transfer.entry_id),
        select(Transfer.debit_id, -Transfer.amount, Transfer.entry_id),
    ).subquery()
    total = cast(func.sum(sides.c.amount), BigInteger).label("balance")
    return select(sides.c.account_id, total, func.max(sides.c.entry_id).label("last_entry_id")).group_by(sides.c.account_id)


def both_sides() -> tuple[FromClause, ColumnElement[int], ColumnElement[int]]:
    """What to join every transfer to, to read it once for its two sides; the account and the signed amount of each side."""
    sign = union_all(select(literal(1).label("sign")), select(literal(-1))).subquery()
    account_id = case((sign.c.sign == 1, Transfer.credit_id), else_=Transfer.debit_id)
    return sign, account_id, Transfer.amount * sign.c.sign


def movements(since: date, until: date) -> Select[tuple[int, int, int, int, int, int]]:
    """(account, balance, earned, spent, expired, corrected) of every side of every transfer from `since` to before `until`.

    A reversal counts against what it reverses: taking back a deposit is `corrected`, giving back a redemption lowers `spent`.
    """
    sign, account_id, amount = both_sides()
    original = aliased(JournalEntry)
    # Looked up where there is something to look up: a join would read the entries of all the years for the few reversals.
    reversed_kind = select(original.kind).where(original.id == JournalEntry.reverses_id).scalar_subquery()
    is_reversal = JournalEntry.reverses_id.is_not(None)
    kind = case((is_reversal, reversed_kind), else_=JournalEntry.kind)
    is_income = kind.in_(INCOME)
    return (
        select(
            account_id.label("account_id"),
            amount.label("balance"),
            case((and_(is_income, ~is_reversal), amount), else_=0).label("earned"),
            case((and_(~is_income, kind != "expire"), -amount), else_=0).label("spent"),
            case((kind == "expire", -amount), else_=0).label("expired"),
            case((and_(is_income, is_reversal), amount), else_=0).label("corrected"),
        )
        .join(JournalEntry, JournalEntry.id == Transfer.entry_id)
        .join(sign, literal(True))
        .where(JournalEntry.effective_on >= since, JournalEntry.effective_on < until)
    )


@lru_cache(maxsize=64)  # To put this statement together takes longer than to run it.
def openings_after(since: date, following: date) -> Select[tuple[int, int, int, int, int, int]]:
    """(account, balance, earned, spent, expired, corrected) at `following`: openings of `since` and all that moved between."""
    columns = (Opening.account_id, Opening.balance, Opening.earned, Opening.spent, Opening.expired, Opening.corrected)
    both = select(*columns).where(Opening.month == since).union_all(movements(since, following)).subquery()
    account_id, *amounts = both.c
    return select(account_id, *(func.sum(amount).label(amount.key) for amount in amounts)).group_by(account_id)
