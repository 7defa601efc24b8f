"""Many at once: one code, one mark; two who ask for a withdrawal, one row."""

from concurrent.futures import ThreadPoolExecutor

from bank.db import db, transaction
from bank.errors import BankError
from bank.evaluations import actions
from bank.evaluations.models import Evaluation, Withdrawal
from bank.evaluations.rules import BulkMarks
from bank.people.models import Person
from tests.evaluations.conftest import PHONE


def at_once(app, deed, count=8):
    """How many of so many at once came through."""
    db.session.rollback()  # The threads must not wait for what this test has read.

    def attempt(number):
        with app.app_context():
            try:
                with transaction():
                    deed(number)
            except BankError:
                return 0
            return 1

    with ThreadPoolExecutor(count) as threads:
        return sum(threads.map(attempt, range(count)))


def test_eight_taps_at_once_give_one_mark(app, record, invite, at):
    code = invite(record)

    def tap(number):
        actions.rate_by_code(code=code, mark=1 + number % 5, device=PHONE, by=None, at=at)

    assert at_once(app, tap) == 1
    assert db.session.query(Evaluation).count() == 1


def test_a_leader_and_an_organizer_at_once_give_one_mark_each_way(app, record, bob, dave, at):
    service_id, ids = record.service_id, (bob.id, dave.id)

    def rate(number):
        by = db.session.get_one(Person, ids[number % 2])
        actions.rate_service(by=by, service_id=service_id, marks=BulkMarks(leader=4, completion=5), at=at)

    assert at_once(app, rate) == 8  # Who comes later finds a mark and leaves it.
    assert db.session.query(Evaluation).count() == 2


def test_a_withdrawal_asked_for_by_many_waits_once(app, record, rate, bob, dave, at):
    rate(bob, record.service, 4, None)
    [given], ids = db.session.scalars(db.select(Evaluation.id)).all(), (bob.id, dave.id)

    def ask(number):
        by = db.session.get_one(Person, ids[number % 2])
        actions.ask_withdrawal(by=by, evaluation_id=given, reason="slip", at=at)

    assert at_once(app, ask) == 1
    assert db.session.query(Withdrawal).count() == 1
