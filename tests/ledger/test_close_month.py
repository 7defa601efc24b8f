"""Months close in order, once, and their openings say what the journal says."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bank.db import db, transaction
from bank.ledger import actions, queries
from bank.ledger.audit import differences
from bank.ledger.models import Opening
from bank.ledger.rules import MonthClosed, MonthNotOver
from tests.dying import Moment, is_killed
from tests.ledger.conftest import Books

OCTOBER = date(2026, 10, 1)
# Where a close is killed, and how many months are closed then.
MOMENTS = [
    (Moment("call", "_write_openings"), 0),
    (Moment("return", "_write_openings"), 0),
    (Moment("call", "_write_openings", 2), 0),
    (Moment("call", "_commit"), 0),
    (Moment("return", "_commit"), 2),
]


def close(month: date, at: datetime) -> int:
    with transaction():
        return actions.close_through(month=month, at=at)


def openings(month: date) -> dict[int, tuple[int, ...]]:
    columns = (Opening.account_id, Opening.balance, Opening.earned, Opening.spent, Opening.corrected)
    return {row[0]: tuple(row[1:]) for row in db.session.execute(select(*columns).where(Opening.month == month))}


@pytest.fixture
def november(books: Books) -> datetime:
    """Two months of books, seen from the middle of November."""
    books.post(books.deposit("september", points=500, on=date(2026, 9, 2)))
    [wrong] = books.post(books.deposit("wrong", points=70, on=date(2026, 10, 2)))
    books.post(books.deposit("october", on=date(2026, 10, 3)), books.redeem("soap", points=30, on=date(2026, 10, 4)))
    with transaction():
        actions.reverse(
            entry_id=wrong.entry_id, key="undo", reason="not here", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 9), at=books.at,
        )  # fmt: skip
    return books.at + timedelta(days=30)


def test_openings_tell_what_was_earned_spent_and_corrected(books: Books, november: datetime) -> None:
    assert close(OCTOBER, november) == 2
    assert openings(OCTOBER)[books.first[0]] == (500, 500, 0, 0)
    assert openings(date(2026, 11, 1))[books.first[0]] == (570, 670, 30, -70)
    assert list(differences()) == []


def test_what_a_member_gets_back_is_not_corrected_but_less_spent(books: Books, november: datetime) -> None:
    [soap] = books.post(books.redeem("more soap", points=40, on=date(2026, 10, 10)))
    with transaction():
        actions.reverse(
            entry_id=soap.entry_id, key="soap back", reason="broken", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 11), at=books.at,
        )  # fmt: skip
    close(OCTOBER, november)
    assert openings(date(2026, 11, 1))[books.first[0]] == (570, 670, 30, -70)


def test_closing_again_closes_nothing(november: datetime) -> None:
    close(OCTOBER, november)
    assert close(OCTOBER, november) == 0


def test_a_month_that_is_not_over_stays_open(books: Books, november: datetime) -> None:
    with pytest.raises(MonthNotOver):
        close(date(2026, 11, 1), november)


def test_a_closed_month_takes_no_entry(books: Books, november: datetime) -> None:
    close(OCTOBER, november)
    with pytest.raises(MonthClosed):
        books.post(books.deposit("late"), at=november)


def test_accounts_without_a_stored_balance_are_right_before_and_after_the_close(books: Books, november: datetime) -> None:
    before = queries.balance(books.issued)
    close(OCTOBER, november)
    books.post(books.deposit("november", on=date(2026, 11, 2)), at=november)
    assert (before, queries.balance(books.issued)) == (-600, -700)
    assert queries.balance_on(books.issued, date(2026, 9, 30)) == -500


def test_openings_rebuilt_from_the_journal_are_the_same(books: Books, november: datetime) -> None:
    close(OCTOBER, november)
    before = openings(date(2026, 11, 1))
    with transaction():
        actions.rebuild()
    assert openings(date(2026, 11, 1)) == before


def test_history_is_the_same_wherever_it_starts(books: Books, november: datetime) -> None:
    whole = queries.history(books.first[0])
    assert [line.amount for line in whole] == [500, 70, 100, -30, -70]
    assert queries.history(books.first[0], since=date(2026, 10, 9)) == whole[-1:]
    assert whole[-1].balance == queries.balance(books.first[0])


def test_a_close_that_is_killed_closes_all_or_nothing_and_goes_on_when_run_again(books: Books, november: datetime) -> None:
    for moment, closed in MOMENTS:
        assert is_killed(lambda: close(OCTOBER, november), moment), moment
        assert len(set(db.session.scalars(select(Opening.month)))) == closed, moment
        books.post(books.deposit("while it was dead", on=date(2026, 11, 2)), at=november)
    assert close(OCTOBER, november) == 0
    assert openings(date(2026, 11, 1))[books.first[0]] == (570, 670, 30, -70)
    assert list(differences()) == []
