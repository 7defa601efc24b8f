"""Points leave only with the member's consent, and the clerk's page takes it: code, PIN, or a look at papers."""

from datetime import timedelta

import pytest

from bank import clock
from bank.access.member_code import member_code
from bank.counter.models import Redemption
from bank.db import db, transaction
from bank.ledger.queries import balance
from bank.people import belonging
from tests import cast
from tests.cases import cases


@pytest.fixture
def counter(browser, carol, alice, rice, give):
    """Carol looks for the last time at a bag of rice for alice, who has ten points and has not agreed."""
    give(alice, 1000)
    return browser(carol).open(f"/counter/members/{alice.id}/rewards/{rice.id}")


@pytest.fixture
def family(alice, bob, dave, at):
    """Alice and bob live together."""
    with transaction():
        belonging.join_household(by=dave, person_id=bob.id, with_person_id=alice.id, at=at)


def code_of(person, ago=timedelta()):
    return member_code(person, at=clock.now() - ago)


def handed_over():
    db.session.rollback()
    return db.session.scalars(db.select(Redemption)).one()


def test_the_code_on_the_phone_says_who_it_is_and_that_they_agree(counter, alice, rice):
    counter.open("/counter/scan", scan=code_of(alice))
    assert counter.path == f"/counter/members/{alice.id}" and "已出示手机动态码" in counter.page
    counter.open("/counter/scan", scan="101", person_id=alice.id)
    counter.send(counter.path, scan="")
    assert "兑换成功" in counter.page and handed_over().consent == "phone"


def test_the_code_can_also_be_shown_at_the_last_look(counter, alice, rice):
    counter.open("/counter/scan", scan=code_of(alice), person_id=alice.id, reward_id=rice.id, quantity="2")
    assert "按回车确认兑换" in counter.page and "× 2" in counter.page


def test_an_old_code_is_refused_and_the_field_is_ready(counter, alice):
    counter.open("/counter/scan", scan=code_of(alice, timedelta(minutes=1)))
    assert counter.status == 403 and "result-refused" in counter.page and 'name="scan"' in counter.page


def test_a_code_of_the_household_fetches_for_the_member_and_is_written_down(counter, family, alice, bob, rice):
    counter.open("/counter/scan", scan=code_of(bob), person_id=alice.id, reward_id=rice.id)
    assert "家人代领" in counter.page
    counter.send(counter.path, scan="")
    assert (handed_over().person_id, handed_over().fetched_by_id) == (alice.id, bob.id)


def test_a_strangers_code_at_the_last_look_makes_the_stranger_the_next_member(counter, alice, bob, rice):
    counter.open("/counter/scan", scan=code_of(bob), person_id=alice.id, reward_id=rice.id)
    assert counter.path == f"/counter/members/{bob.id}"


def test_the_members_pin_agrees(counter):
    counter.send("/pin", pin=cast.PIN)
    assert "已输密码" in counter.page
    counter.send(counter.path, scan="")
    assert handed_over().consent == "pin"


def test_a_wrong_pin_is_refused_in_words_and_asked_again(counter, alice):
    counter.send("/pin", pin="135790")
    assert counter.status == 403 and "密码不对" in counter.page and 'name="pin"' in counter.page
    assert balance(alice.points_account_id) == 1000


def test_nobody_guesses_a_pin_at_the_desk(counter):
    pages = [counter.send("/pin", pin=f"13579{digit}").page for digit in range(8)]
    assert any("密码不对" not in each for each in pages)
    counter.send("/pin", pin=cast.PIN)
    assert "按回车确认兑换" not in counter.page


def test_what_a_gun_types_into_the_pins_field_is_a_scan(counter, bob):
    counter.send("/pin", pin=bob.card_number)
    assert counter.path == f"/counter/members/{bob.id}"


def test_a_check_of_papers_is_written_down_with_the_clerks_name(counter, carol):
    counter.send("/check", note="看了身份证")
    counter.send(counter.path, scan="")
    done = handed_over()
    assert (done.consent, done.consent_note, done.handed_over_by_id) == ("checked", "看了身份证", carol.id)


@cases("note", ["", " ", "长" * 61, "\x07"])
def test_a_check_says_what_was_looked_at(counter, note):
    counter.send("/check", note=note)
    assert counter.status == 400 and "按回车确认兑换" not in counter.page


def test_without_consent_enter_hands_nothing_over(counter, alice, rice):
    fields = counter.form(counter.answer, to="/check")[1]
    counter._read(counter.client.post(counter.path, data={**fields, "scan": ""}))
    assert counter.status == 403 and db.session.query(Redemption).count() == 0


def test_the_consent_of_one_member_serves_no_other(counter, alice, bob, rice, give):
    give(bob, 1000)
    counter.send("/check", note="看了身份证")
    counter.open(f"/counter/members/{bob.id}/rewards/{rice.id}")
    assert "按回车确认兑换" not in counter.page and "请储户同意" in counter.page


def test_the_next_customer_ends_the_consent_of_the_one_before(counter, alice, rice):
    counter.send("/check", note="看了身份证").open("/counter/")
    counter.open(f"/counter/members/{alice.id}/rewards/{rice.id}")
    assert "请储户同意" in counter.page


def test_only_the_household_is_offered_as_who_came(counter, family, alice, bob, rice):
    counter.open(f"/counter/members/{alice.id}/rewards/{rice.id}")
    assert "（家人代领）" in counter.page
    counter.send("/check", note="看了身份证", shower_id=str(bob.id))
    assert "家人代领" in counter.page


def test_a_stranger_sent_as_who_came_is_refused(counter, dave):
    counter.send("/check", note="看了身份证", shower_id=str(dave.id))
    assert counter.status == 403 and "按回车确认兑换" not in counter.page
