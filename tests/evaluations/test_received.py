"""Marks are hidden until both sides have given theirs or seven days have passed; comments until somebody has read them."""

from datetime import timedelta

import pytest

from bank.db import db, transaction
from bank.evaluations import actions, queries, rules
from bank.evaluations.models import EvaluationText
from bank.evaluations.rules import Marks, Mean
from bank.people.models import Change
from tests.cases import cases
from tests.evaluations.conftest import DAY


def received(record, at):
    [seen] = queries.received([record], at=at)
    return seen


def test_one_side_alone_is_hidden(record, rate, bob, at):
    rate(bob, record.service, 4, 5)
    assert received(record, at).marks is None


def test_completion_is_no_side_of_its_own(record, invite, rate, rate_by_code, bob, at):
    rate(bob, record.service, None, 5)
    rate_by_code(invite(record), 5)
    assert received(record, at).marks is None


def test_both_sides_open_it(record, invite, rate, rate_by_code, bob, at):
    rate(bob, record.service, 4, 5)
    rate_by_code(invite(record), 3)
    assert received(record, at).marks == Marks(3, 4, 5)


def test_after_seven_days_it_opens_by_itself(record, rate, bob, at):
    rate(bob, record.service, 4, 5)
    assert received(record, at + 7 * DAY - timedelta(seconds=1)).marks is None
    assert received(record, at + 7 * DAY).marks == Marks(None, 4, 5)


def test_means_rest_on_open_records_alone(serve, rate, alice, bob, at):
    for mark in (4, 5, 5):
        rate(bob, serve(alice), mark, None)
    assert queries.means(alice.id, at=at)["leader"] == Mean(0, 0)
    mean = queries.means(alice.id, at=at + 7 * DAY)["leader"]
    assert (mean.hundredths, mean.count) == (466, 3)


def test_the_mean_of_nothing_is_nothing(alice, at):
    assert {each.hundredths for each in queries.means(alice.id, at=at).values()} == {None}


@pytest.fixture
def comment(record, invite, rate_by_code, at):
    code = invite(record)
    rate_by_code(code, 5)
    with transaction():
        return actions.comment_by_code(code=code, text="  谢谢\n小安 ", at=at)


def moderate(by, comment, at, *, is_shown=True):
    with transaction():
        return actions.moderate(by=by, evaluation_id=comment.evaluation_id, is_shown=is_shown, at=at)


def test_a_comment_waits_to_be_read(record, comment, at):
    assert (comment.state, comment.text) == ("pending", "谢谢 小安")
    assert received(record, at + 7 * DAY).comments == ()


def test_a_comment_that_was_let_through_is_shown_with_the_marks(record, comment, bob, at):
    moderate(bob, comment, at)
    assert received(record, at).comments == ()
    assert received(record, at + 7 * DAY).comments == ("谢谢 小安",)


def test_who_decided_is_recorded(comment, bob, at):
    done = moderate(bob, comment, at, is_shown=False)
    assert (done.state, done.decided_by_id, done.decided_at) == ("refused", bob.id, at)
    change = db.session.scalars(db.select(Change).filter_by(what="moderate")).one()
    assert (change.changed_by_id, change.before, change.after) == (bob.id, {"state": "pending"}, {"state": "refused"})


def test_a_refused_comment_is_never_shown(record, comment, bob, at):
    moderate(bob, comment, at, is_shown=False)
    assert received(record, at + 30 * DAY).comments == ()


def test_a_comment_is_decided_once(comment, bob, at):
    moderate(bob, comment, at, is_shown=False)
    with pytest.raises(rules.EvaluationDecided):
        moderate(bob, comment, at)


@cases("who", ["alice", "carol", "charlie", "erin"])
def test_only_organizers_and_admins_moderate(who, comment, request, at):
    with pytest.raises(rules.ServiceRecordNotFound):
        moderate(request.getfixturevalue(who), comment, at)


def test_a_comment_is_written_once_and_soon(record, invite, rate_by_code, at):
    code = invite(record)
    with pytest.raises(rules.CommentTooLate), transaction():
        actions.comment_by_code(code=code, text="好", at=at)
    rate_by_code(code, 5)
    with pytest.raises(rules.CommentTooLate), transaction():
        actions.comment_by_code(code=code, text="好", at=at + timedelta(hours=1, seconds=1))
    with transaction():
        actions.comment_by_code(code=code, text="好", at=at + timedelta(hours=1))
    with pytest.raises(rules.CommentTooLate), transaction():
        actions.comment_by_code(code=code, text="更好", at=at)


@pytest.mark.parametrize("text", ["", "   ", "好" * 301])
def test_a_comment_says_something_and_not_too_much(text, record, invite, rate_by_code, at):
    code = invite(record)
    rate_by_code(code, 5)
    with pytest.raises(rules.BadComment), transaction():
        actions.comment_by_code(code=code, text=text, at=at)


def test_the_comment_of_a_withdrawn_mark_is_not_shown(record, comment, withdraw, bob, dave, at):
    moderate(bob, comment, at)
    withdraw(bob, dave, comment.evaluation)
    assert received(record, at + 7 * DAY).comments == ()


def test_erasing_takes_the_words_and_leaves_the_mark(record, comment, call, serve, alice, dave, at):
    with transaction():
        assert actions.erase_texts(person_id=alice.id) == 1
        assert actions.erase_texts(person_id=alice.id) == 0
    [left] = db.session.scalars(db.select(EvaluationText)).all()
    assert (left.text, left.state) == (None, "erased")
    assert queries.marks_of([record.id])[record.id].recipient == 5
