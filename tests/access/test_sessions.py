"""A session ends when its owner says so, and when the way to sign in changes."""

import pytest

from bank.access import actions, queries, rules
from bank.db import db, transaction
from tests.cases import cases


def test_signing_out_everywhere_ends_every_session(alice, at):
    trace = queries.session_trace(alice)
    assert queries.person_of_session(alice.key, trace) == alice
    with transaction():
        actions.sign_out_everywhere(by=alice, at=at)
    assert queries.person_of_session(alice.key, trace) is None
    assert queries.person_of_session(alice.key, queries.session_trace(alice)) == alice


def test_nobody_elses_session_ends_with_it(alice, bob, at):
    trace = queries.session_trace(bob)
    with transaction():
        actions.sign_out_everywhere(by=alice, at=at)
    assert queries.person_of_session(bob.key, trace) == bob


def test_a_closed_account_has_no_session_no_token_and_no_first_sign_in(alice, dave, at):
    trace = queries.session_trace(alice)
    with transaction():
        _, code = actions.invite(by=dave, person_id=alice.id, at=at)
        _, secret = actions.create_token(by=None, person_id=alice.id, name="测试", expires_at=at.replace(year=2027), at=at)
    with transaction():
        db.session.merge(alice).closed_at = at
    assert queries.person_of_session(alice.key, trace) is None
    assert queries.live_token(secret, at) is None
    with pytest.raises(rules.InvitationOver):
        queries.invitation(code, at)


@cases("trace", ["", "x", "\0", "\ud800", "0" * 16])
def test_a_made_up_session_is_nobodys(trace, alice):
    assert queries.person_of_session(alice.key, trace) is None
