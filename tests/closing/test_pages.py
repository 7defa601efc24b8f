"""After an activity by pages without scripts: thirty confirmed in three actions, supplements, objections, publicity, lateness."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from bank.activities.models import Activity
from bank.attendance.models import Attendance
from bank.closing import actions as closing
from bank.db import db, insert_all, transaction
from bank.hours.models import RuleSetVersion
from bank.hours.queries import records_of, rule_set, rule_sets
from bank.ledger.queries import balance
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.publicity.models import Objection
from bank.units.models import Unit
from tests.browser import Browser

Browse = Callable[[Person], Browser]
HOURS = timedelta(hours=1)


@pytest.fixture
def at() -> datetime:
    """Pages live in the present: the activity began five hours ago."""
    return datetime.now(UTC) - 5 * HOURS


@pytest.fixture
def browser(app: Flask) -> Iterator[Browse]:
    yield lambda person: Browser(app.test_client()).sign_in(person)


@pytest.fixture
def thirty(community: Unit, sweeping: Activity, at: datetime) -> list[int]:
    """Thirty people who came and went."""
    new = [NewPerson(name="王小明", phone=f"139{number:08d}", unit_id=community.id) for number in range(30)]
    with transaction():
        ids = people.enrol_all(by=None, new=new, at=at - 48 * HOURS)
        rows = [
            {"activity_id": sweeping.id, "person_id": each, "pair": 1, "checked_in_at": at, "checked_in_by": "link",
             "checked_out_at": at + 2 * HOURS, "checked_out_by": "link"}
            for each in ids
        ]  # fmt: skip
        insert_all(Attendance, rows)
    return ids


def test_thirty_are_confirmed_in_three_actions(browser: Browse, bob: Person, thirty: list[int], sweeping: Activity) -> None:
    desk = browser(bob)
    assert f"/activities/{sweeping.id}/people" in desk.get("/activities/manage").text  # One: the desk shows what waits.
    answer = desk.submit(f"/activities/{sweeping.id}/people", to="/confirm")  # Two: open it. Three: confirm.
    assert "已确认 30 人" in desk.get(answer.headers["Location"]).text
    db.session.rollback()
    assert {balance(db.session.get_one(Person, each).points_account_id) for each in thirty} == {200}


def test_what_took_place_is_not_called_off_and_its_page_says_so(
    browser: Browse, bob: Person, thirty: list[int], sweeping: Activity
) -> None:
    desk = browser(bob)
    _, fields = desk.form(f"/activities/{sweeping.id}/people", to="/confirm")
    answer = desk.client.post(f"/activities/{sweeping.id}/cancel", data=fields | {"reason": "下雨"})
    assert answer.status_code == 409 and "已经有人签到" in answer.text


def test_a_supplement_goes_from_hand_to_hand(
    browser: Browse, bob: Person, second: Person, alice: Person, charlie: Person, sweeping: Activity,
    attend: Callable[..., None], at: datetime,
) -> None:  # fmt: skip
    attend(alice, sweeping, at, None)
    with transaction():
        closing.close_forgotten(at=datetime.now(UTC))
    assert "没有签退，不计时长" in browser(alice).get("/hours/").text
    desk, page = browser(bob), f"/activities/{sweeping.id}/supplements"
    assert "没有签退" in desk.get(page).text
    wrong = desk.submit(page, to="/supplements", reason="手机没电", more_cards="12345")
    assert wrong.status_code == 404
    typed = {"reason": "手机没电", "card_numbers": alice.card_number, "more_cards": f"{charlie.card_number}，"}
    answer = desk.submit(page, to="/supplements", **typed)
    assert "已提出 2 条补录" in desk.get(answer.headers["Location"]).text
    assert "补录待复核" in browser(alice).get("/hours/").text
    other = browser(second)
    action, fields = other.form("/supplements", to="/decisions")
    ids = [value for name, value in other_ids(other)]
    assert other.client.post(action, data=fields | {"supplement_ids": ids, "is_agreed": "1"}).status_code == 303
    db.session.rollback()
    assert (records_of(alice.id)[0].minutes, records_of(charlie.id)[0].minutes) == (120, 120)
    assert "手机没电" in other.get("/supplements?show=agreed&as=csv").text
    assert browser(charlie).get("/supplements").status_code == 403


def other_ids(browser: Browser) -> list[tuple[str, str]]:
    """The boxes of the list, which stand empty until somebody ticks them."""
    text = browser.get("/supplements").text
    return [("supplement_ids", each.split('"')[0]) for each in text.split('name="supplement_ids" value="')[1:]]


def test_not_me_in_two_taps_and_an_answer_that_is_read(
    browser: Browse,
    bob: Person,
    dave: Person,
    alice: Person,
    thirty: list[int],
    sweeping: Activity,
    attend: Callable[..., None],
    at: datetime,
) -> None:
    attend(alice, sweeping, at, at + 2 * HOURS)
    browser(bob).submit(f"/activities/{sweeping.id}/people", to="/confirm")
    phone = browser(alice)
    first = f"/hours/{records_of(alice.id)[0].id}/not-me"
    assert first in phone.get("/hours/").text  # One tap opens it, the next is the button.
    assert "已冻结" in phone.get(phone.submit(first, to="/not-me").headers["Location"]).text
    db.session.rollback()
    assert balance(alice.points_account_id) == 0
    desk = browser(dave)
    assert "安丽" in desk.get("/objections").text and "安丽" in desk.get("/objections?as=csv").text
    page = desk.get("/objections").text.split('href="/objections/')[1].split('"')[0]
    assert desk.submit(f"/objections/{page}", to="/answer", is_taken_back="1").status_code == 400
    assert desk.submit(f"/objections/{page}", to="/answer", is_taken_back="1", words="签到表上不是本人").status_code == 303
    assert "签到表上不是本人" in phone.get("/hours/").text
    assert phone.get("/objections").status_code == 403


def test_a_guardian_reads_the_childs_records_and_says_not_my_child_and_nobody_else_does(
    browser: Browse, bob: Person, dave: Person, alice: Person, charlie: Person, child: Person, sweeping: Activity,
    attend: Callable[..., None], at: datetime,
) -> None:  # fmt: skip
    attend(child, sweeping, at, at + 2 * HOURS)
    browser(bob).submit(f"/activities/{sweeping.id}/people", to="/confirm")
    mother, page = browser(alice), f"/hours/children/{child.id}"
    first = f"/hours/{records_of(child.id)[0].id}/not-me"
    assert page in mother.get("/hours/").text and first in mother.get(page).text
    for path in (page, first):
        assert browser(charlie).get(path).status_code == browser(bob).get(path).status_code == 404
    done = mother.submit(first, to="/not-me", words="他那天在外婆家")
    assert done.headers["Location"] == page and "监护人说这次不是孩子做的" in mother.get(page).text
    db.session.rollback()
    assert balance(child.points_account_id) == 0
    desk = browser(dave)
    about = desk.get("/objections").text.split('href="/objections/')[1].split('"')[0]
    assert "安丽（监护人）" in desk.get(f"/objections/{about}").text
    with pytest.raises(IntegrityError), transaction():
        raised = db.session.get_one(Objection, int(about))
        raised.state, raised.answer, raised.answered_at, raised.answered_by_id = "kept", "属实", at, alice.id


def test_with_publicity_hours_are_on_show_and_say_so(
    browser: Browse, bob: Person, alice: Person, sweeping: Activity, attend: Callable[..., None], at: datetime
) -> None:
    with transaction():
        rules = rule_set(at.date()).to_json() | {"publicity_workdays": 3}
        db.session.add(RuleSetVersion(version=2, starts_on=at.date() - timedelta(days=3), rules=rules))
    attend(alice, sweeping, at, at + 2 * HOURS)
    desk, phone = browser(bob), browser(alice)
    desk.submit(f"/activities/{sweeping.id}/people", to="/confirm")
    assert "公示中" in desk.get(f"/activities/{sweeping.id}/people").text
    shown = phone.get("/publicity").text
    assert "另有 1 人" in shown and "安" + "*" not in shown
    assert "公示到" in phone.get("/hours/").text
    part = phone.get("/hours/").text.split('href="/hours/shown/')[1].split("/")[0]
    assert "已冻结" in phone.get(phone.submit(f"/hours/shown/{part}/not-me", to="/not-me").headers["Location"]).text


def test_what_is_late_is_listed_and_taken_along(
    browser: Browse, bob: Person, erin: Person, alice: Person, thirty: list[int], sweeping: Activity
) -> None:
    assert "没有超期的活动" in browser(bob).get("/lateness").text
    with transaction():
        sweeping.starts_at -= timedelta(days=30)
        sweeping.ends_at -= timedelta(days=30)
    assert "超 " in browser(bob).get("/lateness").text
    assert "清扫楼道" in browser(erin).get("/lateness?as=csv").text
    assert browser(alice).get("/lateness").status_code == 403


def test_new_rules_are_added_by_an_admin_for_a_day_to_come(browser: Browse, dave: Person, bob: Person, alice: Person) -> None:
    desk, tomorrow = browser(dave), (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d")
    assert desk.submit("/hours/rules/new", to="/rules", starts_on="2020-01-01").status_code == 400
    assert desk.submit("/hours/rules/new", to="/rules", starts_on=tomorrow, publicity_workdays="31").status_code == 400
    assert desk.submit("/hours/rules/new", to="/rules", starts_on=tomorrow, office_ends_minute="25:00").status_code == 400
    typed = {"publicity_workdays": "3", "points_per_hour": "1.5", "office_ends_minute": "17：30"}
    assert desk.submit("/hours/rules/new", to="/rules", starts_on=tomorrow, **typed).status_code == 303
    assert rule_sets()[0].to_json() == rule_sets()[1].to_json() | {
        "publicity_workdays": 3, "points_per_hour": 150, "office_ends_minute": 1050,
    }  # fmt: skip
    shown = browser(alice).get("/hours/rules/").text
    assert all(each in shown for each in ("第 2 版", "17:30", "1.50 分")) and "%%" not in shown
    assert browser(bob).get("/hours/rules/new").status_code == 403
