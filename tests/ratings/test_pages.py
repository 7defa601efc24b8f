"""The pages about stars: mine, the auditor's, the rules, the public list; and who may see which."""

from datetime import date, time, timedelta

import pytest

from bank import clock
from bank.clock import local_instant
from bank.consents import actions as consents
from bank.db import db, transaction
from bank.people import actions as people
from bank.ratings import nightly, queries
from bank.ratings.models import RatingRulesVersion
from bank.ratings.rules import DEFAULTS
from tests.cases import cases

ROWS = {name: [str(each) for each in value] for name, value in DEFAULTS.to_json().items() if isinstance(value, tuple) and value}
NEXT_YEAR = local_instant(date(2027, 1, 31), time(4))


@pytest.fixture
def fixed(in_service, serve):
    """Alice's year of four stars, fixed."""
    for number in range(3):
        serve(in_service, 480, date(2026, 10, 3 + number), (5, 5, 4))
    with transaction():
        nightly.fix(year=2026, at=NEXT_YEAR)
    return in_service


@pytest.fixture
def agree(at):
    def decide(person, is_given=True, *, days=0):
        with transaction():
            asked = {"person_id": person.id, "purpose": "public_list", "is_given": is_given}
            consents.decide_consent(by=person, at=at + timedelta(days=days), **asked)

    return decide


def test_my_page_says_where_i_stand_and_what_is_missing(in_service, serve, browser, monkeypatch, at):
    serve(in_service, 300, date(2026, 10, 3), (5, 4, 5))
    monkeypatch.setattr(clock, "now", lambda: at)
    page = browser(in_service).get("/stars/").text
    assert "离 2 星还差：" in page and "再服务 3 小时" in page and "清扫楼道" in page


def test_who_is_not_in_service_sees_honours_alone(alice, browser):
    page = browser(alice).get("/stars/").text
    assert "星级志愿者" in page and "离 1 星还差 100 小时" in page and "微小时</h2>" not in page


def test_a_fixed_year_is_shown_as_it_was_fixed(fixed, browser):
    assert "这一年的结果已在 2027年1月31日 确定" in browser(fixed).get("/stars/?year=2026").text


def test_the_public_list_names_who_agreed_masked_and_nobody_else(fixed, agree, client, api, dave):
    assert "安*" not in client.get("/stars/public?year=2026").text
    agree(fixed)
    page = client.get("/stars/public?year=2026").text
    assert "安*" in page and "安丽" not in page
    [row] = client.get("/api/v1/rated-members/2026").json["members"]
    assert (row["name"], row["stars"], row["score"], row["rated"]) == ("安*", 4, 96, 3)
    agree(fixed, False, days=1)
    assert queries.published(2026, unit_id=fixed.unit_id) == []


def test_an_auditor_finds_a_member_by_card(fixed, erin, browser):
    answer = browser(erin).get(f"/stars/explain?card={fixed.card_number}&year=2026")
    assert answer.status_code == 303 and answer.location == f"/stars/explain/{fixed.id}?year=2026"


@cases(
    ("path", "statuses"),
    [
        ("/stars/explain/{alice}", (403, 403, 403, 200, 200)),
        ("/stars/explain", (403, 403, 403, 200, 200)),
        ("/stars/rules/new", (403, 403, 403, 200, 403)),
        ("/stars/", (200, 200, 200, 200, 200)),
        ("/stars/rules", (200, 200, 200, 200, 200)),
        ("/stars/?year=1066", (404, 404, 404, 404, 404)),
    ],
)
def test_who_may_see_what(path, statuses, browser, alice, bob, charlie, dave, erin):
    path = path.format(alice=alice.id)
    assert tuple(browser(each).get(path).status_code for each in (alice, bob, charlie, dave, erin)) == statuses


def test_another_communitys_admin_sees_nothing_of_mine(alice, charlie, api, other_community, at):
    from_there = api(_admin_there(charlie, other_community, at))
    assert from_there.get(f"/persons/{alice.id}/rating").status_code == 404


def test_an_admin_adds_rules_from_a_day_to_come(dave, browser):
    reader = browser(dave)
    page = reader.get("/stars/rules/new")
    answer = reader.submit(page, to="/stars/rules", starts_on="2090-01-01", **ROWS | {"micro_minutes": ["1", "2", "3", "4", "5"]})
    assert answer.status_code == 303
    assert queries.rules_on(date(2090, 1, 1)).micro_minutes == (1, 2, 3, 4, 5)
    assert queries.rules_on(date(2090, 1, 1)).medal_hours == ()


def test_rules_refused_are_shown_again_with_the_reason(dave, browser):
    reader = browser(dave)
    answer = reader.submit(reader.get("/stars/rules/new"), to="/stars/rules", starts_on="2020-01-01", **ROWS)
    assert answer.status_code == 409 and "新规则要从明天或以后开始" in answer.text
    assert db.session.scalar(db.select(db.func.count()).select_from(RatingRulesVersion)) == 1


def test_the_api_adds_rules_and_refuses_those_that_cannot_be_meant(api, dave, erin):
    new = {"starts_on": "2090-01-01", "rated_min": 4}
    assert api(erin).post("/rating-rules", json=new).status_code == 403
    assert api(dave).post("/rating-rules", json=new).json["rated_min"] == 4
    for bad in (
        {"micro_scores": [90, 80, 70, 60, 60]},
        {"micro_scores": [1.5, 2, 3, 4, 5]},
        {"micro_minutes": [1]},
        {"quota": 50},
    ):
        assert api(dave).post("/rating-rules", json={"starts_on": "2091-01-01", **bad}).status_code == 400
    assert api(erin).get("/rating-rules").json["rules"][0]["version"] == 2


def _admin_there(person, unit, at):
    with transaction():
        people.grant_role(by=None, person_id=person.id, role="admin", unit_id=unit.id, at=at)
    db.session.rollback()
    return person
