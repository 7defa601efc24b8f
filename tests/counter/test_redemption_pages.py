"""One redemption's page: its papers, and the ways back for whom they are meant."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from bank import clock
from bank.counter import actions
from bank.counter.models import Redemption
from bank.db import db, transaction
from bank.ledger.queries import balance
from bank.people import actions as people
from bank.rewards import actions as rewards
from bank.rewards.rules import NewReward


@pytest.fixture
def taken(carol, alice, rice, give, redeem):
    """A bag of rice that alice took an hour ago, of her ten points."""
    give(alice, 1000)
    return redeem(carol, alice, rice, at=clock.now() - timedelta(hours=1))


@pytest.fixture
def second(dave, community, at):
    """Dave is clerk as well, but not who asks."""
    with transaction():
        people.grant_role(by=None, person_id=dave.id, role="clerk", unit_id=community.id, at=at)
    return dave


def text_of(answer):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).replace("\n", "")


def state():
    db.session.rollback()
    return db.session.scalars(db.select(Redemption)).one().state


def test_after_a_quarter_of_an_hour_the_clerk_asks_for_a_return_instead(browser, carol, taken, alice):
    page = browser(carol).open(f"/counter/redemptions/{taken.id}")
    assert "/undo" not in page.page
    assert "退货待批" in page.send("/return", reason="物品有问题").page
    assert state() == "return_asked" and balance(alice.points_account_id) == 700


def test_an_administrator_undoes_at_any_time(browser, dave, taken, alice, rice):
    assert "已撤销" in browser(dave).open(f"/counter/redemptions/{taken.id}").send("/undo", reason="拿错了物品").page
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (1000, 5)


@pytest.mark.parametrize(("is_usable", "stock"), [("1", 5), ("", 4)])
def test_an_administrator_approves_a_return_of_what_is_good_or_spoilt(browser, carol, dave, taken, alice, rice, is_usable, stock):
    browser(carol).open(f"/counter/redemptions/{taken.id}").send("/return", reason="物品有问题")
    admin = browser(dave).open("/counter/redemptions/returns")
    assert "大米" in admin.page and "物品有问题" in admin.page
    assert "已退货" in admin.open(f"/counter/redemptions/{taken.id}").send("/approve", is_usable=is_usable).page
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (1000, stock)


def test_an_administrator_refuses_a_return_with_a_reason(browser, carol, dave, taken):
    browser(carol).open(f"/counter/redemptions/{taken.id}").send("/return", reason="物品有问题")
    admin = browser(dave).open(f"/counter/redemptions/{taken.id}").send("/refuse", reason="已经用过")
    assert "已经用过" in admin.page and state() == "handed_over"


def test_who_asked_for_a_return_does_not_approve_it(browser, second, taken):
    page = browser(second).open(f"/counter/redemptions/{taken.id}").send("/return", reason="物品有问题")
    page.send("/approve", is_usable="1")
    assert page.status == 409 and "result-refused" in page.page and state() == "return_asked"


@pytest.mark.parametrize("to", ["/undo", "/return"])
def test_a_way_back_asks_for_a_reason(browser, dave, taken, to):
    page = browser(dave).open(f"/counter/redemptions/{taken.id}").send(to, reason=" ")
    assert page.status == 400 and "result-refused" in page.page and state() == "handed_over"


def test_the_receipt_says_what_the_slip_says_and_masks_the_name(browser, carol, taken, alice):
    desk = browser(carol)
    slip, paper = (
        desk.open(f"/counter/redemptions/{taken.id}/slip").page,
        desk.get(f"/counter/redemptions/{taken.id}/receipt.pdf"),
    )
    words = text_of(paper)
    for each in ("大米", "3.00", "安*", alice.card_number, "柯乐乐", "柜员核对身份"):
        assert each in slip and each in words, each
    assert "安丽" not in words and alice.phone not in slip


def test_the_same_receipt_has_the_same_bytes(browser, carol, taken):
    desk = browser(carol)
    first, again = (desk.get(f"/counter/redemptions/{taken.id}/receipt.pdf").data for _ in range(2))
    assert first == again and first.startswith(b"%PDF")


def test_a_member_gets_the_own_receipt_and_nobody_elses(browser, alice, bob, taken):
    path = f"/counter/redemptions/{taken.id}/receipt.pdf"
    assert browser(alice).get(path).status_code == 200
    assert browser(bob).get(path).status_code == 404


def test_an_honour_prints_a_certificate_with_the_whole_name(browser, carol, dave, alice, community, give, redeem, at):
    give(alice, 5000)
    new = NewReward(unit_id=community.id, kind="honour", name="社区之星荣誉证书", points=3000, stock=None)
    with transaction():
        honour = rewards.add_reward(by=dave, new=new, at=at)
    done = redeem(carol, alice, honour)
    words = text_of(browser(alice).get(f"/counter/redemptions/{done.id}/honour.pdf"))
    assert "荣誉证书" in words and "安丽" in words and "社区之星" in words and "向阳社区" in words


def test_what_is_no_honour_has_no_certificate(browser, carol, taken):
    assert browser(carol).open(f"/counter/redemptions/{taken.id}/honour.pdf").status == 409


def test_a_days_list_can_be_taken_along_with_masked_names(browser, erin, taken):
    day = clock.local_day(taken.handed_over_at)
    rows = browser(erin).get(f"/counter/redemptions/?as=csv&day={day}").data.decode("utf-8-sig").splitlines()
    assert "安*" in rows[1] and "大米" in rows[1] and "安丽" not in rows[1]


def test_an_auditor_reads_a_rewards_whole_life(browser, erin, carol, taken, rice, dave, at):
    with transaction():
        actions.undo(by=dave, redemption_id=taken.id, reason="拿错了物品", at=clock.now())
    page = browser(erin).open(f"/rewards/manage/{rice.id}/life").page
    for each in ("入库", "兑出", "退回", "拿错了物品", "柯乐乐", "安*", "3.00"):
        assert each in page, each


@pytest.mark.parametrize("who", ["alice", "charlie", "erin"])
def test_the_ways_back_are_not_for_everybody(request, browser, taken, who):
    visitor = browser(request.getfixturevalue(who))
    sent = {"csrf_token": visitor.form("/rewards/", to="sign-out")[1]["csrf_token"], "idempotency_key": "k", "reason": "要回来"}
    for way in ("undo", "return", "approve", "refuse", "cancel"):
        assert visitor.client.post(f"/counter/redemptions/{taken.id}/{way}", data=sent).status_code in (403, 404)
    assert state() == "handed_over"
