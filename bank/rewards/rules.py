"""Decisions about rewards, made from plain values only."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from bank.errors import BankError, Conflict, Invalid, NotAllowed, NotFound
from bank.ledger.rules import BalanceTooLow

KINDS = ("service", "honour", "goods")
QUANTITY_MAX = 99
POINTS_MAX = 100_000_000  # A million points each: far above any reward, and 99 of it are still a whole entry.
STOCK_MAX = 1_000_000
MONTHLY_LIMIT = 2
MONTHLY_LIMIT_MAX = 999
UNDO_WITHIN = timedelta(minutes=15)
REASON_LENGTH = 200


class BadReward(Invalid):
    """A reward needs a number of 2 to 8 digits, a kind, a name, a price, and a stock and limit that can be meant."""


class BadQuantity(Invalid):
    """A quantity is a whole number from 1 to 99 at the counter, and up to a million in the store room."""


class ReasonMissing(Invalid):
    """Stock that moves by hand and a redemption that is undone need a reason of at most 200 characters."""


class RewardNotFound(NotFound):
    """There is no such reward, or not for the one who asks."""


class RedemptionNotFound(NotFound):
    """There is no such redemption, or not for the one who asks."""


class NumberTaken(Conflict):
    """Another reward has this number."""


class OutOfStock(Conflict):
    """Fewer pieces are left than are wanted."""


class MonthlyLimitReached(Conflict):
    """One person takes a reward only so often in a month."""


class RewardNotOffered(Conflict):
    """The reward is hidden at present."""


class StockNotCounted(Conflict):
    """A reward that does not run out has no stock to move."""


class UndoTooLate(Conflict):
    """The clerk who handed it over undoes it within 15 minutes; later an administrator does."""


class AlreadyUndone(Conflict):
    """A redemption is undone at most once."""


class NotForYourself(NotAllowed):
    """Nobody hands over, or takes back, for themselves."""


class NotServedHere(NotAllowed):
    """A counter serves the members of its unit and of the units below it."""


@dataclass(frozen=True, kw_only=True)
class NewReward:
    """A reward for the catalogue; `points` in hundredths. Without `stock` it does not run out, without `number` it gets one."""

    unit_id: int
    kind: str
    name: str
    points: int
    stock: int | None
    number: str | None = None
    monthly_limit: int | None = MONTHLY_LIMIT
    is_offered: bool = True


def check_reward(new: NewReward) -> None:
    """Refuse with BadReward, naming the field, what cannot be a reward."""
    is_good = {
        "number": new.number is None or bool(re.fullmatch(r"[0-9]{2,8}", new.number)),
        "kind": new.kind in KINDS,
        "name": new.name == new.name.strip() and 1 <= len(new.name) <= 60 and new.name.isprintable(),
        "points": _is_whole(new.points, 1, POINTS_MAX),
        "stock": new.stock is None or _is_whole(new.stock, 0, STOCK_MAX),
        "monthly_limit": new.monthly_limit is None or _is_whole(new.monthly_limit, 1, MONTHLY_LIMIT_MAX),
    }
    for field, good in is_good.items():
        if not good:
            raise BadReward(field=field)


def check_quantity(quantity: int, *, most: int = QUANTITY_MAX) -> None:
    """Refuse with BadQuantity what is no whole number from 1 to the most."""
    if not _is_whole(quantity, 1, most):
        raise BadQuantity(most=most)


def quantity_in(text: str) -> int:
    """The quantity a clerk typed. Raises BadQuantity."""
    digits = scanned(text)
    quantity = int(digits) if re.fullmatch(r"[0-9]{1,3}", digits) else 0
    check_quantity(quantity)
    return quantity


def check_reason(reason: str) -> None:
    """Refuse with ReasonMissing a reason that says nothing or too much."""
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise ReasonMissing(most=REASON_LENGTH)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a reward asks for (`points` each, in hundredths) and what is left of it."""

    points: int
    stock: int | None
    monthly_limit: int | None
    is_offered: bool


def refusal(terms: Terms, *, quantity: int, taken: int, available: int) -> BankError | None:
    """Why a member with `available` hundredths, who took `taken` this month, cannot have it; None if nothing is in the way.

    Of several hindrances the one comes first that waiting or saving cannot cure today.
    """
    if not terms.is_offered:
        return RewardNotOffered()
    if terms.stock is not None and terms.stock < quantity:
        return OutOfStock(stock=terms.stock)
    if terms.monthly_limit is not None and taken + quantity > terms.monthly_limit:
        return MonthlyLimitReached(limit=terms.monthly_limit, taken=taken)
    if available < terms.points * quantity:
        return BalanceTooLow(available_points=available, missing_points=terms.points * quantity - available)
    return None


def may_clerk_undo(*, clerk_id: int, by_id: int, handed_over_at: datetime, at: datetime) -> bool:
    """Whether the one who handed it over may still take it back without an administrator."""
    return by_id == clerk_id and handed_over_at <= at <= handed_over_at + UNDO_WITHIN


def meaning(text: str, *, has_member: bool) -> str:
    """What was scanned or typed at the counter: `nothing`, a `card` (or phone number), a `reward`, or a `search` for a member."""
    if not text:
        return "nothing"
    if re.fullmatch(r"[0-9]{10,11}", text):
        return "card"
    return "reward" if has_member and re.fullmatch(r"[0-9]{2,8}", text) else "search"


def scanned(text: str) -> str:
    """What a barcode gun meant: full-width digits made plain, control characters and outer spaces dropped."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if each.isprintable()).strip()


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
