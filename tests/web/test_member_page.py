"""A member's first page: who I am, what I have, my code, what comes next, what I could have; and a year in pictures."""

import re
from datetime import date, timedelta

import pytest

from bank import clock
from bank.activities.actions import publish
from bank.activities.rules import NewActivity
from bank.db import transaction
from bank.joining.actions import join
from bank.rewards import actions as rewards
from bank.rewards.rules import NewReward
from bank.statements.year import year_of_service
from bank.web.pictures import HALF_WEEKS, bars, calendar
from tests.browser import Browser
from tests.statements.conftest import serve  # noqa: F401
from tests.statements.test_statement import take_back


@pytest.fixture
def served(alice, serve):  # noqa: F811
    """Two hours of alice this month, by the real clock."""
    return serve(alice, 120, clock.today().replace(day=1), at=clock.now())


def planned(bob, community, *, name, days):
    starts_at = clock.now() + timedelta(days=days)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    place = {"place": "广场", "unit_id": community.id, "leader_id": bob.id}
    new = NewActivity(name=name, category="environment", content="清扫", capacity=9, **place, **times)
    with transaction():
        return publish(by=bob, new=new, at=clock.now()).id


def test_the_first_page_says_who_i_am_and_what_i_have(client, alice, served):
    page = Browser(client).sign_in(alice).get("/").text
    for words in (alice.name, "2.00", "2 小时", "离1星志愿者还差", alice.card_number, 'class="qr"', "附近还没有新的活动"):
        assert words in page


def test_what_i_joined_stands_before_what_i_could_join(client, alice, bob, community):
    joined, other = (planned(bob, community, name=name, days=days) for name, days in (("周六清扫", 2), ("周五巡逻", 1)))
    with transaction():
        join(by=alice, activity_id=joined, at=clock.now())
    page = Browser(client).sign_in(alice).get("/").text
    assert page.index("我报名的活动") < page.index("周六清扫") < page.index("附近的活动") < page.index("周五巡逻")
    assert page.count("周六清扫") == 1 and f"/activities/{other}" in page


def test_the_first_page_names_what_my_points_are_enough_for(client, alice, dave, community, served):
    with transaction():
        for name, points in (("毛巾", 150), ("雨伞", 500)):
            new = NewReward(unit_id=community.id, kind="goods", name=name, points=points, stock=9)
            rewards.add_reward(by=dave, new=new, at=clock.now())
    page = Browser(client).sign_in(alice).get("/").text
    assert "现在可以兑换" in page and "毛巾" in page and "雨伞" not in page


def test_the_passbook_shows_one_kind_of_line_when_asked(client, alice, served):
    browser = Browser(client).sign_in(alice)
    assert "清扫楼道" in browser.get("/passbook?kind=earned").text
    assert "清扫楼道" not in browser.get("/passbook?kind=spent").text
    assert browser.get("/passbook?kind=debts").status_code == 200


def test_a_year_of_service_counts_what_stands(alice, serve):  # noqa: F811
    serve(alice, 60, date(2026, 10, 3))
    take_back(serve(alice, 90, date(2026, 10, 4)), date(2026, 10, 5))
    year = year_of_service(alice.id, until=date(2026, 10, 15))
    assert year.minutes == {date(2026, 10, 3): 60}
    assert (len(year.months), year.months[-1], sum(minutes for _, minutes in year.months)) == (12, (date(2026, 10, 1), 60), 60)


def test_pictures_say_the_same_in_words(client, alice, served):
    page = Browser(client).sign_in(alice).get("/passbook").text
    assert re.search(r'role="img" aria-label="[^"]*服务 1 天，共 2 小时"', page)
    assert re.search(r'role="img" aria-label="十二个月的服务时长：[^"]*2 小时"', page)


def test_a_calendar_has_every_day_once_and_ends_today():
    until = date(2026, 11, 27)
    first, second = calendar({until: 300}, until)
    days = [each.day for each in first.cells + second.cells]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert days[-1] == until and len(days) > 364 and second.cells[-1].level == 4
    assert max(each.x for each in first.cells) == (HALF_WEEKS - 1) * 12


def test_the_least_is_seen_and_nothing_is_not():
    heights = [bar.height for bar in bars([(date(2026, 1, 1), 0), (date(2026, 2, 1), 1), (date(2026, 3, 1), 6000)])]
    assert heights == [0, 2, 80]
