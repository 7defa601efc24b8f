"""The second step: a code from the phone or from paper, each counting once."""

from datetime import timedelta

import pyotp
import pytest

from bank.access import queries, rules, second_step
from bank.access.models import RecoveryCode
from bank.db import db, transaction
from bank.people import changes
from bank.people.models import Change
from tests.cases import cases
from tests.cast import PIN

SALT = "0123456789abcdef0123"
HALF_MINUTE = timedelta(seconds=30)


def code_of(person, at):
    return pyotp.TOTP(queries.totp_secret(person, SALT)).at(at)


def turn_on(person, at):
    with transaction():
        return second_step.turn_on(by=person, pin=PIN, salt=SALT, code=code_of(person, at), at=at)


def prove(person, code, at):
    with transaction():
        second_step.prove(person=person, code=code, at=at)


def test_the_phones_code_is_taken(dave, at):
    turn_on(dave, at)
    assert queries.has_second_step(dave)
    prove(dave, code_of(dave, at + HALF_MINUTE), at + HALF_MINUTE)


def test_a_code_counts_once(dave, at):
    turn_on(dave, at)
    later = at + HALF_MINUTE
    prove(dave, code_of(dave, later), later)
    for again in (later, later + HALF_MINUTE):
        with pytest.raises(rules.CodeWrong):
            prove(dave, code_of(dave, later), again)


def test_the_code_that_turned_it_on_counts_no_more(dave, at):
    turn_on(dave, at)
    with pytest.raises(rules.CodeWrong):
        prove(dave, code_of(dave, at), at)


@cases(("late", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(late, is_taken, dave, at):
    turn_on(dave, at - 10 * HALF_MINUTE)
    code = code_of(dave, at + late * HALF_MINUTE)
    if is_taken:
        prove(dave, code, at)
    else:
        with pytest.raises(rules.CodeWrong):
            prove(dave, code, at)


@cases("code", ["", "000000", "12345", "\0", "\ud800", "x" * 1000, "' OR 1=1"])
def test_another_code_is_refused(code, dave, at):
    turn_on(dave, at)
    with pytest.raises(rules.CodeWrong):
        prove(dave, code, at + HALF_MINUTE)


def test_turning_on_needs_the_pin_and_a_code_of_this_secret(dave, at):
    with pytest.raises(rules.CodeWrong), transaction():
        second_step.turn_on(by=dave, pin=PIN, salt="f" * 20, code=code_of(dave, at), at=at)
    with pytest.raises(rules.OldPinWrong), transaction():
        second_step.turn_on(by=dave, pin="135790", salt=SALT, code=code_of(dave, at), at=at)
    assert not queries.has_second_step(dave)


def test_each_code_on_paper_counts_once(dave, at):
    codes = turn_on(dave, at)
    assert len(set(codes)) == 10
    prove(dave, rules.shown_code(codes[3]).lower(), at)
    with pytest.raises(rules.CodeWrong):
        prove(dave, codes[3], at)
    assert second_step.codes_left(dave) == 9


def test_one_persons_paper_is_nothing_to_another(dave, erin, at):
    codes = turn_on(dave, at)
    turn_on(erin, at)
    with pytest.raises(rules.CodeWrong):
        prove(erin, codes[0], at)


def test_new_paper_ends_the_old(dave, at):
    old = turn_on(dave, at)
    with transaction():
        new = second_step.renew_codes(by=dave, pin=PIN, at=at)
    with pytest.raises(rules.CodeWrong):
        prove(dave, old[0], at)
    prove(dave, new[0], at)


def test_the_database_alone_gives_no_secret_away(dave, at):
    codes = turn_on(dave, at)
    held, kept = queries.credential(dave.id), db.session.scalars(db.select(RecoveryCode.code_hash)).all()
    assert queries.totp_secret(dave, SALT) not in str(vars(held))
    assert not set(codes) & set(kept)


def test_one_secret_key_or_person_has_another_secret(app, dave, erin):
    mine = queries.totp_secret(dave, SALT)
    assert queries.totp_secret(erin, SALT) != mine
    app.config["SECRET_KEY"] = "another key that is long enough ..."
    assert queries.totp_secret(dave, SALT) != mine


def test_turning_off_needs_the_pin(dave, at):
    turn_on(dave, at)
    with pytest.raises(rules.OldPinWrong), transaction():
        second_step.turn_off(by=dave, pin="135790", at=at)
    with transaction():
        second_step.turn_off(by=dave, pin=PIN, at=at)
    assert not queries.has_second_step(dave)
    with pytest.raises(rules.SecondStepMissing), transaction():
        second_step.turn_off(by=dave, pin=PIN, at=at)


def test_another_admin_resets_it_and_that_is_recorded(dave, bob, at):
    turn_on(bob, at)
    with pytest.raises(rules.ByAnother), transaction():
        second_step.reset(by=dave, person_id=dave.id, at=at)
    with transaction():
        second_step.reset(by=dave, person_id=bob.id, at=at)
    assert not queries.has_second_step(bob)
    [change] = db.session.scalars(changes.seen_by(dave).where(Change.what == "reset_second_step"))
    assert (change.changed_by_id, change.person_id) == (dave.id, bob.id)


def test_the_apps_address_names_the_bank_and_the_card(dave):
    address = second_step.address(dave, SALT, bank="道德银行")
    assert address.startswith("otpauth://totp/")
    assert dave.card_number in address
