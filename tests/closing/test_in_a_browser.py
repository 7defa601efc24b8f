"""In a real browser, taps counted: planning, joining, at the door, confirming thirty, “not me”, and a small service."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from bank.activities.models import Activity
from bank.attendance.models import Attendance
from bank.db import db, insert_all, transaction
from bank.micro_hours.models import MicroHour
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.models import Unit
from tests import server
from tests.attendance import scanning
from tests.stories.test_in_a_browser import DESK, PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("kind", ["sqlite"])]
HOURS, MINUTES = timedelta(hours=1), timedelta(minutes=1)
# Of the biggest word of an answer: how far its colour stands from what is behind it (WCAG 2.2, 1.4.6), 1 to 21.
CONTRAST = """(word) => {
  const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, place) => sum + each * [0.2126, 0.7152, 0.0722][place], 0);
  let behind = word;
  while ((numbers(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
  const colours = [getComputedStyle(word).color, getComputedStyle(behind).backgroundColor];
  const [one, other] = colours.map((each) => light(numbers(each)));
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}"""


@pytest.fixture
def at() -> datetime:
    """Pages live in the present: the activity began five hours ago."""
    return datetime.now(UTC).replace(second=0, microsecond=0) - 5 * HOURS


@pytest.fixture
def seat(app: Flask, chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """A page of somebody's own device, signed in: `seat("alice", PHONE)`."""
    bank = server.start(str(app.config["DATABASE_URL"]), tmp_path)

    def take(who: str, size: dict[str, int]) -> Page:
        page = chromium.new_context(viewport=size, locale="zh-CN", base_url=bank.url).new_page()  # type: ignore[arg-type]
        page.goto("/sign-in")
        sign_in(page, who)
        page.wait_for_url(f"{bank.url}/")
        return page

    yield take
    bank.stop()


class Taps:
    """Counts what a finger does."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, what: Locator) -> None:
        """Tap once."""
        what.click()
        self.count += 1


def contrast(page: Page) -> float:
    """Of the big word that answers a scan."""
    return float(page.locator(".result-word").first.evaluate(CONTRAST))


def test_an_activity_is_planned_joined_and_scanned_with_few_taps_and_answers_that_daylight_does_not_hide(
    seat: Callable[..., Page], publish: Callable[..., Activity], bob: Person, at: datetime
) -> None:
    desk, start = seat("bob", DESK), datetime.now().astimezone() + timedelta(days=2)
    desk.goto("/activities/new")
    for name, typed in (
        ("name", "义务植树"), ("place", "北山"), ("content", "种树浇水"), ("starts_at", f"{start:%Y-%m-%d}T09:00"),
        ("ends_at", f"{start:%Y-%m-%d}T11:00"), ("until_on", f"{start + timedelta(days=8):%Y-%m-%d}"),
    ):  # fmt: skip
        desk.fill(f"[name={name}]", typed)
    desk.select_option("[name=every_weeks]", "1")
    desk.get_by_role("button", name="发布").click()
    expect(desk.get_by_text("已发布 2 场活动")).to_be_visible()

    phone, taps = seat("alice", PHONE), Taps()
    taps.on(phone.locator("main").get_by_role("link", name="义务植树").first)
    taps.on(phone.get_by_role("button", name="报名"))
    expect(phone.get_by_text("报名成功")).to_be_visible()
    assert taps.count == 2

    now = datetime.now(UTC)
    running = publish(starts_at=now - 30 * MINUTES, ends_at=now + HOURS)
    phone.goto(f"/a/{scanning.code(running, now)}")
    phone.get_by_role("button", name="签到").click()
    expect(phone.get_by_text("签到成功", exact=True)).to_be_visible()
    contrasts = [contrast(phone)]
    phone.goto(f"/a/{scanning.code(running, datetime.now(UTC))}")
    expect(phone.get_by_text("您已经签到了")).to_be_visible()
    contrasts.append(contrast(phone))
    phone.goto("/a/K7AAAAAAAAAA")
    expect(phone.locator(".result-refused")).to_be_visible()
    contrasts.append(contrast(phone))
    assert min(contrasts) >= 7, contrasts


def test_after_it_thirty_are_confirmed_in_three_taps_not_me_takes_two_and_a_small_service_two(
    seat: Callable[..., Page], sweeping: Activity, community: Unit, alice: Person, at: datetime
) -> None:
    new = [NewPerson(name="王小明", phone=f"139{number:08d}", unit_id=community.id) for number in range(29)]
    with transaction():
        ids = [*people.enrol_all(by=None, new=new, at=at - 48 * HOURS), alice.id]
        stay = {"activity_id": sweeping.id, "pair": 1, "checked_in_at": at, "checked_in_by": "link"}
        gone = {"checked_out_at": at + 2 * HOURS, "checked_out_by": "link"}
        insert_all(Attendance, [stay | gone | {"person_id": each} for each in ids])
    desk, taps = seat("bob", DESK), Taps()
    taps.on(desk.locator("main").get_by_role("link", name="确认").first)
    taps.on(desk.locator("main").get_by_role("link", name="清扫楼道").first)
    taps.on(desk.get_by_role("button", name="全部确认并入账"))
    expect(desk.get_by_text("已确认 30 人")).to_be_visible()
    assert taps.count == 3

    phone, taps = seat("alice", PHONE), Taps()
    phone.goto("/hours/")
    taps.on(phone.get_by_role("link", name="不是我"))
    taps.on(phone.get_by_role("button", name="不是我"))
    expect(phone.get_by_text("这条记录已冻结")).to_be_visible()
    assert taps.count == 2

    with transaction():
        alice.is_in_service = True
    taps = Taps()
    phone.goto("/micro-hours")
    taps.on(phone.get_by_role("button", name="环境清洁"))
    expect(phone.get_by_text("正在计时")).to_be_visible()
    with transaction():
        db.session.scalars(select(MicroHour)).one().started_at -= 30 * MINUTES
    taps.on(phone.get_by_role("button", name="结束"))
    expect(phone.locator("main svg").first).to_be_visible()
    assert taps.count == 2
