"""A commit that no standby has is not a success, and the same request sent again settles it."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from bank import db as database
from bank.app import create_app
from bank.db import CommitUncertain, db, transaction
from bank.ledger import queries
from bank.ledger.audit import differences
from bank.ledger.models import EntryRepeat, JournalEntry
from bank.people.models import Person, Unit
from bank.rewards.models import Reward
from bank.web.idempotency import Answer
from tests.ledger.conftest import Books
from tests.server import SECRET

WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'SyncRep'"

pytestmark = [
    pytest.mark.parametrize("kind", ["postgresql"], indirect=True),
    pytest.mark.skipif("BANK_TEST_PG_URL" in os.environ, reason="the server must name a standby that does not exist"),
]


@pytest.fixture
def patient(app: Flask) -> Iterator[Flask]:
    """The same bank, but each of its commits waits for a standby that never comes."""
    url = app.config["DATABASE_URL"]
    options = f"{'&' if '?' in url else '?'}options=-c%20synchronous_commit%3Don"
    other = create_app({"DATABASE_URL": url + options, "SECRET_KEY": SECRET, "TESTING": True})
    yield other
    with other.app_context():
        db.engine.dispose()


@pytest.fixture
def interrupt(app: Flask) -> Callable[..., None]:
    """Wait until a commit waits for the standby, then do to its backend what the function's name says."""

    def run(function: str, work: Future[object]) -> None:
        with psycopg.connect(app.config["DATABASE_URL"], autocommit=True) as connection:
            until = time.monotonic() + 20
            while (row := connection.execute(WAITING).fetchone()) is None:
                assert not work.done() and time.monotonic() < until, "the commit did not wait"
                threading.Event().wait(0.01)
            connection.execute(f"SELECT {function}(%s)", row)

    return run


def test_a_cancelled_wait_for_the_standby_is_no_success_and_the_repeat_settles_it(
    books: Books, patient: Flask, interrupt: Callable[..., None]
) -> None:
    def post() -> object:
        with patient.app_context():
            return books.post(books.deposit("one"))

    with ThreadPoolExecutor(1) as thread:
        for _ in range(2):  # The entry stands here since the first time; a repeat, too, must not be believed.
            work = thread.submit(post)
            interrupt("pg_cancel_backend", work)
            with pytest.raises(CommitUncertain, match="canceling wait for synchronous replication"):
                work.result()
    db.session.rollback()
    assert not books.post(books.deposit("one"))[0].is_new  # The standby is back, and the repeat has waited for it.
    assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == 1
    assert db.session.scalar(select(func.count()).select_from(EntryRepeat)) == 2
    assert queries.balance(books.first[0]) == 100
    assert list(differences()) == []


def test_a_connection_lost_at_the_commit_leaves_the_outcome_open(
    books: Books, patient: Flask, interrupt: Callable[..., None]
) -> None:
    def post() -> object:
        with patient.app_context():
            return books.post(books.deposit("one"))

    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(post)
        interrupt("pg_terminate_backend", work)
        with pytest.raises(CommitUncertain):
            work.result()
    db.session.rollback()
    books.post(books.deposit("one"))
    assert queries.balance(books.first[0]) == 100


def test_a_commit_without_an_answer_hangs_up_in_time_and_waits_on_until_the_standby_is_back(
    books: Books, patient: Flask, interrupt: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "COMMIT_SECONDS_MAX", 0.5)
    monkeypatch.setattr(database, "LOCK_SECONDS_MAX", 1)
    started = time.monotonic()
    with patient.app_context(), pytest.raises(CommitUncertain):
        books.post(books.deposit("one"))
    with pytest.raises(OperationalError, match="lock timeout"):  # Nobody knows yet, so nobody is told that it is done.
        books.post(books.deposit("one"))
    assert time.monotonic() - started < 20
    with ThreadPoolExecutor(1) as thread:  # The server's side has waited on, for a client that is gone.
        interrupt("pg_cancel_backend", thread.submit(time.sleep, 1))
    assert not books.post(books.deposit("one"))[0].is_new
    assert queries.balance(books.first[0]) == 100


def test_over_http_an_unconfirmed_commit_asks_to_send_the_same_again(
    app: Flask, patient: Flask, api: Callable[..., object], dave: Person, community: Unit, interrupt: Callable[..., None]
) -> None:
    headers = api(dave).headers | {"Idempotency-Key": "once"}  # type: ignore[attr-defined]
    wanted = {"unit_id": community.id, "kind": "goods", "name": "洗衣液", "points": 500, "stock": 3}
    db.session.rollback()

    def send(bank: Flask) -> TestResponse:
        with bank.app_context():
            return bank.test_client().post("/api/v1/rewards", json=wanted, headers=headers)

    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(send, patient)
        interrupt("pg_cancel_backend", work)
        unsure = work.result()
    assert (unsure.status_code, unsure.json["code"], unsure.json["final"]) == (503, "outcome_unknown", False)
    assert (unsure.headers["Retry-After"], "不会重复" in unsure.json["next"]) == ("2", True)
    assert [send(app).status_code for _ in range(2)] == [201, 201]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Reward)) == 1
    assert db.session.scalars(select(Answer.repeats)).one() == 2


def test_a_warning_before_the_commit_is_not_taken_for_one_at_the_commit(app: Flask) -> None:
    with transaction():
        db.session.execute(db.text("DO $$ BEGIN RAISE WARNING 'mind the step'; END $$"))
