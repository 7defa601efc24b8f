"""The oracle of expiry: every deposit is a lot; and random histories of one member, replayed on it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bank.ledger.rules import Expiry

FIRST_DAY = date(2024, 9, 3)
LAST_DAY = date(2026, 2, 20)


@dataclass
class Lot:
    """One deposit, what of it has not left, and the last day of its points."""

    amount: int
    rest: int
    ends_on: date


def ends_on(earned_on: date, expiry: Expiry) -> date:
    """The last day of points earned on a day, counted month by month."""
    if expiry.preset == "never":
        return date.max
    if expiry.preset == "year_end":
        return date(earned_on.year, 12, 31)
    day = earned_on.replace(day=1)
    for _ in range(expiry.months + 1):
        day = (day + timedelta(days=31)).replace(day=1)
    return day - timedelta(days=1)


class Lots:
    """Whatever leaves is taken from the oldest lots; whatever comes back goes to the youngest that were touched."""

    def __init__(self, expiry: Expiry) -> None:
        self.expiry = expiry
        self.lots: list[Lot] = []

    def earn(self, day: date, amount: int) -> None:
        self.lots.append(Lot(amount, amount, ends_on(day, self.expiry)))

    def leave(self, amount: int) -> None:
        for lot in self.lots:
            taken = min(lot.rest, amount)
            lot.rest, amount = lot.rest - taken, amount - taken
        assert amount == 0

    def come_back(self, amount: int) -> None:
        for lot in reversed(self.lots):
            given = min(lot.amount - lot.rest, amount)
            lot.rest, amount = lot.rest + given, amount - given
        assert amount == 0

    def expire(self, day: date) -> int:
        amount = sum(lot.rest for lot in self.lots if lot.ends_on <= day)
        self.leave(amount)
        return amount


@dataclass(frozen=True)
class Event:
    """What happened to a member's points, signed; `of` is the number of the event that this one ends or takes back."""

    number: int
    day: date
    kind: str
    amount: int
    of: int | None = None


@dataclass
class Member:
    """Draws what may happen next; the lots say what is there."""

    chance: random.Random
    lots: Lots
    events: list[Event] = field(default_factory=list)
    open: dict[str, list[Event]] = field(default_factory=lambda: {"earn": [], "redeem": [], "reserve": [], "expire": []})
    balance: int = 0

    def note(self, day: date, kind: str, amount: int, of: Event | None = None) -> None:
        event = Event(len(self.events), day, kind, amount, of.number if of else None)
        self.balance += amount
        self.events.append(event)
        if kind in self.open:
            self.open[kind].append(event)

    def earn(self, day: date) -> None:
        amount = self.chance.randrange(1, 400)
        self.lots.earn(day, amount)
        self.note(day, "earn", amount)

    def spend(self, day: date) -> None:
        if self.balance:
            amount = self.chance.randrange(1, self.balance + 1)
            self.lots.leave(amount)
            self.note(day, self.chance.choice(["redeem", "reserve"]), -amount)

    def end_hold(self, day: date) -> None:
        if self.open["reserve"]:
            hold = self.taken("reserve")
            if self.chance.random() < 0.4:
                self.note(day, "hand_over", 0, hold)
            else:
                self.lots.come_back(-hold.amount)
                self.note(day, "release", -hold.amount, hold)

    def undo_spending(self, day: date) -> None:
        kind = self.chance.choice(["redeem", "redeem", "expire"])
        if self.open[kind]:
            original = self.taken(kind)
            self.lots.come_back(-original.amount)
            self.note(day, "undo", -original.amount, original)

    def undo_deposit(self, day: date) -> None:
        if self.open["earn"]:
            original = self.taken("earn")
            amount = min(original.amount, self.balance)  # The bank's shortfall stands for the rest.
            self.lots.leave(amount)
            self.note(day, "undo", -amount, original)

    def expire(self, day: date) -> None:
        if amount := self.lots.expire(day):
            self.note(day, "expire", -amount)

    def taken(self, kind: str) -> Event:
        return self.open[kind].pop(self.chance.randrange(len(self.open[kind])))


def history(chance: random.Random, expiry: Expiry, expiry_days: Sequence[date]) -> list[Event]:
    """A random history in order of days, in which points expire at the end of each of the expiry days."""
    member, day = Member(chance, Lots(expiry)), FIRST_DAY
    acts = [member.earn] * 4 + [member.spend] * 3 + [member.end_hold] * 2 + [member.undo_spending, member.undo_deposit]
    for end in expiry_days:
        while day <= end:
            chance.choice(acts)(day)
            day += timedelta(days=chance.randrange(30))
        member.expire(end)
    return member.events


def month_ends() -> Iterator[date]:
    """The last day of every month of the histories."""
    day = FIRST_DAY
    while (day := (day.replace(day=1) + timedelta(days=31)).replace(day=1)) <= LAST_DAY:
        yield day - timedelta(days=1)
