"""Reserved at home, fetched at the counter: the member's pages and the clerk's."""

import re

import pytest

from bank.counter import holds
from bank.counter.models import Redemption
from bank.db import db, random_key, transaction
from bank.ledger.queries import balance
from tests.cases import cases


@pytest.fixture
def phone(browser, alice, rice, give):
    """Alice, who has ten points, looks at a bag of rice at home."""
    give(alice, 1000)
    return browser(alice).open(f"/rewards/{rice.id}")


def pickup_code(phone):
    return re.search(r"pickup-code\">(\d{4}) (\d{4})<", phone.page).expand(r"\1\2")


def test_a_member_reserves_and_gets_a_code_of_eight_digits_and_its_picture(phone, alice, rice):
    phone.send("/reserve", quantity="2")
    assert phone.path.startswith("/rewards/mine/") and len(pickup_code(phone)) == 8 and 'class="qr"' in phone.page
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (400, 3)


def test_reserving_again_with_the_same_form_reserves_once(phone):
    form = phone.answer
    first = phone.send("/reserve").path
    phone.answer = form
    assert phone.send("/reserve").path == first and db.session.query(Redemption).count() == 1


@cases("quantity", ["0", "-1", "100", "abc", "3"])
def test_what_cannot_be_reserved_is_said_in_words_and_asked_again(phone, quantity):
    phone.send("/reserve", quantity=quantity)
    assert phone.status in (400, 409) and "notice-refused" in phone.page and 'name="quantity"' in phone.page


def test_cancelling_gives_everything_back(phone, alice, rice):
    phone.send("/reserve").send("/cancel")
    assert "已取消" in phone.page
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (1000, 5)


def test_the_clerk_scans_the_code_looks_once_and_hands_over(phone, browser, carol, alice):
    code = pickup_code(phone.send("/reserve"))
    desk = browser(carol).open("/counter/scan", scan=code)
    assert "安*" in desk.page and "大米" in desk.page and "按回车确认领取" in desk.page
    assert "领取成功" in desk.send("/pick-up", scan="").page
    assert balance(alice.points_account_id) == 700


def test_a_code_that_was_used_says_so(phone, browser, carol):
    code = pickup_code(phone.send("/reserve"))
    desk = browser(carol).open("/counter/scan", scan=code).send("/pick-up", scan="")
    desk.open("/counter/scan", scan=code)
    assert "这个领取码已经用过" in desk.page and "按回车确认领取" not in desk.page


def test_the_last_look_at_a_reservation_yields_to_the_next_scan(phone, browser, carol, bob):
    code = pickup_code(phone.send("/reserve"))
    desk = browser(carol).open("/counter/scan", scan=code).send("/pick-up", scan=bob.card_number)
    assert desk.path == f"/counter/members/{bob.id}" and db.session.query(Redemption).one().state == "reserved"


@pytest.mark.parametrize("code", ["00000000", "１２３４５６７８"])
def test_an_unknown_code_is_refused_with_the_field_ready(browser, carol, code):
    desk = browser(carol).open("/counter/scan", scan=code)
    assert desk.status == 404 and "result-refused" in desk.page and 'name="scan"' in desk.page


def test_eight_digits_that_are_no_code_may_end_a_phone_number(browser, carol, alice):
    desk = browser(carol).open("/counter/scan", scan=alice.phone[-8:])
    assert desk.path == f"/counter/members/{alice.id}"


def test_what_waits_for_a_member_is_shown_when_the_card_is_scanned(phone, browser, carol, alice):
    phone.send("/reserve")
    desk = browser(carol).open("/counter/scan", scan=alice.card_number)
    assert "预留待领" in desk.page and "请储户出示领取码" in desk.page
    assert not re.search(r"\d{4} ?\d{4}<", desk.page.split("预留待领")[1])


def test_the_clerk_gives_a_reservation_up_for_a_member_who_lost_the_code(phone, browser, carol, alice):
    redemption_id = phone.send("/reserve").path.rpartition("/")[2]
    desk = browser(carol).open(f"/counter/redemptions/{redemption_id}").send("/cancel", reason="储户丢了领取码，当面另办")
    assert "预留已取消" in desk.page and balance(alice.points_account_id) == 1000


def test_nobody_sees_or_cancels_anothers_reservation(phone, browser, bob, carol, charlie):
    path = phone.send("/reserve").path
    for other in (bob, carol, charlie):
        stranger = browser(other)
        assert stranger.open(path).status == 404
        token = stranger.form("/rewards/", to="sign-out")[1]["csrf_token"]
        sent = {"csrf_token": token, "idempotency_key": random_key()}
        assert stranger.client.post(f"{path}/cancel", data=sent).status_code == 404
    assert db.session.query(Redemption).one().state == "reserved"


def test_the_code_stands_only_on_the_members_own_page_while_it_waits(phone, browser, carol, erin, alice, at):
    code = pickup_code(phone.send("/reserve"))
    redemption = db.session.query(Redemption).one()
    for staff in (carol, erin):
        assert code not in browser(staff).open(f"/counter/redemptions/{redemption.id}").page
    with transaction():
        holds.cancel(by=alice, redemption_id=redemption.id, at=at)
    assert code not in phone.open(f"/rewards/mine/{redemption.id}").page


def test_my_page_shows_the_members_rotating_code_to_nobody_else(browser, alice, bob):
    assert alice.card_number in browser(alice).open("/rewards/code").page.replace(" ", "")
    assert alice.card_number not in browser(bob).open("/rewards/code").page.replace(" ", "")


def test_a_member_of_another_community_reserves_nothing_here(phone, browser, charlie, rice):
    stranger = browser(charlie)
    assert stranger.open(f"/rewards/{rice.id}").status == 404
    sent = {"csrf_token": stranger.form("/rewards/", to="sign-out")[1]["csrf_token"], "idempotency_key": random_key()}
    assert stranger.client.post(f"/rewards/{rice.id}/reserve", data=sent).status_code in (403, 404)
    assert db.session.query(Redemption).count() == 0


def test_without_a_code_the_empty_desk_waits_for_one(browser, carol):
    assert browser(carol).open("/counter/pick-up/").path == "/counter/"
