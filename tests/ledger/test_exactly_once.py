"""Every write of the ledger, sent fifty times at once under one key, happens once and answers everybody alike."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank.db import db, transaction
from bank.errors import BankError
from bank.ledger import actions, intake, journal, queries
from bank.ledger.audit import differences
from bank.ledger.models import JournalEntry, MonthClose, Opening
from bank.ledger.rules import Expiry, KeyReused, NewEntry, NewTransfer
from tests.ledger.conftest import OCTOBER_5, Books

AT_ONCE = 50
Send = Callable[[], Any]


@pytest.fixture
def at_once(app: Flask) -> Callable[[Send], list[Any]]:
    """What fifty senders hear, each in a transaction of its own."""

    def run(send: Send) -> list[Any]:
        def one(_: int) -> Any:
            with app.app_context(), transaction():
                return send()

        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = list(threads.map(one, range(AT_ONCE)))
        db.session.rollback()
        return answers

    return run


@pytest.fixture
def rich(books: Books) -> Books:
    """Somebody has points, some of them on hold."""
    books.post(books.deposit("start", points=1000))
    hold = (NewTransfer("points", books.first[0], queries.system_account("reserved", "points"), 100),)
    books.post(NewEntry(key="held", kind="reserve", effective_on=OCTOBER_5, transfers=hold, recorded_by="bob"))
    return books


def moved(books: Books, kind: str) -> NewEntry:
    """An entry of a kind, between the accounts that it is made of."""
    member, reserved = books.first[0], queries.system_account("reserved", "points")
    sides = {
        "deposit": (books.issued, member),
        "import": (books.issued, member),
        "redeem": (member, books.redeemed),
        "reserve": (member, reserved),
        "hand_over": (reserved, books.redeemed),
        "release": (reserved, member),
        "expire": (member, queries.system_account("expired", "points")),
    }[kind]
    moves = (NewTransfer("points", *sides, 70),)
    return NewEntry(key="once", kind=kind, effective_on=OCTOBER_5, transfers=moves, recorded_by="bob", reason="r")


KINDS = ("deposit", "import", "redeem", "reserve", "hand_over", "release", "expire")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(JournalEntry)) or 0


@pytest.mark.parametrize("kind_of_entry", KINDS)
def test_fifty_sends_of_one_entry_are_one_entry(rich: Books, at_once: Callable[[Send], list[Any]], kind_of_entry: str) -> None:
    entry = moved(rich, kind_of_entry)
    before = {side: queries.balance(side) for side in (entry.transfers[0].debit_id, entry.transfers[0].credit_id)}
    answers = at_once(lambda: actions.post([entry], at=rich.at)[0])
    assert len({each.entry_id for each in answers}) == 1
    assert sorted(each.is_new for each in answers) == [False] * (AT_ONCE - 1) + [True]
    after = [queries.balance(side) - held for side, held in before.items()]
    assert (after, count(), list(differences())) == ([-70, 70], 3, [])


@pytest.mark.parametrize("kind_of_entry", KINDS)
def test_the_same_key_with_any_other_content_is_refused_and_writes_nothing(rich: Books, kind_of_entry: str) -> None:
    entry = moved(rich, kind_of_entry)
    rich.post(entry)
    [move] = entry.transfers
    others = (
        entry._replace(kind=next(kind for kind in KINDS if kind != kind_of_entry)),
        entry._replace(effective_on=date(2026, 10, 6)),
        entry._replace(recorded_by="carol"),
        entry._replace(approved_by="dave"),
        entry._replace(reason="s"),
        entry._replace(reason=None),
        entry._replace(rule_version=1),
        entry._replace(transfers=(move._replace(amount=71),)),
        entry._replace(transfers=(move._replace(debit_id=move.credit_id, credit_id=move.debit_id),)),
        entry._replace(transfers=(move, move)),
    )
    for other in others:
        with pytest.raises(KeyReused):
            rich.post(other)
    assert (count(), list(differences())) == (3, [])


@pytest.mark.parametrize("books_shortfall", [False, True])
def test_fifty_reversals_under_one_key_are_one(rich: Books, at_once: Callable[[Send], list[Any]], books_shortfall: bool) -> None:
    [deposit] = rich.post(rich.deposit("wrong", points=200 if not books_shortfall else 2000))
    rich.post(rich.redeem("spent", points=800))

    def send(**changed: Any) -> Any:
        wanted: dict[str, Any] = {
            "entry_id": deposit.entry_id, "key": "undo", "reason": "wrong", "recorded_by": "bob", "approved_by": "dave",
            "effective_on": OCTOBER_5, "at": rich.at, "books_shortfall": books_shortfall,
        }  # fmt: skip
        return actions.reverse(**(wanted | changed))

    if not books_shortfall:
        rich.post(rich.deposit("enough", points=500))
    before = count()
    assert len({each.entry_id for each in at_once(send)}) == 1
    for changed in ({"reason": "other"}, {"effective_on": date(2026, 10, 6)}, {"approved_by": "erin"}):
        with pytest.raises(KeyReused), transaction():
            send(**changed)
    with pytest.raises(BankError), transaction():
        send(entry_id=deposit.entry_id + 1)
    assert (count(), list(differences())) == (before + 1, [])


def test_fifty_runs_of_one_expiry_take_the_points_once(rich: Books, at_once: Callable[[Send], list[Any]]) -> None:
    on = date(2026, 11, 30)
    at = rich.at + timedelta(days=60)
    assert sorted(at_once(lambda: actions.expire(on=on, expiry=Expiry("months", 1), at=at))) == [0] * (AT_ONCE - 1) + [1]
    assert (queries.balance(rich.first[0]), list(differences())) == (0, [])


def test_fifty_closings_of_one_month_close_it_once(rich: Books, at_once: Callable[[Send], list[Any]]) -> None:
    at = rich.at + timedelta(days=60)
    answers = at_once(lambda: actions.close_month(month=date(2026, 10, 1), at=at))
    assert sorted(answers) == [False] * (AT_ONCE - 1) + [True]
    assert db.session.scalar(select(func.count()).select_from(MonthClose)) == 1
    assert db.session.scalar(select(func.count()).where(Opening.account_id == rich.first[0])) == 1
    assert list(differences()) == []


def test_fifty_imports_of_one_file_add_its_entries_once(rich: Books, at_once: Callable[[Send], list[Any]]) -> None:
    out = io.StringIO()
    journal.export("csv", out)
    head, *_, last = out.getvalue().splitlines()
    text = f"{head}\n{last.replace(',held,', ',once,')}\n"
    answers = at_once(lambda: actions.import_journal(entries=intake.read(io.StringIO(text)), at=rich.at))
    assert sorted(each.new for each in answers) == [0] * (AT_ONCE - 1) + [1]
    assert (count(), list(differences())) == (3, [])
