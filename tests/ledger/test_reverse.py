"""A mistake is corrected by its opposite: once, for a reason, with a second person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bank.db import transaction
from bank.ledger import actions, queries
from bank.ledger.audit import differences
from bank.ledger.posting import Posted
from bank.ledger.queries import NoSuchEntry
from bank.ledger.rules import AlreadyReversed, BalanceTooLow, SecondPersonNeeded
from bank.people.models import Person
from tests.browser import Browser
from tests.ledger.conftest import Books


def reverse(
    books: Books,
    entry_id: int,
    *,
    key: str = "undo",
    reason: str = "wrong person",
    by: str = "bob",
    books_shortfall: bool = False,
) -> Posted:
    with transaction():
        return actions.reverse(
            entry_id=entry_id, key=key, reason=reason, recorded_by=by, approved_by="dave",
            effective_on=date(2026, 10, 6), at=books.at, books_shortfall=books_shortfall,
        )  # fmt: skip


def test_a_reversal_takes_back_points_and_minutes(books: Books) -> None:
    [deposit] = books.post(books.deposit("one"))
    reversal = reverse(books, deposit.entry_id)
    assert [queries.balance(each) for each in (*books.first, books.issued)] == [0, 0, 0]
    assert queries.reversal_of(deposit.entry_id) == reversal.entry_id


def test_an_entry_is_reversed_once(books: Books) -> None:
    [deposit] = books.post(books.deposit("one"), books.deposit("two"))[:1]
    reverse(books, deposit.entry_id)
    with pytest.raises(AlreadyReversed):
        reverse(books, deposit.entry_id, key="undo again")


def test_the_same_reversal_sent_again_is_the_same_reversal(books: Books) -> None:
    [deposit] = books.post(books.deposit("one"))
    assert reverse(books, deposit.entry_id).entry_id == reverse(books, deposit.entry_id).entry_id


@pytest.mark.parametrize(("reason", "by"), [("  ", "bob"), ("wrong", "dave")])
def test_a_reversal_needs_a_reason_and_a_second_person(books: Books, reason: str, by: str) -> None:
    [deposit] = books.post(books.deposit("one"))
    with pytest.raises(SecondPersonNeeded):
        reverse(books, deposit.entry_id, reason=reason, by=by)


def test_points_already_spent_are_not_taken_back(books: Books) -> None:
    [deposit, _] = books.post(books.deposit("one"), books.redeem("spend", points=60))
    with pytest.raises(BalanceTooLow):
        reverse(books, deposit.entry_id)


def test_a_supervisor_books_what_is_already_spent_to_shortfall(books: Books) -> None:
    [deposit, _] = books.post(books.deposit("one"), books.redeem("spend", points=60))
    reversal = reverse(books, deposit.entry_id, books_shortfall=True)
    shortfall = queries.system_account("shortfall", "points")
    assert [queries.balance(each) for each in (*books.first, books.issued, books.redeemed, shortfall)] == [0, 0, 0, 60, -60]
    assert queries.trial_balance() == {"points": 0, "minutes": 0}
    assert queries.entry(reversal.entry_id).reverses_id == deposit.entry_id
    assert queries.reversal_of(deposit.entry_id) == reversal.entry_id
    assert list(differences()) == []


def test_auditors_see_the_shortfall_in_the_trial_balance(books: Books, client: FlaskClient, erin: Person) -> None:
    [deposit, _] = books.post(books.deposit("one"), books.redeem("spend", points=61))
    reverse(books, deposit.entry_id, books_shortfall=True)
    assert {each.code: each.balance for each in queries.bank_accounts()}["shortfall"] == -61
    page = Browser(client).sign_in(erin).get("/ledger/").text
    assert "冲正差额" in page
    assert "-0.61" in page.replace("−", "-")


def test_nothing_is_short_while_the_points_are_there(books: Books) -> None:
    [deposit] = books.post(books.deposit("one"))
    reverse(books, deposit.entry_id, books_shortfall=True)
    assert queries.balance(queries.system_account("shortfall", "points")) == 0
    assert queries.balance(books.first[0]) == 0


def test_a_shortfall_is_booked_once_although_more_points_have_come(books: Books) -> None:
    [deposit, _] = books.post(books.deposit("one"), books.redeem("spend", points=60))
    first = reverse(books, deposit.entry_id, books_shortfall=True)
    books.post(books.deposit("more", points=500))
    again = reverse(books, deposit.entry_id, books_shortfall=True)
    assert (again.entry_id, again.is_new) == (first.entry_id, False)
    assert queries.balance(queries.system_account("shortfall", "points")) == -60


def test_a_shortfall_sent_many_times_at_once_is_booked_once(app: Flask, books: Books) -> None:
    [deposit, _] = books.post(books.deposit("one"), books.redeem("spend", points=60))

    def send(_: int) -> int:
        with app.app_context():
            return reverse(books, deposit.entry_id, books_shortfall=True).entry_id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(send, range(24)))) == 1
    assert queries.balance(queries.system_account("shortfall", "points")) == -60


@pytest.mark.parametrize("reason", ["", " "])
def test_a_shortfall_too_needs_a_reason(books: Books, reason: str) -> None:
    [deposit, _] = books.post(books.deposit("one"), books.redeem("spend", points=60))
    with pytest.raises(SecondPersonNeeded):
        reverse(books, deposit.entry_id, reason=reason, books_shortfall=True)


def test_what_does_not_exist_cannot_be_reversed(books: Books) -> None:
    with pytest.raises(NoSuchEntry):
        reverse(books, 999_999)
