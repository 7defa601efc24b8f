"""A token of the API is shown once, kept as a hash, and ends."""

from datetime import timedelta

import pytest

from bank.access import actions, queries, rules
from bank.db import db, transaction
from bank.people import changes
from bank.people.models import Change
from bank.people.rules import OnlyForYourself
from tests.cases import cases


def make(by, person, at, days=30):
    with transaction():
        return actions.create_token(by=by, person_id=person.id, name="柜台电脑", expires_at=at + timedelta(days=days), at=at)


def test_a_token_stands_for_its_owner(alice, at):
    token, secret = make(alice, alice, at)
    assert queries.token_owner(secret, at) == alice
    assert secret.startswith(token.prefix)
    assert len(secret) == 43
    assert secret not in (token.secret_hash, token.name)


def test_a_token_ends_at_its_end(alice, at):
    _, secret = make(alice, alice, at)
    assert queries.token_owner(secret, at + timedelta(days=30, seconds=-1)) == alice
    assert queries.token_owner(secret, at + timedelta(days=30)) is None


def test_a_revoked_token_stands_for_nobody(alice, at):
    token, secret = make(alice, alice, at)
    with transaction():
        actions.revoke_token(by=alice, token_id=token.id, at=at)
        actions.revoke_token(by=alice, token_id=token.id, at=at + timedelta(days=1))
    assert queries.token_owner(secret, at) is None
    assert token.revoked_at == at


@cases("secret", ["", "x", "\0", "\ud800", "' OR 1=1 --", "x" * 100_000])
def test_a_made_up_token_stands_for_nobody(secret, app, at):
    assert queries.token_owner(secret, at) is None


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_token_ends_within_a_year(days, alice, at):
    with pytest.raises(rules.BadExpiry):
        make(alice, alice, at, days=days)


def test_nobody_makes_or_ends_a_token_for_another(dave, bob, alice, at):
    with pytest.raises(OnlyForYourself):
        make(dave, alice, at)
    token, _ = make(alice, alice, at)
    with pytest.raises(rules.TokenNotFound), transaction():
        actions.revoke_token(by=bob, token_id=token.id, at=at)


def test_the_units_admin_ends_a_members_token_and_it_is_recorded(dave, alice, at):
    token, secret = make(alice, alice, at)
    with transaction():
        actions.revoke_token(by=dave, token_id=token.id, at=at)
    assert queries.token_owner(secret, at) is None
    [change] = db.session.scalars(changes.seen_by(dave).where(Change.what == "revoke_token"))
    assert (change.changed_by_id, change.before) == (dave.id, {"begins": token.prefix})


def test_tokens_are_listed_newest_first(alice, bob, at):
    tokens = [make(None, person, at + timedelta(hours=hours))[0] for hours, person in enumerate((alice, bob, alice))]
    assert queries.tokens() == tokens[::-1]
    assert queries.tokens(alice.id) == [tokens[2], tokens[0]]
