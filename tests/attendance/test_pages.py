"""The main job by pages without scripts: publish, scan, sign in, check in, check out, confirm."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from bank.activities.actions import cancel
from bank.activities.models import Activity
from bank.attendance import queries, ticket
from bank.db import db, transaction
from bank.ledger.queries import balance
from bank.people.models import Person
from tests.browser import Browser
from tests.cases import cases

MINUTES = timedelta(minutes=1)
Browse = Callable[[Person | None], Browser]


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def running(publish: Callable[..., Activity], now: datetime, at: datetime) -> Activity:
    """An activity that began ten minutes ago."""
    return publish(starts_at=now - 10 * MINUTES, ends_at=now + 110 * MINUTES)


@pytest.fixture
def over(publish: Callable[..., Activity], now: datetime) -> Activity:
    """An activity that ended an hour ago."""
    return publish(starts_at=now - 180 * MINUTES, ends_at=now - 60 * MINUTES)


@pytest.fixture
def at(now: datetime) -> datetime:
    """Pages live in the present, so what they show was published in it."""
    return now - 240 * MINUTES


@pytest.fixture
def browser(app: Flask) -> Iterator[Browse]:
    """Somebody's browser; nobody has signed in when no person is given."""

    def opened(person: Person | None) -> Browser:
        new = Browser(app.test_client())
        return new.sign_in(person) if person else new

    yield opened


def scan_path(activity: Activity) -> str:
    return f"/a/{ticket.link_code(activity.id, activity.key, secret=queries.secret(), at=datetime.now(UTC))}"


def follow(browser: Browser, path: str) -> str:
    return browser.get(path, follow_redirects=True).text


def test_scan_sign_in_check_in_check_out(browser: Browse, alice: Person, running: Activity) -> None:
    phone = browser(None)
    assert phone.get(scan_path(running)).headers["Location"] == "/a/"
    sign_in = phone.get("/a/").headers["Location"]
    assert phone.submit(sign_in, login=alice.phone, pin="246810").headers["Location"] == "/a/"
    answer = phone.submit("/a/", to="/a/check-in")
    assert "签到成功" in follow(phone, answer.headers["Location"])
    assert "您已经签到了" in phone.get("/a/").text
    answer = phone.submit("/a/", to="/a/check-out")
    assert "签退成功" in follow(phone, answer.headers["Location"])


def test_the_right_of_a_scan_is_no_link_to_pass_on(browser: Browse, running: Activity) -> None:
    answer = browser(None).get(scan_path(running))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "Path=/a" in cookie and "Max-Age=300" in cookie
    assert "-" not in answer.headers["Location"]


def test_a_second_button_press_is_told_so_in_yellow(browser: Browse, alice: Person, running: Activity) -> None:
    phone = browser(alice)
    phone.get(scan_path(running))
    action, fields = phone.form("/a/", to="/a/check-in")
    phone.client.post(action, data=fields)
    again = phone.client.post(action, data=fields | {"idempotency_key": "another"}, follow_redirects=True)
    assert again.status_code == 409
    assert "您已经签到了" in again.text and "result-waiting" in again.text


def test_the_same_button_press_sent_twice_gives_the_same_answer(browser: Browse, alice: Person, running: Activity) -> None:
    phone = browser(alice)
    phone.get(scan_path(running))
    action, fields = phone.form("/a/", to="/a/check-in")
    first, second = (phone.client.post(action, data=fields) for _ in range(2))
    assert (first.status_code, first.data, first.headers["Location"]) == (303, second.data, second.headers["Location"])


def test_a_photo_of_yesterdays_code_is_refused_in_red_with_a_way_on(browser: Browse, alice: Person, running: Activity) -> None:
    old = ticket.link_code(running.id, running.key, secret=queries.secret(), at=datetime.now(UTC) - 5 * MINUTES)
    answer = browser(alice).get(f"/a/{old}")
    assert answer.status_code == 409
    assert "result-refused" in answer.text and "这个码已经过时" in answer.text and "输入屏幕上的 6 位签到码" in answer.text


def test_a_typed_code_works_when_the_camera_does_not(browser: Browse, alice: Person, running: Activity) -> None:
    phone = browser(alice)
    typed = ticket.typed_code(running.key, secret=queries.secret(), at=datetime.now(UTC))
    assert "签到" in follow(phone, f"/a/typed?code={typed[:3]}%20{typed[3:].lower()}")
    phone.submit("/a/", to="/a/check-in")
    assert queries.attendances_of(person_id=alice.id, activity_id=running.id)[0].checked_in_by == "typed"


def test_a_typed_code_is_not_guessed_without_signing_in(browser: Browse, running: Activity) -> None:
    typed = ticket.typed_code(running.key, secret=queries.secret(), at=datetime.now(UTC))
    assert browser(None).get(f"/a/{typed}").status_code == 400
    assert browser(None).get(f"/a/typed?code={typed}").headers["Location"].startswith("/sign-in")


@cases("wrong", ["x", "AAAAAAAAAAAA", "'%20OR%201=1", "%00", "a" * 3000])
def test_a_made_up_link_is_refused_in_words(wrong: str, browser: Browse, app: Flask) -> None:
    answer = browser(None).get(f"/a/{wrong}")
    assert answer.status_code == 400 and "这个码不对" in answer.text


def test_without_a_scan_the_phone_asks_for_the_code(browser: Browse, alice: Person) -> None:
    assert "输入屏幕上的 6 位签到码" in browser(alice).get("/a/").text


def test_an_organizer_publishes_by_form(browser: Browse, bob: Person, now: datetime) -> None:
    desk = browser(bob)
    typed = {"name": "义务植树", "place": "北山", "content": "种树", "starts_at": "2036-03-12T09:00"}
    assert "结束时间" in desk.submit("/activities/new", to="/activities/", **typed | {"ends_at": "2036-03-12T08:00"}).text
    start = (now + timedelta(days=3)).strftime("%Y-%m-%dT09:00")
    answer = desk.submit("/activities/new", to="/activities/", **typed | {"starts_at": start, "ends_at": start[:-5] + "11:00"})
    assert answer.status_code == 303
    assert "义务植树" in desk.get("/activities/manage").text
    assert "还没有人签到" in desk.get(answer.headers["Location"]).text


def test_the_screen_changes_its_code_and_belongs_to_the_organizer(
    browser: Browse, bob: Person, alice: Person, running: Activity
) -> None:
    path = f"/activities/{running.id}/screen"
    page, part = browser(bob).get(path).text, browser(bob).get(f"{path}/code").text
    assert "data-seconds-left" in page and "<svg" in part and "<html" not in part
    assert browser(alice).get(path).status_code == browser(alice).get(f"{path}/code").status_code == 403


def test_a_volunteer_sees_no_list_of_people(browser: Browse, alice: Person, carol: Person, running: Activity) -> None:
    for person in (alice, carol):
        assert browser(person).get(f"/activities/{running.id}/people").status_code == 403


def test_the_organizer_checks_in_by_card_and_confirms_with_one_button(
    browser: Browse, bob: Person, alice: Person, charlie: Person, running: Activity, over: Activity, attend: Callable[..., None]
) -> None:
    desk = browser(bob)
    answer = desk.submit(f"/door/{running.id}", to="/card", card=charlie.card_number)
    page = follow(desk, answer.headers["Location"])
    assert "查理" in page and "签到成功" in page and "result-done" in page
    again = desk.submit(f"/door/{running.id}", to="/card", card=charlie.card_number)
    page = follow(desk, again.headers["Location"])
    assert "已经签到过了" in page and "result-waiting" in page
    attend(alice, over, over.starts_at, over.ends_at)
    assert "全部确认并入账" in desk.get(f"/activities/{over.id}/people").text
    answer = desk.submit(f"/activities/{over.id}/people", to="/confirm")
    assert "已确认 1 人" in follow(desk, answer.headers["Location"])
    db.session.rollback()
    assert balance(alice.points_account_id) == 200
    assert "清扫楼道" in browser(alice).get("/hours/").text


def test_what_a_stay_would_count_is_shown_with_its_reason(
    browser: Browse, bob: Person, alice: Person, over: Activity, attend: Callable[..., None]
) -> None:
    attend(alice, over, over.starts_at, over.starts_at + 60 * MINUTES)
    assert "在场不足计划的 60%" in browser(bob).get(f"/activities/{over.id}/people").text


def test_a_name_is_text_and_never_markup(browser: Browse, alice: Person, publish: Callable[..., Activity], now: datetime) -> None:
    publish(name="<script>alert(1)</script>", content="<b>x</b>", starts_at=now, ends_at=now + 60 * MINUTES)
    page = browser(alice).get("/activities/").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_cancelled_activity_says_so(browser: Browse, bob: Person, alice: Person, running: Activity) -> None:
    with transaction():
        cancel(by=bob, activity_id=running.id, reason="下雨", at=datetime.now(UTC))
    assert "下雨" in browser(alice).get(f"/activities/{running.id}").text
    refused = browser(alice).get(scan_path(running), follow_redirects=True)
    assert refused.status_code == 409 and "已经取消" in refused.text
