"""Decisions about journal entries, made from plain values only."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from bank.errors import Conflict, Invalid

UNITS = ("points", "minutes")
KINDS = ("deposit", "redeem", "reserve", "hand_over", "release", "expire", "reversal", "import")
AMOUNT_MAX = 1_000_000_000_000  # Ten thousand million points: far above any bank, far below 2^63.
TRANSFERS_MAX = 1000
EXPIRY_PRESETS = ("months", "year_end", "never")


class BadEntry(Invalid):
    """A transfer needs two accounts of one unit and a whole amount from 1 to the largest."""


class KeyReused(Conflict):
    """The key already stands for another entry; what was asked differs."""


class BalanceTooLow(Conflict):
    """The account holds less than would leave it."""


class AccountClosed(Conflict):
    """A closed account takes and gives nothing."""


class MonthClosed(Conflict):
    """The month is closed; a late record belongs in the open month."""


class MonthNotOver(Conflict):
    """A month closes only when its last day is over."""


class DayNotOver(Conflict):
    """Points expire at the end of a day, when it is over."""


class AlreadyReversed(Conflict):
    """An entry is reversed at most once."""


class SecondPersonNeeded(Conflict):
    """A reversal needs a reason, and a second person who agrees."""


class NewTransfer(NamedTuple):
    """Moves `amount` (hundredths of a point, or minutes) from the debited account to the credited one."""

    unit: str
    debit_id: int
    credit_id: int
    amount: int


class NewEntry(NamedTuple):
    """A journal entry to be posted once under its key. `recorded_by` and `approved_by` are opaque keys of persons."""

    key: str
    kind: str
    effective_on: date
    transfers: tuple[NewTransfer, ...]
    recorded_by: str
    approved_by: str | None = None
    reason: str | None = None
    rule_version: int | None = None
    reverses_id: int | None = None


@dataclass(frozen=True)
class Expiry:
    """When points end: `months` after the month of earning, at a month's end; at each `year_end`; or `never`."""

    preset: str = "months"
    months: int = 36

    def __post_init__(self) -> None:
        assert self.preset in EXPIRY_PRESETS, f"no such preset: {self.preset}"
        assert self.months >= 1, "points last for a month at least"

    @classmethod
    def from_setting(cls, text: str) -> "Expiry":
        """What the setting EXPIRY means: a number of months, `year_end` or `never`."""
        return cls("months", int(text)) if text.isdecimal() else cls(text)


def check(entry: NewEntry) -> None:
    """Refuse with BadEntry what no ledger may hold; the database refuses it as well."""
    if not 1 <= len(entry.transfers) <= TRANSFERS_MAX or not 1 <= len(entry.key) <= 100:
        raise BadEntry(key=entry.key[:100])
    for each in entry.transfers:
        is_whole = type(each.amount) is int and 1 <= each.amount <= AMOUNT_MAX
        if not is_whole or each.unit not in UNITS or each.debit_id == each.credit_id:
            raise BadEntry(key=entry.key)


def fingerprint(entry: NewEntry) -> str:
    """SHA-256 over all that was asked, each part with its length before it, so that no two requests look alike."""
    text = _head_text(*entry[1:3], *entry[4:])
    for unit, *accounts_and_amount in entry.transfers:
        debit, credit, amount = map(str, accounts_and_amount)
        text += f"{len(unit)}:{unit}{len(debit)}:{debit}{len(credit)}:{credit}{len(amount)}:{amount}"
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=64)
def _head_text(kind: str, effective_on: date, *rest: str | int | None) -> str:
    """What a fingerprint begins with, kept because the entries of a batch have it in common."""
    texts = [kind, effective_on.isoformat(), *(each if each is None else str(each) for each in rest)]
    return "".join("-1:" if each is None else f"{len(each.encode())}:{each}" for each in texts)


def opposite(transfers: Sequence[NewTransfer]) -> tuple[NewTransfer, ...]:
    """The same amounts, each moved back."""
    return tuple(NewTransfer(each.unit, each.credit_id, each.debit_id, each.amount) for each in transfers)


def with_shortfall(transfers: Sequence[NewTransfer], *, held: Mapping[int, int], shortfall_id: int) -> tuple[NewTransfer, ...]:
    """The same transfers, but what an account does not hold comes from `shortfall_id`.

    `held` is what each account with a floor holds, in hundredths of a point; minutes are never spent and never short.
    """
    left = dict(held)
    parts = []
    for each in transfers:
        paid = each.amount
        if each.unit == "points" and each.debit_id in left:
            paid = min(paid, left[each.debit_id])
            left[each.debit_id] -= paid
        parts += [each._replace(amount=paid), each._replace(debit_id=shortfall_id, amount=each.amount - paid)]
    return tuple(each for each in parts if each.amount)


def due_before(day: date, expiry: Expiry) -> date | None:
    """Points earned before the answered day have come to their end when `day` is over; None if points never do."""
    following = day + timedelta(days=1)
    if expiry.preset == "never":
        return None
    if expiry.preset == "year_end":
        return date(following.year, 1, 1)
    months = following.year * 12 + following.month - 1 - expiry.months
    return date(months // 12, months % 12 + 1, 1)


def expiring(*, earned_due: int, left: int, lowest: int) -> int:
    """What expires on a day: all that was earned and is due by then, less all that left and did not come back.

    `left` holds redemptions, holds, expiries and reversals alike: whatever leaves is the oldest there is. So a reversed
    deposit counts as earned on its day and as left: it takes the oldest points with it, and what stays is the youngest.
    `lowest` is the least the account held from that day on: a late run takes nothing that is no longer there. Where what came
    back is dated before it left, less than nothing has left; that lets nothing expire that is not due.
    """
    return max(0, min(earned_due - max(left, 0), lowest))
