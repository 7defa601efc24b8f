"""Decisions about rewards, made from plain values only."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from bank.errors import BankError, Conflict, Invalid, NotAllowed, NotFound
from bank.ledger.rules import BalanceTooLow

KINDS = ("service", "honour", "goods")
QUANTITY_MAX = 99
POINTS_MAX = 100_000_000  # A million points each: far above any reward, and 99 of it are still a whole entry.
STOCK_MAX = 1_000_000
MONTHLY_LIMIT = 2
MONTHLY_LIMIT_MAX = 999
REASON_LENGTH = 200
ABOUT_LENGTH = 200
LABEL_LENGTH = 40
COUNTER_NAME_LENGTH = 60
PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp")
PICTURE_BYTES_MAX = 1024 * 1024
AGE_MAX = 150
# Star honours are lifetime minutes: 100, 300, 600, 1000 and 1500 hours. What was redeemed takes none of them away.
STAR_MINUTES = tuple(hours * 60 for hours in (100, 300, 600, 1000, 1500))


class BadReward(Invalid):
    """A reward needs a number of 2 to 8 digits, a kind, a name, a price, and a stock, limit and conditions that can be meant."""


class BadQuantity(Invalid):
    """A quantity is a whole number from 1 to 99 at the counter, and up to a million in the store room."""


class BadBatch(Invalid):
    """A batch has a label of at most 40 characters, and is not past its best-before day when it comes in."""


class BadCounter(Invalid):
    """A counter has a name of 2 to 60 characters."""


class BadPicture(Invalid):
    """A picture is a PNG, JPEG or WebP file of at most a megabyte."""


class ReasonMissing(Invalid):
    """Stock that moves by hand and a redemption that is undone need a reason of at most 200 characters."""


class RewardNotFound(NotFound):
    """There is no such reward, or not for the one who asks."""


class CounterNotFound(NotFound):
    """There is no such counter, or not for the one who asks."""


class BatchNotFound(NotFound):
    """There is no such batch of this reward."""


class NumberTaken(Conflict):
    """Another reward has this number."""


class OutOfStock(Conflict):
    """Fewer pieces are left than are wanted."""


class BatchOutdated(Conflict):
    """The pieces that are left are past their best-before day."""


class CountBelowHeld(Conflict):
    """Fewer pieces were counted than wait for who reserved them: reservations are cancelled before the loss is booked."""


class MonthlyLimitReached(Conflict):
    """One person takes a reward only so often in a month."""


class RewardNotOffered(Conflict):
    """The reward is hidden at present."""


class NotOfferedYet(Conflict):
    """The reward can be had from a later day on."""


class NoLongerOffered(Conflict):
    """The last day on which the reward could be had is over."""


class NotHadHere(Conflict):
    """The reward is handed out at other counters."""


class StarsMissing(Conflict):
    """The reward is for members with so many stars."""


class AgeNotFit(Conflict):
    """The reward is for members of a certain age, whose birth date is known."""


class CounterNameTaken(Conflict):
    """The unit has a counter of this name."""


class CounterClosed(Conflict):
    """The counter was given up."""


class StockNotCounted(Conflict):
    """A reward that does not run out has no stock to move."""


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
    about: str = ""
    offered_from: date | None = None
    offered_until: date | None = None
    stars_min: int = 0
    age_min: int | None = None
    age_max: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """Where pieces came in (None: the reward's first counter), and what tells them from others."""

    counter_id: int | None = None
    label: str = ""
    best_before: date | None = None


def check_reward(new: NewReward) -> None:
    """Refuse with BadReward, naming the field, what cannot be a reward."""
    is_good = {
        "number": new.number is None or bool(re.fullmatch(r"[0-9]{2,8}", new.number)),
        "kind": new.kind in KINDS,
        "name": new.name == new.name.strip() and 1 <= len(new.name) <= 60 and new.name.isprintable(),
        "points": _is_whole(new.points, 1, POINTS_MAX),
        "stock": new.stock is None or _is_whole(new.stock, 0, STOCK_MAX),
        "monthly_limit": new.monthly_limit is None or _is_whole(new.monthly_limit, 1, MONTHLY_LIMIT_MAX),
        "about": len(new.about) <= ABOUT_LENGTH and new.about.isprintable(),
        "offered_until": new.offered_from is None or new.offered_until is None or new.offered_from <= new.offered_until,
        "stars_min": _is_whole(new.stars_min, 0, len(STAR_MINUTES)),
        "age_min": new.age_min is None or _is_whole(new.age_min, 0, AGE_MAX),
        "age_max": new.age_max is None or _is_whole(new.age_max, new.age_min or 0, AGE_MAX),
    }
    for field, good in is_good.items():
        if not good:
            raise BadReward(field=field)


def check_batch(new: NewBatch, *, on: date) -> None:
    """Refuse with BadBatch a label that is none, and pieces that come in past their best-before day."""
    is_fresh = new.best_before is None or new.best_before >= on
    if len(new.label) > LABEL_LENGTH or not new.label.isprintable() or not is_fresh:
        raise BadBatch()


def check_counter_name(name: str) -> str:
    """A counter's name without blanks around it. Raises BadCounter."""
    clean = name.strip()
    if not 2 <= len(clean) <= COUNTER_NAME_LENGTH or not clean.isprintable():
        raise BadCounter()
    return clean


def check_picture(content: bytes, media_type: str) -> None:
    """Refuse with BadPicture what is no picture file by its first bytes, or too big."""
    starts = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}
    if media_type not in PICTURE_TYPES or not content.startswith(starts[media_type]) or len(content) > PICTURE_BYTES_MAX:
        raise BadPicture()


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
    """What a reward asks for (`points` each, in hundredths), what is left of it fresh and past its day, and for whom it is."""

    points: int
    stock: int | None
    monthly_limit: int | None
    is_offered: bool
    outdated: int = 0
    offered_from: date | None = None
    offered_until: date | None = None
    stars_min: int = 0
    age_min: int | None = None
    age_max: int | None = None


def refusal(terms: Terms, *, quantity: int, taken: int, available: int) -> BankError | None:
    """Why a member with `available` hundredths, who took `taken` this month, cannot have it; None if nothing is in the way.

    Of several hindrances the one comes first that waiting or saving cannot cure today.
    """
    if not terms.is_offered:
        return RewardNotOffered()
    if terms.stock is not None and terms.stock < quantity:
        is_there = terms.stock + terms.outdated >= quantity
        return BatchOutdated(stock=terms.stock, outdated=terms.outdated) if is_there else OutOfStock(stock=terms.stock)
    if terms.monthly_limit is not None and taken + quantity > terms.monthly_limit:
        return MonthlyLimitReached(limit=terms.monthly_limit, taken=taken)
    if available < terms.points * quantity:
        return BalanceTooLow(available_points=available, missing_points=terms.points * quantity - available)
    return None


def unmet(terms: Terms, *, minutes: int, age: int | None, day: date) -> BankError | None:
    """Which condition a member of an age (None: not known) with lifetime minutes does not meet on a day; None if all are."""
    if terms.offered_from is not None and day < terms.offered_from:
        return NotOfferedYet(from_on=terms.offered_from)
    if terms.offered_until is not None and day > terms.offered_until:
        return NoLongerOffered(until_on=terms.offered_until)
    if terms.stars_min and minutes < STAR_MINUTES[terms.stars_min - 1]:
        hours = -(-(STAR_MINUTES[terms.stars_min - 1] - minutes) // 60)
        return StarsMissing(stars=terms.stars_min, missing_hours=hours)
    least, most = terms.age_min or 0, AGE_MAX if terms.age_max is None else terms.age_max
    if (terms.age_min, terms.age_max) != (None, None) and (age is None or not least <= age <= most):
        return AgeNotFit(least=least, most=most)
    return None


def scanned(text: str) -> str:
    """What a barcode gun meant: full-width digits made plain, control characters and outer spaces dropped."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if each.isprintable()).strip()


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
