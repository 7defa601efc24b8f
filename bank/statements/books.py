"""The whole bank's month: what every account of the bank's own held when it ended, what moved, and that all sums to zero."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import aliased

from bank import clock
from bank.db import db
from bank.ledger.models import Account, Opening


@dataclass(frozen=True)
class AccountMonth:
    """An account of the bank's own at a month's end, in its unit; units' `issued` accounts and members' are one line each."""

    code: str
    unit: str
    account_id: int | None
    opening: int
    closing: int

    @property
    def moved(self) -> int:
        """What came in the month, less what went."""
        return self.closing - self.opening


@dataclass(frozen=True)
class TrialBalance:
    """All accounts at a month's end, and their sums per unit, which are zero or the books are broken."""

    accounts: list[AccountMonth]
    sums: dict[str, int]


def trial_balance(month: date) -> TrialBalance:
    """The trial balance at the end of a closed month, from the openings of the next."""
    before, after = aliased(Opening), aliased(Opening)
    wanted = (
        select(Account.code, Account.unit, Account.id, func.coalesce(before.balance, 0), after.balance)
        .join(after, (after.account_id == Account.id) & (after.month == clock.next_month(month)))
        .outerjoin(before, (before.account_id == Account.id) & (before.month == month))
    )
    own = wanted.where(~Account.has_floor, ~Account.code.startswith("issued/")).order_by(Account.code, Account.unit)
    rows = [AccountMonth(*row) for row in db.session.execute(own)]
    groups = (("issued", Account.code.startswith("issued/") & ~Account.has_floor), ("member", Account.has_floor))
    for code, is_in in groups:
        totals = (cast(func.sum(each), BigInteger) for each in (func.coalesce(before.balance, 0), after.balance))
        summed = wanted.with_only_columns(Account.unit, *totals).where(is_in).group_by(Account.unit).order_by(Account.unit)
        rows += (AccountMonth(code, row[0], None, int(row[1]), int(row[2])) for row in db.session.execute(summed))
    sums = {unit: sum(each.closing for each in rows if each.unit == unit) for unit in ("points", "minutes")}
    return TrialBalance(rows, sums)
