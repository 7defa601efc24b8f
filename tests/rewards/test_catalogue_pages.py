"""The catalogue on pages: members hope, admins stock the shelf."""

import pytest

from bank.db import db
from bank.rewards.models import Reward
from tests.cases import cases


@pytest.fixture
def admin(browser, dave):
    return browser(dave)


def test_a_member_sees_what_can_be_had_and_how_far_away_the_rest_is(browser, alice, rice, haircut, give):
    give(alice, 250)
    page = browser(alice).open("/rewards/").page
    assert "现在就能换" in page and "还差 0.50 分" in page


def test_a_member_of_another_community_sees_nothing_of_this_one(browser, charlie, rice):
    page = browser(charlie).open("/rewards/").page
    assert "大米" not in page and "还没有可以兑换的物品" in page


def test_an_admin_adds_a_reward_in_points_as_people_write_them(admin, community):
    admin.open("/rewards/manage/new")
    admin.send("/rewards/manage", name="毛巾", kind="goods", points="2.5", stock="30", unit_id=str(community.id))
    reward = db.session.scalars(db.select(Reward)).one()
    assert admin.path == f"/rewards/manage/{reward.id}" and "毛巾" in admin.open("/rewards/manage/").page
    assert (reward.points, reward.stock, reward.monthly_limit, reward.number) == (250, 30, 2, "101")


@cases(("field", "value"), [("points", "-1"), ("points", "1.234"), ("points", "0"), ("number", "1"), ("name", "")])
def test_what_cannot_be_a_reward_is_asked_again_with_what_was_typed(admin, community, field, value):
    asked = {"name": "毛巾", "kind": "goods", "points": "2.5", "unit_id": str(community.id)} | {field: value}
    admin.open("/rewards/manage/new").send("/rewards/manage", **asked)
    assert admin.status == 400
    assert 'class="field-error"' in admin.page and (field == "name" or 'value="毛巾"' in admin.page)


def test_an_admin_receives_stock_with_a_reason(admin, rice):
    admin.open(f"/rewards/manage/{rice.id}").send("/stock", kind="received", quantity="7", reason="粮油店捐赠")
    assert "粮油店捐赠" in admin.page and "+7" in admin.page
    db.session.rollback()
    assert rice.stock == 12


def test_writing_off_too_much_is_refused_beside_the_form(admin, rice):
    admin.open(f"/rewards/manage/{rice.id}").send("/stock", kind="written_off", quantity="6", reason="受潮")
    assert admin.status == 409 and "只剩 5 件" in admin.page


def test_an_admin_hides_and_offers_again(admin, rice):
    admin.open(f"/rewards/manage/{rice.id}").send("/hide")
    assert "已下架" in admin.page
    admin.send("/offer")
    assert "已下架" not in admin.page


def test_auditor_and_clerk_read_the_catalogue_and_change_nothing(browser, erin, carol, rice):
    for each in (erin, carol):
        page = browser(each).open(f"/rewards/manage/{rice.id}").page
        assert "入库" in page and "/stock" not in page and "/hide" not in page


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_the_catalogue_is_not_managed_by_everybody(request, app, browser, rice, who):
    visitor = browser(request.getfixturevalue(who))
    assert visitor.open("/rewards/manage").status == 403
    assert visitor.open(f"/rewards/manage/{rice.id}").status == 403
