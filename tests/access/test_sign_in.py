"""Signing in by phone or card number and PIN; a refusal says and shows nothing of why."""

import time
from itertools import product
from statistics import median

import pytest

from bank.access import actions, queries, rules
from bank.db import transaction
from bank.people.actions import enrol
from bank.people.rules import NewPerson
from tests import cast


@pytest.mark.parametrize("login", ["13800000001", "+86 138-0000-0001", "１３８００００0001"])
def test_a_phone_number_signs_in_however_it_is_typed(login, alice):
    assert queries.sign_in(login=login, pin=cast.PIN) == alice


def test_a_card_number_signs_in(alice):
    assert queries.sign_in(login=f" {alice.card_number} ", pin="２４６８１０") == alice


LOGINS = ("13800000001", "13899999999", "", "x", "' OR 1=1 --", "\0", "\ud800", "9" * 10000)
PINS = ("", "135790", "\0", "\ud800", "x" * 10000)


def test_a_wrong_login_or_pin_is_refused_in_the_same_words(app):
    for login, pin in product(LOGINS, PINS):
        with pytest.raises(rules.SignInRefused) as refused:
            queries.sign_in(login=login, pin=pin)
        assert refused.value.details == {}


def test_nobody_signs_in_before_a_pin_is_set(community, at):
    with transaction():
        enrol(by=None, new=NewPerson(name="曾国强", phone="13812345678", unit_id=community.id), at=at)
    for pin in ("", "no PIN has letters", cast.PIN):
        with pytest.raises(rules.SignInRefused):
            queries.sign_in(login="13812345678", pin=pin)


def test_an_unknown_login_takes_as_long_as_a_wrong_pin(strong_pins):
    def seconds(login):
        started = time.thread_time()
        with pytest.raises(rules.SignInRefused):
            queries.sign_in(login=login, pin="135790")
        return time.thread_time() - started

    known, unknown = (median(seconds(login) for _ in range(9)) for login in ("13800000001", "13899999999"))
    assert 0.5 < known / unknown < 2


def test_a_pin_is_kept_as_argon2_with_the_owasp_profile(alice, strong_pins):
    assert alice.pin_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_one_changes_the_own_pin_with_the_old_one(alice, at):
    with transaction():
        actions.change_pin(by=alice, old_pin=cast.PIN, pin="975310", at=at)
    assert queries.sign_in(login=alice.phone, pin="975310") == alice
    with pytest.raises(rules.OldPinWrong), transaction():
        actions.change_pin(by=alice, old_pin=cast.PIN, pin="135790", at=at)


def test_a_weak_pin_is_refused(alice, at):
    with pytest.raises(rules.WeakPin), transaction():
        actions.change_pin(by=alice, old_pin=cast.PIN, pin="123456", at=at)
