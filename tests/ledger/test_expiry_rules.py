"""What expires, by arithmetic, is what an oracle finds that follows every deposit as a lot."""

import random
from datetime import date

import pytest

from bank.ledger.rules import Expiry, due_before, expiring
from tests.ledger.lots import Event, history, month_ends

HISTORIES = 10_000


class Sums:
    """What openings and movements say of a member: the balance, and what was earned until any day."""

    def __init__(self) -> None:
        self.balance = 0
        self.earned: list[Event] = []

    def add(self, event: Event) -> None:
        self.balance += event.amount
        if event.kind == "earn":
            self.earned.append(event)

    def expiring(self, day: date, expiry: Expiry) -> int:
        bound = due_before(day, expiry)
        if bound is None:
            return 0
        due = sum(each.amount for each in self.earned if each.day < bound)
        left = sum(each.amount for each in self.earned) - self.balance
        return expiring(earned_due=due, left=left, lowest=self.balance)


def compare(seed: int) -> int:
    """Replay one random history; answers how often points expired in it."""
    chance = random.Random(seed)
    expiry = Expiry(chance.choice(["months", "months", "year_end", "never"]), chance.randrange(1, 7))
    days = [each for each in month_ends() if chance.random() < 0.8]
    events = history(chance, expiry, days)
    sums = Sums()
    expected = {each.day: -each.amount for each in events if each.kind == "expire"}
    waiting = iter(days)
    day = next(waiting, date.max)
    for event in events:
        while day < event.day or (day == event.day and event.kind == "expire"):
            assert sums.expiring(day, expiry) == expected.get(day, 0), f"seed {seed}, {day}"
            day = next(waiting, date.max)
        sums.add(event)
    return len(expected)


def test_ten_thousand_histories_expire_as_lot_by_lot() -> None:
    times = sum(compare(seed) for seed in range(HISTORIES))
    assert times > HISTORIES


@pytest.mark.parametrize(
    ("expiry", "day", "bound"),
    [
        (Expiry(), date(2026, 10, 31), date(2023, 11, 1)),
        (Expiry(), date(2026, 10, 30), date(2023, 10, 1)),
        (Expiry("months", 1), date(2026, 12, 31), date(2026, 12, 1)),
        (Expiry("year_end"), date(2026, 12, 31), date(2027, 1, 1)),
        (Expiry("year_end"), date(2026, 12, 30), date(2026, 1, 1)),
        (Expiry("never"), date(2026, 12, 31), None),
    ],
)
def test_which_points_have_come_to_their_end(expiry: Expiry, day: date, bound: date | None) -> None:
    assert due_before(day, expiry) == bound


def test_what_left_is_the_oldest() -> None:
    assert expiring(earned_due=100, left=30, lowest=500) == 70
    assert expiring(earned_due=100, left=130, lowest=500) == 0


def test_what_came_back_before_it_left_lets_nothing_expire_that_is_not_due():
    assert expiring(earned_due=0, left=-40, lowest=120) == 0
    assert expiring(earned_due=100, left=-40, lowest=120) == 100


def test_a_late_run_takes_nothing_that_is_gone() -> None:
    assert expiring(earned_due=100, left=30, lowest=20) == 20


@pytest.mark.parametrize("wrong", [{"preset": "sometimes"}, {"months": 0}])
def test_an_expiry_that_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        Expiry(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("setting", "meant"), [("18", Expiry("months", 18)), ("year_end", Expiry("year_end")), ("never", Expiry("never"))]
)
def test_a_setting_says_when_points_end(setting: str, meant: Expiry) -> None:
    assert Expiry.from_setting(setting) == meant
