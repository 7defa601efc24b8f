"""A mark of a posted record is taken back by an opposite record, with a reason and a second person."""

import pytest
from sqlalchemy.exc import IntegrityError

from bank.db import db, transaction
from bank.evaluations import actions, queries, rules
from bank.evaluations.models import Evaluation
from bank.evaluations.rules import Marks
from tests.cases import cases


@pytest.fixture
def given(record, rate, bob):
    rate(bob, record.service, 2, None)
    return db.session.scalars(db.select(Evaluation)).one()


@pytest.fixture
def asked(given, bob, at):
    with transaction():
        return actions.ask_withdrawal(by=bob, evaluation_id=given.id, reason="slip", at=at)


def decide(by, asked, at, *, is_agreed=True):
    with transaction():
        return actions.decide_withdrawal(by=by, withdrawal_id=asked.id, is_agreed=is_agreed, at=at)


def test_a_withdrawn_mark_counts_no_longer_and_stays_in_the_books(record, given, withdraw, bob, dave):
    withdraw(bob, dave, given)
    assert queries.marks_of([record.id]) == {}
    rows = db.session.execute(
        db.select(Evaluation.mark, Evaluation.supersedes_id, Evaluation.reason).order_by(Evaluation.id)
    ).all()
    assert rows == [(2, None, None), (None, given.id, "slip")]


def test_then_another_mark_may_be_given(record, given, withdraw, rate, bob, dave):
    withdraw(bob, dave, given)
    rate(bob, record.service, 5, None)
    assert queries.marks_of([record.id]) == {record.id: Marks(leader=5)}


def test_until_the_second_agrees_the_mark_counts(record, asked):
    assert queries.marks_of([record.id])[record.id].leader == 2


def test_who_asks_is_not_the_second(asked, bob, at):
    with pytest.raises(rules.WithdrawalNeedsSecond):
        decide(bob, asked, at)


def test_the_second_may_refuse(record, asked, dave, at):
    assert decide(dave, asked, at, is_agreed=False).is_agreed is False
    assert queries.marks_of([record.id])[record.id].leader == 2


def test_it_is_decided_once(asked, dave, at):
    decide(dave, asked, at)
    with pytest.raises(rules.EvaluationDecided):
        decide(dave, asked, at)


def test_it_is_asked_once_at_a_time(given, asked, dave, at):
    with pytest.raises(rules.WithdrawalAsked), transaction():
        actions.ask_withdrawal(by=dave, evaluation_id=given.id, reason="slip", at=at)


def test_a_withdrawn_mark_is_not_withdrawn_again(given, withdraw, bob, dave, at):
    withdraw(bob, dave, given)
    with pytest.raises(rules.MarkNotInForce), transaction():
        actions.ask_withdrawal(by=bob, evaluation_id=given.id, reason="slip", at=at)


def test_the_reason_is_one_of_the_list(given, bob, at):
    with pytest.raises(rules.BadWithdrawalReason), transaction():
        actions.ask_withdrawal(by=bob, evaluation_id=given.id, reason="too low", at=at)


@cases("who", ["alice", "carol", "charlie", "erin"])
def test_nobody_else_agrees(who, asked, request, at):
    with pytest.raises(rules.ServiceRecordNotFound):
        decide(request.getfixturevalue(who), asked, at)


def test_nobody_takes_back_marks_of_their_own_service(serve, rate, carol, bob, dave, at):
    rate(carol, serve(bob, leader=carol), 2, None)
    given = db.session.scalars(db.select(Evaluation)).one()
    with pytest.raises(rules.NotYourOwnRating), transaction():
        actions.ask_withdrawal(by=bob, evaluation_id=given.id, reason="slip", at=at)


def test_nobody_agrees_about_their_own_service(serve, rate, carol, bob, dave, at):
    rate(carol, serve(bob, leader=carol), 2, None)
    given = db.session.scalars(db.select(Evaluation)).one()
    with transaction():
        asked = actions.ask_withdrawal(by=dave, evaluation_id=given.id, reason="slip", at=at)
    with pytest.raises(rules.NotYourOwnRating):
        decide(bob, asked, at)


def test_the_database_wants_a_second_person(given, bob, at):
    row = {
        "service_record_id": given.service_record_id, "role": "leader", "way": "withdrawal", "reason": "slip",
        "given_by_id": bob.id, "approved_by_id": bob.id, "supersedes_id": given.id, "given_at": at,
    }  # fmt: skip
    with pytest.raises(IntegrityError):
        db.session.execute(db.insert(Evaluation).values(row))


def test_after_a_withdrawal_a_recipient_gets_a_new_code(record, invite, rate_by_code, withdraw, bob, dave):
    withdraw(bob, dave, rate_by_code(invite(record), 1))
    rate_by_code(invite(record), 5)
    assert queries.marks_of([record.id]) == {record.id: Marks(recipient=5)}
