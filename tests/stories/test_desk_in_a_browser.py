"""A clerk's morning at the enrolment desk, by keyboard alone: one person after the other, none slower than half a minute."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.test_first_deposit import MORNING
from tests.stories.test_in_a_browser import DESK, seat, sign_in  # noqa: F401
from tests.stories.world import World

pytestmark = pytest.mark.browser


def test_three_people_are_enrolled_without_a_mouse(world: World, seat: Callable[..., Page]) -> None:  # noqa: F811
    world.at(MORNING)
    desk = seat(DESK)
    desk.goto("/people/new")
    sign_in(desk, "dave")
    desk.wait_for_url("**/people/new")
    started = time.monotonic()
    for number, name in enumerate(("曾国强", "单雄信", "仇英")):
        expect(desk.locator("#name")).to_be_focused()
        desk.keyboard.insert_text(name)
        desk.keyboard.press("Tab")
        desk.keyboard.type(f"1381234567{number}")
        desk.keyboard.press("Tab")
        if number == 0:
            desk.keyboard.press("End")  # The last unit of the list; it stays for those who follow.
        desk.keyboard.press("Tab")
        desk.keyboard.press("Space")  # The first consent on paper.
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("status")).to_contain_text(f"已开户：{name}")
    assert time.monotonic() - started < 3 * 30
    desk.keyboard.press("Shift+Tab")
    focused = desk.evaluate("document.activeElement.textContent")
    assert "打开" in focused
