"""A password takes a PIN's place: long, not guessable, and in one spelling."""

import pytest

from bank.access import actions, queries, rules
from bank.db import db, transaction
from bank.people import changes
from bank.people.models import Change
from tests.cases import cases
from tests.cast import PIN

GOOD = "茶壶 窗台 riverbank"


def change(person, old, new, at):
    with transaction():
        actions.change_pin(by=person, old_pin=old, pin=new, at=at)


def test_staff_sign_in_with_a_password(dave, at):
    change(dave, PIN, GOOD, at)
    assert queries.sign_in(login=dave.phone, pin=GOOD) == dave
    assert queries.has_password(dave)
    with pytest.raises(rules.SignInRefused):
        queries.sign_in(login=dave.phone, pin=PIN)


def test_a_password_is_the_same_in_either_width(dave, at):
    change(dave, PIN, "ｒiverbank-２026", at)
    assert queries.sign_in(login=dave.phone, pin="riverbank-2026") == dave


@cases(
    "password",
    ["short", "aaaaaaaaaaaa", "1234567890", "9" * 12, "ababababab", "x" * 129, "river\0bank-2026", "\ud800" * 12,
     "dave13800000004!", "戴维戴维 hello!!"],
)  # fmt: skip
def test_a_weak_password_is_refused(password, dave, at):
    with pytest.raises(rules.WeakPassword):
        change(dave, PIN, password, at)
    assert queries.sign_in(login=dave.phone, pin=PIN) == dave


def test_one_may_go_back_to_a_pin(dave, at):
    change(dave, PIN, GOOD, at)
    change(dave, GOOD, "975310", at)
    assert queries.sign_in(login=dave.phone, pin="975310") == dave
    assert not queries.has_password(dave)


def test_a_pin_from_the_desk_takes_the_passwords_place(dave, bob, at):
    change(bob, PIN, GOOD, at)
    with transaction():
        actions.set_pin(by=dave, person_id=bob.id, pin="975310", at=at)
    assert queries.sign_in(login=bob.phone, pin="975310") == bob
    assert not queries.has_password(bob)


def test_a_change_by_staff_is_recorded_and_one_by_a_volunteer_is_not(dave, alice, at):
    change(dave, PIN, GOOD, at)
    change(alice, PIN, "975310", at)
    rows = db.session.scalars(changes.seen_by(dave).where(Change.what.startswith("change_to_"))).all()
    assert [(row.what, row.person_id) for row in rows] == [("change_to_password", dave.id)]
