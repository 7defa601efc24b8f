"""Sealing: every entry once, whenever it comes, and nobody who posts waits for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from bank.db import db, is_postgres, transaction
from bank.ledger import leaves, seal
from bank.ledger.models import JournalEntry, Seal, SealedEntry
from bank.people.models import Person
from tests.ledger.conftest import Books, anchored, differences

WAIT_MAX_S = 10
LATE_ENTRY = """
    INSERT INTO journal_entry (id, key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count)
    VALUES (:id, :key, 'f', 'redeem', '2026-10-05', '2026-10-05 00:00:00.000000', 'bob', 1)"""
LATE_TRANSFER = "INSERT INTO transfer VALUES (:id, 1, 'points', :debit, :credit, 1, '2026-10-05')"


def sealed_ids() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(SealedEntry.entry_id).order_by(SealedEntry.position)))


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_sealing_twice_adds_nothing(sealed: dict[str, object], books: Books, outside: Path) -> None:
    published = outside.read_text()
    assert seal.seal_all(published=outside, at=books.at + timedelta(days=2)) == 0
    assert (count(Seal), outside.read_text()) == (2, published)


def test_an_empty_journal_gets_no_seal(books: Books, outside: Path) -> None:
    assert seal.seal_all(published=outside, at=books.at) == 0
    assert (count(Seal), outside.exists()) == (0, False)


def test_a_seal_names_the_one_before_it(sealed: dict[str, object]) -> None:
    first, second = db.session.scalars(select(Seal).order_by(Seal.number))
    assert (first.previous_hash, second.previous_hash) == ("0" * 64, first.hash)
    assert (first.entry_count, second.entry_count, second.last_position) == (2, 2, 4)


def test_many_entries_are_sealed_in_parts(books: Books, outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "ENTRIES_MAX", 3)
    books.post(*(books.deposit(f"entry-{number}") for number in range(8)))
    assert seal.seal_all(published=outside, at=books.at) == 8
    assert list(db.session.scalars(select(Seal.entry_count).order_by(Seal.number))) == [3, 3, 2]
    assert differences() == anchored(outside) == []


def test_an_entry_that_appears_below_sealed_ids_is_sealed_next(sealed: dict[str, object], books: Books, outside: Path) -> None:
    for entry_id in (500, 300):  # As when 300 was given first and committed last.
        with transaction():
            db.session.execute(text(LATE_ENTRY), {"id": entry_id, "key": f"late-{entry_id}"})
            db.session.execute(text(LATE_TRANSFER), {"id": entry_id, "debit": books.issued, "credit": books.redeemed})
        seal.seal_all(published=outside, at=books.at)
    assert sealed_ids()[-2:] == [500, 300]
    assert differences() == []


def test_reading_for_a_seal_keeps_no_writer_waiting(app: Flask, books: Books) -> None:
    books.post(books.deposit("one"))

    def send() -> bool:
        with app.app_context():
            return books.post(books.deposit("two"))[0].is_new

    batch = seal.read_batch(after=0, accounts=leaves.Accounts())  # The reading transaction stays open.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(send).result(timeout=WAIT_MAX_S)
    assert batch is not None and len(batch.entry_ids) == 1


def test_writing_a_seal_keeps_no_writer_waiting(app: Flask, books: Books) -> None:
    if not is_postgres():
        pytest.skip("SQLite has one pen; the seal holds it for a moment only")
    books.post(books.deposit("one"))

    def send() -> bool:
        with app.app_context():
            return books.post(books.deposit("two"))[0].is_new

    batch = seal.read_batch(after=0, accounts=leaves.Accounts())
    assert batch is not None
    with transaction(), ThreadPoolExecutor(1) as pool:
        assert seal.append(batch, at=books.at)
        db.session.flush()  # The seal is written and not yet committed.
        assert pool.submit(send).result(timeout=WAIT_MAX_S)


def test_a_batch_is_refused_after_another_seal(books: Books, outside: Path) -> None:
    books.post(books.deposit("one"))
    batch = seal.read_batch(after=0, accounts=leaves.Accounts())
    assert batch is not None
    seal.seal_all(published=outside, at=books.at)
    with transaction():
        assert not seal.append(batch, at=books.at)
    assert count(SealedEntry) == 1


def test_writers_and_sealers_at_once_leave_every_entry_sealed_once(app: Flask, books: Books, outside: Path) -> None:
    def write(writer: int) -> None:
        with app.app_context():
            for number in range(15):
                books.post(books.deposit(f"{writer}-{number}"))

    def seal_often(_: int) -> None:
        with app.app_context():
            for _turn in range(6):
                seal.seal_all(published=outside, at=books.at)

    with ThreadPoolExecutor(5) as pool:
        for work in [*(pool.submit(write, each) for each in range(3)), *(pool.submit(seal_often, each) for each in range(2))]:
            work.result()
    seal.seal_all(published=outside, at=books.at)
    assert sorted(sealed_ids()) == sorted(db.session.scalars(select(JournalEntry.id)))
    assert differences() == anchored(outside) == []


def test_a_person_who_is_erased_leaves_every_seal_valid(books: Books, alice: Person, outside: Path) -> None:
    books.post(books.deposit("one", to=alice.points_account_id))
    seal.seal_all(published=outside, at=books.at)
    with transaction():
        db.session.execute(text("UPDATE person SET name = '' WHERE id = :id"), {"id": alice.id})
    assert differences() == anchored(outside) == []


def test_the_chain_can_be_taken_up_in_the_middle(sealed: dict[str, object]) -> None:
    assert differences(first=2) == []
