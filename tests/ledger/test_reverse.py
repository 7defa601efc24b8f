"""A mistake is corrected by its opposite: once, for a reason, with a second person."""

from datetime import date

import pytest

from bank.db import transaction
from bank.ledger import actions, queries
from bank.ledger.posting import Posted
from bank.ledger.queries import NoSuchEntry
from bank.ledger.rules import AlreadyReversed, BalanceTooLow, SecondPersonNeeded
from tests.ledger.conftest import Books


def reverse(books: Books, entry_id: int, *, key: str = "undo", reason: str = "wrong person", by: str = "bob") -> Posted:
    with transaction():
        return actions.reverse(
            entry_id=entry_id, key=key, reason=reason, recorded_by=by, approved_by="dave",
            effective_on=date(2026, 10, 6), at=books.at,
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


def test_what_does_not_exist_cannot_be_reversed(books: Books) -> None:
    with pytest.raises(NoSuchEntry):
        reverse(books, 999_999)
