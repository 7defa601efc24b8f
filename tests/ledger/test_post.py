"""Posting: balanced, exactly once, never below the floor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank.db import db, transaction
from bank.ledger import actions, queries
from bank.ledger.audit import differences
from bank.ledger.models import EntryRepeat, JournalEntry
from bank.ledger.rules import AccountClosed, BalanceTooLow, KeyReused, NewEntry, NewTransfer
from tests.ledger.conftest import Books


def count_entries() -> int:
    return db.session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def test_a_deposit_moves_points_and_minutes_and_sums_to_zero(books: Books) -> None:
    books.post(books.deposit("one", points=190, minutes=95))
    assert queries.balance(books.first[0]) == 190
    assert queries.balance(books.first[1]) == 95
    assert queries.balance(books.issued) == -190
    assert queries.trial_balance() == {"points": 0, "minutes": 0}


def test_the_same_key_again_answers_the_first_entry_and_writes_no_second(books: Books) -> None:
    first = books.post(books.deposit("one"))
    again = books.post(books.deposit("one"))
    assert (first[0].entry_id, again[0].is_new) == (again[0].entry_id, False)
    assert queries.balance(books.first[0]) == 100
    assert db.session.scalar(select(func.count()).select_from(EntryRepeat)) == 1


def test_the_same_key_for_another_amount_is_a_conflict_and_writes_nothing(books: Books) -> None:
    books.post(books.deposit("one"))
    with pytest.raises(KeyReused):
        books.post(books.deposit("two"), books.deposit("one", points=101))
    assert count_entries() == 1


def test_a_key_twice_in_one_batch_is_one_entry(books: Books) -> None:
    posted = books.post(books.deposit("one"), books.deposit("two"), books.deposit("one"))
    assert posted[0].entry_id == posted[2].entry_id != posted[1].entry_id
    assert queries.balance(books.first[0]) == 200


def test_a_repeat_answers_even_when_the_points_are_gone_and_the_month_is_closed(books: Books) -> None:
    books.post(books.deposit("one"), books.redeem("spend", points=100))
    with transaction():
        actions.close_through(month=date(2026, 10, 1), at=books.at + timedelta(days=60))
    assert not books.post(books.redeem("spend", points=100))[0].is_new


def test_nobody_falls_below_zero(books: Books) -> None:
    books.post(books.deposit("one", points=100))
    with pytest.raises(BalanceTooLow):
        books.post(books.redeem("spend", points=101))
    assert queries.balance(books.first[0]) == 100


def test_one_refused_entry_undoes_its_whole_batch(books: Books) -> None:
    with pytest.raises(BalanceTooLow):
        books.post(books.deposit("one", points=100), books.redeem("spend", points=500))
    assert count_entries() == 0


def test_a_closed_account_takes_nothing(books: Books) -> None:
    with transaction():
        db.session.execute(db.text("UPDATE account SET closed_at = opened_at WHERE id = :id").bindparams(id=books.first[0]))
    with pytest.raises(AccountClosed):
        books.post(books.deposit("late"))


def test_transfers_in_both_directions_at_once_lose_nothing(app: Flask, books: Books) -> None:
    books.post(books.deposit("a", points=1000), books.deposit("b", points=1000, to=books.second[0]))

    def swap(number: int) -> None:
        pair = (books.first[0], books.second[0])[:: 1 if number % 2 else -1]
        entry = NewEntry(
            key=f"swap-{number}", kind="redeem", effective_on=date(2026, 10, 6),
            transfers=(NewTransfer("points", *pair, 7),), recorded_by="carol",
        )  # fmt: skip
        with app.app_context():
            books.post(entry)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(swap, range(100)))
    assert queries.balance(books.first[0]) == queries.balance(books.second[0]) == 1000
    assert queries.trial_balance()["points"] == 0


def test_five_hundred_people_are_posted_in_one_call(books: Books) -> None:
    with transaction():
        members = actions.open_member_accounts(keys=[f"m{number}" for number in range(500)], at=books.at)
    posted = books.post(*(books.deposit(f"activity-{points_id}", to=points_id) for points_id, _ in members))
    assert len({each.entry_id for each in posted}) == 500
    assert all(queries.balance(points_id) == 100 for points_id, _ in members[::100])


def test_members_may_pay_one_another_in_a_circle_in_one_call(books: Books) -> None:
    pairs = {"there": (books.first[0], books.second[0]), "back": (books.second[0], books.first[0])}
    entries = [
        NewEntry(
            key=key, kind="redeem", effective_on=date(2026, 10, 6), recorded_by="carol",
            transfers=(NewTransfer("points", *pair, 10),),
        )
        for key, pair in pairs.items()
    ]  # fmt: skip
    books.post(*entries)
    assert (queries.balance(books.first[0]), queries.balance(books.second[0]), count_entries()) == (0, 0, 2)
    assert not any(each.is_new for each in books.post(*entries))
    with pytest.raises(BalanceTooLow):
        books.post(entries[0]._replace(key="more"))
    assert list(differences()) == []
