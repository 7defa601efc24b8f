"""Points expire as the oracle says, through the real database: for all members at once, once, and also when run late."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import groupby

import pytest
from flask import Flask
from sqlalchemy import select

from bank import clock
from bank.db import db, transaction
from bank.ledger import actions, queries
from bank.ledger.audit import differences
from bank.ledger.models import JournalEntry, Transfer
from bank.ledger.rules import BalanceTooLow, DayNotOver, Expiry, NewEntry, NewTransfer
from tests.ledger.conftest import Books
from tests.ledger.lots import Event, history, month_ends

MEMBERS = 25
SPENDING = {"redeem": "redeemed", "reserve": "reserved"}
QUARTER = Expiry("months", 3)


class Crowd:
    """Members whose random histories are posted day by day."""

    def __init__(self, books: Books, histories: list[list[Event]]) -> None:
        self.books, self.histories = books, histories
        with transaction():
            keys = [f"m{number}" for number in range(len(histories))]
            self.points = [points for points, _ in actions.open_member_accounts(keys=keys, at=books.at)]

    def days(self) -> list[tuple[date, list[tuple[int, Event]]]]:
        """What the members do, apart from expiring, by day."""
        every = [(member, event) for member, events in enumerate(self.histories) for event in events if event.kind != "expire"]
        every.sort(key=lambda each: (each[1].day, each[1].number))
        return [(day, list(found)) for day, found in groupby(every, lambda each: each[1].day)]

    def live(self, day: date, found: list[tuple[int, Event]]) -> None:
        with transaction():
            for member, event in found:
                self.undo(member, event) if event.kind == "undo" else actions.post([self.entry(member, event)], at=noon(day))

    def entry(self, member: int, event: Event) -> NewEntry:
        points, reserved = self.points[member], queries.system_account("reserved", "points")
        original = self.histories[member][event.of] if event.of is not None else event
        sides = {
            "earn": (self.books.issued, points),
            "release": (reserved, points),
            "hand_over": (reserved, self.books.redeemed),
        }.get(event.kind) or (points, queries.system_account(SPENDING[event.kind], "points"))
        moved = NewTransfer("points", *sides, abs(event.amount or original.amount))
        kind = "deposit" if event.kind == "earn" else event.kind
        key = f"{member}:{event.number}"
        return NewEntry(key=key, kind=kind, effective_on=event.day, transfers=(moved,), recorded_by="bob")

    def undo(self, member: int, event: Event) -> None:
        original = self.histories[member][event.of or 0]
        key = f"expire:{original.day}:m{member}" if original.kind == "expire" else f"{member}:{original.number}"
        actions.reverse(
            entry_id=db.session.scalars(select(JournalEntry.id).where(JournalEntry.key == key)).one(),
            key=f"{member}:{event.number}", reason="wrong", recorded_by="bob", approved_by="dave", effective_on=event.day,
            at=noon(event.day), books_shortfall=original.kind == "earn",
        )  # fmt: skip

    def expected(self) -> set[tuple[str, int]]:
        """Every expiry that the lots have found."""
        each = ((member, event) for member, events in enumerate(self.histories) for event in events if event.kind == "expire")
        return {(f"expire:{event.day}:m{member}", -event.amount) for member, event in each}


def depends_on_punctuality(events: list[Event]) -> bool:
    """Whether an expiry was taken back, or a shortfall was booked that is smaller while points have not expired yet."""
    undone = ((event, events[event.of or 0]) for event in events if event.kind == "undo")
    return any(original.kind == "expire" or -event.amount < original.amount for event, original in undone)


def noon(day: date) -> datetime:
    return clock.local_instant(day, time(12))


def expire(day: date, expiry: Expiry, *, days_late: int = 1) -> int:
    with transaction():
        return actions.expire(on=day, expiry=expiry, at=noon(day + timedelta(days=days_late)))


def expired() -> set[tuple[str, int]]:
    rows = select(JournalEntry.key, Transfer.amount).join(Transfer, Transfer.entry_id == JournalEntry.id)
    return {(key, amount) for key, amount in db.session.execute(rows.where(JournalEntry.kind == "expire"))}


@pytest.mark.parametrize("expiry", [QUARTER, Expiry("year_end"), Expiry("never")], ids=lambda each: each.preset)
def test_all_members_expire_as_lot_by_lot_and_twice_is_once(expiry: Expiry, books: Books) -> None:
    ends = list(month_ends())
    crowd = Crowd(books, [history(random.Random(seed), expiry, ends) for seed in range(MEMBERS)])
    days = crowd.days()
    for end in ends:
        while days and days[0][0] <= end:
            crowd.live(*days.pop(0))
        expire(end, expiry)
        assert expire(end, expiry) == 0
        if end.month % 3 == 0:  # Some months are closed, so that openings and open months both are added up.
            with transaction():
                actions.close_through(month=end.replace(day=1), at=noon(end + timedelta(days=1)))
    assert expired() == crowd.expected()
    assert queries.trial_balance()["points"] == 0
    assert list(differences()) == []


def test_months_of_expiry_run_late_give_the_same_books(books: Books) -> None:
    ends = list(month_ends())
    histories = [history(random.Random(seed), QUARTER, ends) for seed in range(MEMBERS)]
    crowd = Crowd(books, [each for each in histories if not depends_on_punctuality(each)])
    for day, found in crowd.days():
        crowd.live(day, found)
    for end in ends:
        expire(end, QUARTER, days_late=700)
    assert len(crowd.expected()) > 20
    assert expired() == crowd.expected()


@pytest.fixture
def old(books: Books) -> Books:
    """A hundred points of January, which are due at the end of April, and 30 of March."""
    books.post(books.deposit("january", on=date(2026, 1, 5)), books.deposit("march", points=30, on=date(2026, 3, 5)))
    return books


APRIL_30 = date(2026, 4, 30)


def test_the_oldest_points_expire_and_the_books_say_so(old: Books) -> None:
    assert expire(APRIL_30, QUARTER) == 1
    assert expired() == {("expire:2026-04-30:first", 100)}
    assert queries.balance(old.first[0]) == 30
    assert queries.balance(queries.system_account("expired", "points")) == 100
    assert queries.trial_balance() == {"points": 0, "minutes": 0}


def test_minutes_never_expire(old: Books) -> None:
    expire(APRIL_30, QUARTER)
    assert queries.balance(old.first[1]) == 120


def test_a_day_that_is_not_over_lets_nothing_expire(old: Books) -> None:
    with pytest.raises(DayNotOver):
        expire(APRIL_30, QUARTER, days_late=0)


def test_what_was_spent_before_the_late_run_is_not_taken_again(old: Books) -> None:
    old.post(old.redeem("may", points=70, on=date(2026, 5, 10)))
    expire(APRIL_30, QUARTER, days_late=40)
    assert expired() == {("expire:2026-04-30:first", 60)}
    assert queries.balance(old.first[0]) == 0


def test_a_day_run_after_a_later_one_finds_nothing_left_to_expire(old: Books) -> None:
    expire(date(2026, 5, 31), QUARTER, days_late=40)
    assert expire(APRIL_30, QUARTER, days_late=80) == 0
    assert queries.balance(old.first[0]) == 30


def test_an_expiry_taken_back_stays_so_for_its_day(old: Books) -> None:
    expire(APRIL_30, QUARTER)
    [entry_id] = db.session.scalars(select(JournalEntry.id).where(JournalEntry.kind == "expire"))
    with transaction():
        actions.reverse(
            entry_id=entry_id, key="back", reason="in hospital", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 5, 4), at=old.at,
        )  # fmt: skip
    assert expire(APRIL_30, QUARTER) == 0
    assert queries.balance(old.first[0]) == 130


def test_old_points_recorded_after_their_day_has_expired_wait_for_the_next_one(old: Books) -> None:
    expire(APRIL_30, QUARTER)
    old.post(old.deposit("late", points=50, on=date(2026, 1, 20)))
    assert expire(APRIL_30, QUARTER) == 0
    assert expire(date(2026, 5, 31), QUARTER) == 1
    assert expired() == {("expire:2026-04-30:first", 100), ("expire:2026-05-31:first", 50)}
    assert queries.balance(old.first[0]) == 30


def test_a_closed_month_leaves_the_entry_to_the_open_one(old: Books) -> None:
    with transaction():
        actions.close_through(month=date(2026, 4, 1), at=noon(date(2026, 5, 1)))
    expire(APRIL_30, QUARTER, days_late=3)
    day = db.session.scalars(select(JournalEntry.effective_on).where(JournalEntry.kind == "expire")).one()
    assert day == date(2026, 5, 1)


def test_runs_at_once_expire_once_while_members_spend(app: Flask, old: Books) -> None:
    def act(number: int) -> int:
        with app.app_context():
            if number % 2:
                return expire(APRIL_30, QUARTER, days_late=40)
            old.post(old.redeem(f"soap {number}", points=1, on=date(2026, 5, 10)))
            return 0

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(act, range(24))) == 1
    [(_, amount)] = expired()
    assert queries.balance(old.first[0]) == 130 - 12 - amount
    assert list(differences()) == []


def test_what_has_expired_cannot_be_spent(old: Books) -> None:
    expire(APRIL_30, QUARTER)
    with pytest.raises(BalanceTooLow):
        old.post(old.redeem("soap", points=31))
