"""The clerk's main job without scripts: card, reward, Enter; and a wrong scan never blocks the next."""

import re

import pytest

from bank.counter.models import Redemption
from bank.db import db, transaction
from bank.ledger.queries import balance
from bank.people import actions as people
from bank.people.rules import NewPerson
from bank.rewards import actions
from tests import cast
from tests.cases import cases


@pytest.fixture
def counter(browser, carol, alice, rice, haircut, give):
    """Carol at her counter; alice has ten points."""
    give(alice, 1000)
    return browser(carol).open("/counter/")


def confirm_page(counter, person, reward, **asked):
    """The last look at a reward, with the clerk's check of identity as consent."""
    counter.open(f"/counter/members/{person.id}/rewards/{reward.id}", **asked)
    return counter.send("/check", note="看了身份证") if "/check" in counter.page else counter


def has_field(page):
    return len(re.findall(r'<input id="scan" name="scan"[^>]* autofocus', page)) == 1


def test_card_reward_enter_and_it_is_handed_over(counter, alice, rice):
    counter.open("/counter/scan", scan=alice.card_number)
    assert counter.path == f"/counter/members/{alice.id}" and "10.00" in counter.page
    counter.open("/counter/scan", scan="101", person_id=alice.id)
    counter.send("/check", note="看了身份证")
    assert "兑换后剩" in counter.page and "7.00" in counter.page
    counter.send(counter.path, scan="")
    assert counter.status == 200 and "兑换成功" in counter.page and "大米 × 1" in counter.page
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (700, 4)


def test_quantity_is_chosen_before_the_last_look(counter, alice, rice):
    confirm_page(counter, alice, rice, quantity=2)
    counter.send(counter.path)
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (400, 3)


def test_every_page_of_the_counter_is_ready_for_the_next_scan(counter, alice, rice):
    pages = [counter.page, counter.open(f"/counter/members/{alice.id}").page, confirm_page(counter, alice, rice).page]
    pages += [counter.send(counter.path).page, counter.open("/counter/scan", scan="没有此人").page]
    assert all(has_field(each) for each in pages)


@cases("typed", ["13800000001", "０００１", "0001", "安丽", "an li", " 13800000001\t"])
def test_a_member_is_found_by_phone_its_tail_or_name_however_typed(counter, alice, typed):
    counter.open("/counter/scan", scan=typed)
    assert "安*" in counter.page and "138****0001" in counter.page


def test_several_members_are_offered_to_choose_from(counter, alice, dave, community, at):
    new = NewPerson(name="安丽丽", phone="13900000001", unit_id=community.id)
    with transaction():
        people.enrol(by=dave, new=new, at=at)
    counter.open("/counter/scan", scan="0001")
    assert "有 2 位" in counter.page and "安**" in counter.page and "139****0001" in counter.page


def test_nobody_elses_name_or_phone_is_shown_whole(counter, alice, rice):
    pages = [counter.open(f"/counter/members/{alice.id}").page, confirm_page(counter, alice, rice).page]
    pages += [counter.send(counter.path).page, counter.open("/counter/").page, counter.open("/counter/redemptions").page]
    assert not any("安丽" in each or alice.phone in each for each in pages)


@cases("scan", ["9999999999", "没有此人", "8", "13899999999", "<script>", "'", "%", "１"])
def test_an_unknown_scan_is_refused_in_words_and_the_field_is_ready(counter, scan):
    counter.open("/counter/scan", scan=scan)
    assert counter.status in (400, 404)
    assert "result-refused" in counter.page and has_field(counter.page)


def test_a_wrong_reward_keeps_the_member_at_hand(counter, alice):
    counter.open("/counter/scan", scan="999", person_id=alice.id)
    assert counter.status == 404
    assert "没有这件物品" in counter.page and "安*" in counter.page and "10.00" in counter.page


def test_once_handed_over_a_phones_tail_finds_the_next_member(counter, alice, bob, rice):
    confirm_page(counter, alice, rice)
    counter.send(counter.path)
    counter.open("/counter/scan", scan="0002", person_id=alice.id, is_done=1)
    assert counter.path == f"/counter/members/{bob.id}"


def test_once_handed_over_an_unknown_card_leaves_nobody_at_hand(counter, alice, rice):
    confirm_page(counter, alice, rice)
    counter.send(counter.path)
    counter.open("/counter/scan", scan="9999999999", person_id=alice.id, is_done=1)
    assert counter.status == 404 and "安*" not in counter.page.split("最近几笔")[0] and has_field(counter.page)


def test_before_that_a_wrong_number_never_changes_the_member(counter, alice, bob):
    counter.open("/counter/scan", scan="0002", person_id=alice.id)
    assert counter.status == 404 and "安*" in counter.page


def test_too_few_points_say_how_many_are_missing(counter, alice, haircut):
    confirm_page(counter, alice, haircut, quantity=6)
    assert counter.status == 409 and "还差 2.00 分" in counter.page


def test_another_card_scanned_instead_of_enter_hands_nothing_over(counter, alice, bob, rice):
    confirm_page(counter, alice, rice)
    counter.send(counter.path, scan=bob.card_number)
    assert counter.path == f"/counter/members/{bob.id}"
    assert db.session.query(Redemption).count() == 0


@cases("quantity", ["0", "-1", "100", "1.5", "abc", "9" * 40, "３００"])
def test_a_quantity_that_cannot_be_meant_is_refused_in_words(counter, alice, rice, quantity):
    confirm_page(counter, alice, rice, quantity=quantity)
    assert counter.status == 400
    assert "1 到 99" in counter.page and has_field(counter.page)


def test_what_cannot_be_had_says_why_on_the_shelf(counter, dave, alice, rice, haircut, redeem, carol, at):
    redeem(carol, alice, haircut, 4)
    counter.open(f"/counter/members/{alice.id}")
    assert "还差 1.00 分" in counter.page


def test_sold_out_between_look_and_enter_is_refused_with_the_member_at_hand(counter, dave, alice, rice, at):
    confirm_page(counter, alice, rice)
    with transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=5, reason="盘亏", at=at)
    counter.send(counter.path)
    assert counter.status == 409
    assert "库存不够" in counter.page and "安*" in counter.page and has_field(counter.page)
    assert balance(alice.points_account_id) == 1000


def test_the_same_form_sent_twice_hands_over_once(counter, alice, rice):
    confirm_page(counter, alice, rice)
    path, form = counter.path, counter.answer
    first = counter.send(path).path
    counter.answer = form
    assert counter.send(path).path == first
    db.session.rollback()
    assert rice.stock == 4


def test_the_clerk_undoes_with_a_reason_and_sees_it_undone(counter, alice, rice):
    confirm_page(counter, alice, rice)
    counter.send(counter.path)
    counter.send(f"{counter.path}/undo", reason="拿错了物品")
    assert "已撤销" in counter.page and "3.00 分已退回" in counter.page
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (1000, 5)


def test_an_undo_without_a_reason_is_asked_for_it(counter, alice, rice):
    confirm_page(counter, alice, rice)
    counter.send(counter.path)
    counter.send(f"{counter.path}/undo", reason=" ")
    assert counter.status == 400 and "撤销这笔兑换" in counter.page


def test_the_day_is_tallied_without_what_was_undone(counter, alice, rice):
    for _ in range(2):
        confirm_page(counter, alice, rice)
        counter.send(counter.path)
    counter.send(f"{counter.path}/undo", reason="拿错了物品")
    counter.open("/counter/")
    assert re.search(r"今天 1 笔 · 发出 1 件 · 3.00 分\s*· 撤销 1 笔", counter.page)


def test_an_auditor_reads_the_day_and_changes_nothing(counter, browser, erin, alice, rice):
    confirm_page(counter, alice, rice)
    redemption = counter.send(counter.path).path
    auditor = browser(erin).open("/counter/redemptions")
    assert "大米" in auditor.page and "柯" in auditor.page
    assert "/undo" not in auditor.open(redemption).page


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_the_counter_is_not_for_everybody(request, counter, browser, alice, rice, who):
    visitor = browser(request.getfixturevalue(who))
    assert visitor.open("/counter/").status == 403
    assert visitor.open(f"/counter/members/{alice.id}").status == 403
    assert visitor.open("/counter/redemptions").status == 403


def test_the_clerk_of_another_community_finds_neither_member_nor_redemption(
    counter, browser, charlie, other_community, alice, rice
):
    confirm_page(counter, alice, rice)
    redemption = counter.send(counter.path).path
    with transaction():
        people.grant_role(by=None, person_id=charlie.id, role="clerk", unit_id=other_community.id, at=cast.AT)
    clerk = browser(charlie)
    assert clerk.open("/counter/scan", scan=alice.card_number).status == 404
    assert clerk.open(redemption).status == 404
    assert clerk.open(f"/counter/members/{alice.id}/rewards/{rice.id}").status == 404
    assert "大米" not in clerk.open("/counter/redemptions").page
