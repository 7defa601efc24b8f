"""Planning and joining by pages without scripts: drafts, a series, one tap to join, children, teams, the calendar."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bank.activities import queries
from bank.activities.models import Activity
from bank.clock import local_day
from bank.db import db, transaction
from bank.joining import queries as joining
from bank.notices.models import Notice
from bank.people import belonging, organisation
from bank.people.models import Person
from bank.units.models import Unit
from tests.browser import Browser

Browse = Callable[[Person], Browser]
HOURS = timedelta(hours=1)


@pytest.fixture
def at() -> datetime:
    """Pages live in the present, so what they show begins in two days."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + 48 * HOURS


@pytest.fixture
def browser(app: Flask) -> Iterator[Browse]:
    yield lambda person: Browser(app.test_client()).sign_in(person)


def typed(at: datetime, **changes: str) -> dict[str, str]:
    local = at.astimezone().strftime("%Y-%m-%d")
    values = {
        "name": "义务植树",
        "place": "北山",
        "content": "种树浇水",
        "starts_at": f"{local}T09:00",
        "ends_at": f"{local}T11:00",
    }
    return values | changes


def test_a_draft_is_kept_half_done_and_published_as_a_series(browser: Browse, bob: Person, at: datetime) -> None:
    desk = browser(bob)
    action, fields = desk.form("/activities/new", to="/activities/")
    half = desk.client.post("/activities/drafts", data=fields | {"name": "义务植树"}, follow_redirects=True)
    assert action == "/activities/" and "草稿已保存" in half.text and "义务植树" in half.text
    [draft] = queries.drafts(by=bob)
    page = f"/activities/new?draft_id={draft.id}"
    assert 'value="义务植树"' in desk.get(page).text
    until = (at + timedelta(days=15)).strftime("%Y-%m-%d")
    refused = desk.submit(page, to="/activities/", **typed(at, every_weeks="1"))
    assert refused.status_code == 400 and "请填写这一项" in refused.text
    done = desk.submit(page, to="/activities/", **typed(at, every_weeks="1", until_on=until))
    assert "已发布 3 场活动" in desk.get(done.headers["Location"]).text
    db.session.rollback()
    assert queries.drafts(by=bob) == []


def test_one_tap_joins_and_one_leaves(browser: Browse, alice: Person, charlie: Person, publish: Callable[..., Activity]) -> None:
    path = f"/activities/{publish(capacity=1).id}"
    phone, other = browser(alice), browser(charlie)
    assert "报名成功" in phone.get(phone.submit(path, to="/join").headers["Location"]).text
    assert "候补第 1 位" in other.get(other.submit(path, to="/join").headers["Location"]).text
    assert "我报名的" in phone.get("/activities/").text
    phone.submit(path, to="/leave")
    assert "我：已报名" in other.get(path).text


def test_a_refusal_says_why_and_what_next(browser: Browse, alice: Person, sweeping: Activity) -> None:
    with transaction():
        alice.is_in_service = True
        sweeping.starts_at = sweeping.starts_at.replace(hour=1)  # Nine in the morning, on a working day or not.
        sweeping.ends_at = sweeping.starts_at + 2 * HOURS
    page, phone = f"/activities/{sweeping.id}", browser(alice)
    asks = joining.asks_workplace(alice, sweeping)
    answer = phone.submit(page, to="/join")
    assert (answer.status_code == 409 and "单位已同意" in answer.text) if asks else answer.status_code == 303
    assert phone.submit(page, to="/join" if asks else "/leave", is_workplace_agreed="1").status_code == 303


def test_an_organizer_changes_the_plan_and_reads_who_has_joined(
    browser: Browse, bob: Person, alice: Person, sweeping: Activity
) -> None:
    browser(alice).submit(f"/activities/{sweeping.id}", to="/join")
    desk, page = browser(bob), f"/activities/{sweeping.id}/edit"
    assert 'value="3 号楼"' in desk.get(page).text
    answer = desk.submit(page, to="/edit", place="西门", content="清扫三号楼的楼道")
    assert "已修改 1 场活动" in desk.get(answer.headers["Location"]).text
    told = db.session.scalars(select(Notice).where(Notice.person_id == alice.id)).all()
    assert [(each.kind, each.facts["place"]) for each in told] == [("activity_changed", "西门")]
    assert "安丽" in desk.get(f"/activities/{sweeping.id}/joined").text
    assert "安丽" in desk.get(f"/activities/{sweeping.id}/joined?as=csv").text
    assert browser(alice).get(f"/activities/{sweeping.id}/joined").status_code == 403
    desk.submit(f"/activities/{sweeping.id}/joined", to="/remove")
    assert "还没有人报名" in desk.get(f"/activities/{sweeping.id}/joined").text


def test_a_team_is_chosen_and_brought(
    browser: Browse, bob: Person, alice: Person, dave: Person, community: Unit, sweeping: Activity
) -> None:
    now = datetime.now(UTC)
    with transaction():
        team = organisation.add_unit(by=dave, name="红马甲队", kind="team", parent_id=community.id, at=now)
        belonging.join_team(by=dave, person_id=alice.id, unit_id=team.id, at=now)
    desk, page = browser(bob), f"/activities/{sweeping.id}/joined?team_id={team.id}"
    assert "红马甲队" in desk.get(page).text
    answer = desk.submit(page, to="/team", person_ids=str(alice.id))
    assert "已报名 1 人" in desk.get(answer.headers["Location"]).text


def test_the_calendar_shows_a_week_and_can_be_subscribed_to(
    app: Flask, browser: Browse, alice: Person, bob: Person, sweeping: Activity, at: datetime, community: Unit
) -> None:
    phone, day = browser(alice), local_day(at)
    assert "清扫楼道" in phone.get(f"/activities/calendar?day={day}").text
    assert "清扫楼道" in phone.get(f"/activities/calendar?day={day}&as=csv").text
    assert "清扫楼道" not in phone.get(f"/activities/calendar?day={day + timedelta(days=7)}").text
    for wrong in ("day=x", "day=9999-12-31", "day=0001-01-01", "unit=99999999999999"):
        assert phone.get(f"/activities/calendar?{wrong}").status_code == 404
    feed = app.test_client().get(f"/activities/calendar.ics?unit={community.id}")
    assert feed.content_type.startswith("text/calendar") and "SUMMARY:清扫楼道" in feed.text
    assert bob.name not in feed.text
    assert f"DTSTART:{at:%Y%m%dT%H%M%SZ}" in feed.text
