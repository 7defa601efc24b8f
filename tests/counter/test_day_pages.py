"""The day's end on pages: count, differ with a reason, sign, and open again."""

import pytest

from bank import clock
from bank.db import db
from bank.rewards.queries import counters_of
from tests.cases import cases


@pytest.fixture
def desk(browser, carol, alice, rice, give, redeem):
    """Carol's counter after one bag of rice today."""
    give(alice, 1000)
    redeem(carol, alice, rice, at=clock.now())
    [counter] = counters_of(carol, "clerk")
    return browser(carol).open(f"/counter/day/{counter.id}")


def test_what_moved_is_to_be_counted_before_the_day_is_signed(desk):
    assert "还要盘点" in desk.page and "大米" in desk.page
    desk.send("/close")
    assert desk.status == 409 and "result-refused" in desk.page


def test_a_count_that_agrees_lets_the_day_be_signed(desk):
    assert "日结签字" in desk.send("/count", counted="4").page
    assert "已日结" in desk.send("/close").page


def test_a_difference_is_booked_with_its_reason(desk, rice):
    desk.send("/count", counted="3", reason="少了一袋，查不出原因")
    assert "少了一袋" in desk.page and "-1" in desk.page
    db.session.rollback()
    assert rice.stock == 3


@cases(("counted", "reason"), [("3", ""), ("-1", "?"), ("abc", "?"), ("", "?"), ("99999999", "?"), ("3.5", "?")])
def test_a_count_that_cannot_be_meant_is_refused_in_words(desk, rice, counted, reason):
    desk.send("/count", counted=counted, reason=reason)
    assert desk.status == 400 and "result-refused" in desk.page and rice.stock == 4


def test_a_signed_counter_hands_nothing_out_until_it_is_opened_with_a_reason(desk, browser, carol, alice, rice):
    path = desk.path
    desk.send("/count", counted="4").send("/close")
    clerk = browser(carol).open(f"/counter/members/{alice.id}/rewards/{rice.id}").send("/check", note="看了身份证")
    clerk.send(clerk.path, scan="")
    assert clerk.status == 409 and "result-refused" in clerk.page
    assert "重新开放" in desk.open(path).send("/reopen", reason="来了一位储户").page
    clerk.open(f"/counter/members/{alice.id}/rewards/{rice.id}")
    assert "兑换成功" in clerk.send(clerk.path, scan="").page


def test_a_supervisor_sees_every_counter_and_signs_none(desk, browser, dave, erin):
    for watcher in (browser(dave), browser(erin)):
        assert "向阳社区" in watcher.open("/counter/day/").page and "待盘点 1 种" in watcher.page
        assert "/close" not in watcher.open(desk.path).page


@pytest.mark.parametrize("day", ["2026-02-30", "gestern", "'"])
def test_a_day_that_is_none_is_refused(desk, day):
    assert desk.open("/counter/day/", day=day).status == 400


def test_a_clerk_of_another_place_sees_nothing_here(desk, browser, charlie):
    assert browser(charlie).open(desk.path).status == 403
