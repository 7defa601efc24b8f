"""What an account held on a day, by what was known at an instant: late records and reversals included."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from bank.db import db, transaction
from bank.ledger import actions, queries
from bank.ledger.rules import NewEntry, NewTransfer
from tests.ledger.conftest import Books

FIRST_DAY = date(2026, 8, 1)
DAYS = 90
ENTRIES = 120
QUESTIONS = 2500  # Of each of two histories, on each of two databases.


@dataclass(frozen=True)
class Known:
    """One transfer as a plain list would hold it."""

    effective_on: date
    recorded_at: datetime
    debit_id: int
    credit_id: int
    amount: int


def brute_force(journal: list[Known], account_id: int, effective_until: date, known_until: datetime) -> int:
    total = 0
    for each in journal:
        if each.effective_on <= effective_until and each.recorded_at <= known_until:
            total += each.amount * ((each.credit_id == account_id) - (each.debit_id == account_id))
    return total


class Writer:
    """Posts a random history, day by day, and keeps a plain list of it."""

    def __init__(self, books: Books, chance: random.Random) -> None:
        self.books, self.chance = books, chance
        self.journal: list[Known] = []
        self.deposits: dict[int, tuple[NewTransfer, ...]] = {}

    def run(self, start: datetime) -> None:
        for number in range(ENTRIES):
            at = start + timedelta(days=DAYS * number / ENTRIES, seconds=self.chance.randrange(3))
            today = at.date()
            late = self.chance.choice([0, 0, 0, self.chance.randrange(40)])
            day = max(today - timedelta(days=late), self.earliest())
            with transaction():
                act = self.reverse if self.deposits and self.chance.random() < 0.2 else self.deposit
                act(number, day, at)
                if number in (40, 80):
                    actions.close_through(month=(today.replace(day=1) - timedelta(days=1)).replace(day=1), at=at)

    def earliest(self) -> date:
        last = queries.last_closed_month()
        return (last + timedelta(days=31)).replace(day=1) if last else FIRST_DAY

    def deposit(self, number: int, day: date, at: datetime) -> None:
        to = self.chance.choice([self.books.first[0], self.books.second[0]])
        entry = self.books.deposit(f"deposit {number}", points=self.chance.randrange(1, 500), on=day, to=to)
        self.deposits[self.keep(entry, at)] = entry.transfers

    def reverse(self, number: int, day: date, at: datetime) -> None:
        entry_id = self.chance.choice(list(self.deposits))
        transfers = self.deposits.pop(entry_id)
        actions.reverse(
            entry_id=entry_id, key=f"reversal {number}", reason="wrong", recorded_by="bob", approved_by="dave",
            effective_on=day, at=at,
        )  # fmt: skip
        self.journal += [Known(day, at, each.credit_id, each.debit_id, each.amount) for each in transfers]

    def keep(self, entry: NewEntry, at: datetime) -> int:
        self.journal += [Known(entry.effective_on, at, each.debit_id, each.credit_id, each.amount) for each in entry.transfers]
        return actions.post([entry], at=at)[0].entry_id


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_thousand_questions_are_answered_as_by_brute_force(seed: int, books: Books) -> None:
    chance = random.Random(seed)
    start = datetime.combine(FIRST_DAY, books.at.timetz())
    writer = Writer(books, chance)
    writer.run(start)
    accounts = (*books.first, *books.second, books.issued, books.served)
    differing = set()
    the_end = start + timedelta(days=DAYS)
    for number in range(QUESTIONS):
        account_id = chance.choice(accounts)
        day = FIRST_DAY + timedelta(days=chance.randrange(-5, DAYS + 5))
        at = chance.choice([each.recorded_at for each in writer.journal]) + timedelta(seconds=chance.randrange(-1, 2))
        answer = queries.balance_as_of(account_id, effective_until=day, known_until=at)
        assert answer == brute_force(writer.journal, account_id, day, at), (account_id, day, at)
        if number % 10 == 0:  # These begin with an opening, which the question of both dates cannot.
            assert queries.balance_on(account_id, day) == brute_force(writer.journal, account_id, day, the_end), (account_id, day)
        if number < 100:
            differing.add(answer == brute_force(writer.journal, account_id, day, the_end))
    assert differing == {True, False}  # The second date matters.


def test_what_is_asked_for_the_end_of_time_is_the_balance(books: Books) -> None:
    books.post(books.deposit("one"))
    now = queries.balance_as_of(books.issued, effective_until=date.max, known_until=books.at)
    assert now == queries.balance(books.issued) == -100


def test_a_late_record_is_not_known_before_it_came(books: Books) -> None:
    books.post(books.deposit("on time"))
    books.post(books.deposit("late", points=7), at=books.at + timedelta(hours=1))
    lines = queries.history(books.first[0], known_until=books.at)
    assert [line.balance for line in lines] == [100]
    assert [line.balance for line in queries.history(books.first[0])] == [100, 107]
    db.session.rollback()
