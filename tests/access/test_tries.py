"""Guessing slows down in the database, for all processes at once, and keeps nobody out for long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bank.access import rules, tries
from bank.access.models import Tries
from bank.db import db, transaction
from tests.cases import cases

SECOND = timedelta(seconds=1)
HERE, THERE = "10.0.0.1", "10.0.0.2"


def keys(person, *, device=None, address=HERE):
    return tries.keys_of_sign_in(person=person, login="", device=device, address=address)


def fail(wanted, at):
    with transaction():
        tries.begin(wanted, at=at)


def succeed(wanted, at):
    fail(wanted, at)
    with transaction():
        tries.end(wanted, at=at)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (5, 0), (6, 1), (7, 2), (8, 4), (14, 256), (15, 300), (10**9, 300)])
def test_the_wait_grows_and_stays_short(failures, seconds):
    assert rules.wait_seconds("login_and_address", failures) == seconds


def test_the_seventh_guess_in_a_row_waits_and_is_not_counted(alice, at):
    for _ in range(6):
        fail(keys(alice), at)
    for _ in range(3):
        with pytest.raises(rules.TooManyTries) as refused:
            fail(keys(alice), at)
    assert refused.value.details == {"seconds": 2}
    fail(keys(alice), at + SECOND)


def test_a_right_pin_begins_anew(alice, at):
    for _ in range(5):
        fail(keys(alice), at)
    succeed(keys(alice), at)
    for _ in range(6):
        fail(keys(alice), at)


def test_an_hour_later_all_is_forgotten(alice, at):
    for _ in range(6):
        fail(keys(alice), at)
    fail(keys(alice), at + timedelta(hours=1, seconds=1))
    assert {row.failures for row in db.session.scalars(db.select(Tries))} == {1}


def test_who_hammers_from_elsewhere_does_not_stop_a_known_device(alice, at):
    for attempt in range(40):
        fail(keys(alice, address=f"10.1.0.{attempt}"), at + attempt * 61 * SECOND)
    later = at + 40 * 61 * SECOND
    fail(keys(alice, device="her phone"), later)


def test_who_hammers_from_one_address_makes_others_wait_a_minute_at_most(alice, at):
    now = at
    for _ in range(200):
        try:
            fail(keys(alice, address=THERE), now)
        except rules.TooManyTries as refused:
            now += timedelta(seconds=refused.details["seconds"])
    try:
        fail(keys(alice), now)
    except rules.TooManyTries as refused:
        assert refused.details["seconds"] <= 61


def test_a_stolen_device_cookie_is_no_licence_to_guess(alice, at):
    for _ in range(6):
        fail(keys(alice, device="her phone"), at)
    with pytest.raises(rules.TooManyTries):
        fail(keys(alice, device="her phone"), at)


def test_phone_and_card_count_as_one_account(alice, at):
    assert keys(alice) == tries.keys_of_sign_in(person=alice, login=alice.card_number, device=None, address=HERE)


def test_a_hall_behind_one_address_may_err_a_hundred_times(app, at):
    for number in range(101):
        fail(tries.keys_of_sign_in(person=None, login=f"1390000{number:04}", device=None, address=HERE), at)
    with pytest.raises(rules.TooManyTries):
        fail(tries.keys_of_sign_in(person=None, login="13911111111", device=None, address=HERE), at)


def test_who_signs_in_rightly_does_not_wash_the_address_clean(alice, bob, at):
    for number in range(100):
        fail(tries.keys_of_sign_in(person=None, login=f"1390000{number:04}", device=None, address=HERE), at)
    succeed(keys(bob), at)
    fail(keys(alice), at)
    with pytest.raises(rules.TooManyTries):
        fail(keys(alice), at)


def test_thirty_guesses_at_once_are_thirty_guesses(app, alice, at):
    wanted = keys(alice)

    def guess(_):
        with app.app_context():
            try:
                fail(wanted, at)
            except rules.TooManyTries:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(30))) == 6


def test_nothing_kept_tells_whose_it_is(alice, at):
    fail(keys(alice), at)
    fail(tries.keys_of_sign_in(person=None, login="13999999999", device=None, address=HERE), at)
    kept = " ".join(row.key for row in db.session.scalars(db.select(Tries)))
    assert not any(each in kept for each in (alice.key, alice.phone, "13999999999", HERE))


@cases("login", ["\0", "\ud800", "x" * 10000, "' OR 1=1"])
def test_any_text_can_be_a_login(login, app, at):
    fail(tries.keys_of_sign_in(person=None, login=login, device=None, address=""), at)
