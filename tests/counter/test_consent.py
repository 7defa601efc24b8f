"""Points leave only with the member's consent, taken by the clerk who hands over, and good for five minutes."""

from datetime import timedelta

import pytest

from bank.access.member_code import is_member_code, member_code, seconds_left
from bank.counter import consent, rules
from bank.db import transaction
from bank.ledger.queries import balance
from bank.people import actions as people
from bank.people import belonging
from bank.people.rules import PersonNotFound
from tests import cast
from tests.cases import cases

MINUTE = timedelta(minutes=1)


@pytest.fixture
def family(alice, bob, at):
    """Alice and bob live together."""
    with transaction():
        belonging.join_household(by=None, person_id=bob.id, with_person_id=alice.id, at=at)


def test_the_code_on_the_phone_has_eighteen_digits_and_begins_with_the_card(alice, at):
    code = member_code(alice, at=at)
    assert is_member_code(code) and code.startswith(alice.card_number)


def test_the_code_changes_every_fifteen_seconds(alice, at):
    now, same, later = (member_code(alice, at=at + timedelta(seconds=each)) for each in (0, 14, 15))
    assert now == same != later
    assert [seconds_left(at + timedelta(seconds=each)) for each in (0, 14, 15)] == [15, 1, 15]


@pytest.mark.parametrize("text", ["", "1" * 10, "1" * 17, "1" * 19, "１" * 18, "a" * 18, "1" * 18 + "\n"])
def test_no_other_number_looks_like_it(text):
    assert not is_member_code(text)


@cases("seconds", [0, 10, 15, 19])
def test_a_present_code_is_good_and_five_seconds_more(alice, carol, at, seconds):
    code = member_code(alice, at=at)
    assert consent.code_owner(by=carol, code=code, at=at + timedelta(seconds=seconds)) == alice


@pytest.mark.parametrize("seconds", [-16, 20, 3600])
def test_an_old_or_early_code_is_wrong(alice, carol, at, seconds):
    code = member_code(alice, at=at)
    with pytest.raises(rules.MemberCodeWrong):
        consent.by_code(by=carol, code=code, at=at + timedelta(seconds=seconds))


def test_a_code_with_another_card_before_it_is_wrong(alice, bob, carol, at):
    forged = bob.card_number + member_code(alice, at=at)[10:]
    with pytest.raises(rules.MemberCodeWrong):
        consent.by_code(by=carol, code=forged, at=at)


def test_a_code_of_a_member_out_of_sight_is_not_found(charlie, carol, at):
    with pytest.raises(PersonNotFound):
        consent.by_code(by=carol, code=member_code(charlie, at=at), at=at)


@pytest.mark.parametrize("way", ["phone", "pin", "checked"])
def test_each_way_is_kept_with_the_redemption(alice, carol, rice, give, redeem, way, at):
    give(alice, 300)
    ways = {
        "phone": lambda: consent.by_code(by=carol, code=member_code(alice, at=at), at=at),
        "pin": lambda: consent.by_pin(by=carol, shower_id=alice.id, pin=cast.PIN, at=at),
        "checked": lambda: consent.by_check(by=carol, shower_id=alice.id, note=" 身份证 ", at=at),
    }
    done = redeem(carol, alice, rice, agreed=ways[way]())
    assert (done.consent, done.consent_note, done.fetched_by_id) == (way, "身份证" if way == "checked" else None, None)


def test_without_consent_nothing_leaves(alice, carol, rice, give, redeem):
    give(alice, 300)
    for agreed in (None, "", "x", "WyJwaG9uZSJd.forged"):
        with pytest.raises(rules.ConsentMissing):
            redeem(carol, alice, rice, agreed=agreed)
    assert balance(alice.points_account_id) == 300


def test_a_consent_is_good_for_five_minutes(alice, carol, rice, give, redeem, at):
    give(alice, 600)
    agreed = consent.by_check(by=carol, shower_id=alice.id, note="身份证", at=at)
    with pytest.raises(rules.ConsentExpired):
        redeem(carol, alice, rice, agreed=agreed, at=at + 5 * MINUTE + timedelta(seconds=1))
    redeem(carol, alice, rice, agreed=agreed, at=at + 5 * MINUTE)


def test_a_consent_for_one_member_is_none_for_another(alice, bob, carol, rice, give, redeem, at):
    give(bob, 300)
    agreed = consent.by_check(by=carol, shower_id=alice.id, note="身份证", at=at)
    with pytest.raises(rules.ConsentMissing):
        redeem(carol, bob, rice, agreed=agreed)


def test_a_consent_is_none_in_another_clerks_hands(alice, carol, bob, community, rice, give, redeem, at):
    with transaction():
        people.grant_role(by=None, person_id=bob.id, role="clerk", unit_id=community.id, at=cast.AT)
    give(alice, 300)
    agreed = consent.by_check(by=carol, shower_id=alice.id, note="身份证", at=at)
    with pytest.raises(rules.ConsentExpired):
        redeem(bob, alice, rice, agreed=agreed)


@cases("pin", ["000000", "", "24681", "2468100", "二四六八一零"])
def test_a_wrong_pin_is_refused(alice, carol, pin, at):
    with pytest.raises(rules.PinRefused):
        consent.by_pin(by=carol, shower_id=alice.id, pin=pin, at=at)


@cases("note", ["", "  ", "字" * 61, "身份\n证"])
def test_a_check_says_what_was_looked_at(alice, carol, note, at):
    with pytest.raises(rules.BadConsent):
        consent.by_check(by=carol, shower_id=alice.id, note=note, at=at)


def test_one_of_the_household_fetches_and_is_named(family, alice, bob, carol, rice, give, redeem, at):
    give(alice, 300)
    agreed = consent.by_code(by=carol, code=member_code(bob, at=at), for_id=alice.id, at=at)
    done = redeem(carol, alice, rice, agreed=agreed)
    assert (done.person_id, done.fetched_by_id, balance(alice.points_account_id)) == (alice.id, bob.id, 0)


def test_a_neighbour_does_not_fetch(alice, bob, carol, at):
    with pytest.raises(rules.NotOfHousehold):
        consent.by_pin(by=carol, shower_id=bob.id, pin=cast.PIN, for_id=alice.id, at=at)


def test_nobody_hands_over_to_the_own_household(alice, carol, rice, give, redeem, at):
    give(alice, 300)
    with transaction():
        belonging.join_household(by=None, person_id=carol.id, with_person_id=alice.id, at=at)
    with pytest.raises(rules.NotForYourself):
        redeem(carol, alice, rice)


def test_nothing_shown_is_no_consent(alice, carol, at):
    with pytest.raises(rules.ConsentMissing):
        consent.take(by=carol, for_id=alice.id, shown=consent.Shown(), at=at)
