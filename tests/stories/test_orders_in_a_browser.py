"""A resident asks on a small phone by the code on the board, and the dispatcher works through the board by keys and by hand."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.test_first_deposit import MORNING
from tests.stories.test_in_a_browser import DESK, seat, sign_in  # noqa: F401
from tests.stories.world import World

pytestmark = pytest.mark.browser
SMALL_PHONE = {"width": 360, "height": 740}


def fits(page: Page) -> bool:
    """Whether nothing stands out to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_asking_takes_under_a_minute_and_the_board_is_worked_without_a_mouse(
    world: World,
    seat: Callable[..., Page],  # noqa: F811
) -> None:
    world.at(MORNING)
    phone = seat(SMALL_PHONE)
    phone.goto("/ask")
    started = time.monotonic()
    phone.get_by_role("link", name="向阳社区").click()
    expect(phone.locator("#wish")).to_be_visible()  # A click does not wait for the page it leads to.
    assert fits(phone) and phone.evaluate("parseFloat(getComputedStyle(document.querySelector('#wish')).fontSize)") >= 18
    phone.fill("#wish", "门锁坏了，想请人修")
    phone.fill("#phone", "13911112222")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("status")).to_contain_text("社区已收到")
    assert time.monotonic() - started < 60 and fits(phone)
    phone.go_back()
    phone.goto("/ask")
    phone.get_by_role("link", name="向阳社区").click()
    phone.fill("#wish", "想有人陪着散步")
    phone.fill("#phone", "13911113333")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("status")).to_contain_text("社区已收到")

    desk = seat(DESK)
    desk.goto("/orders/board/")
    sign_in(desk, "bob")
    desk.wait_for_url("**/orders/board/")
    first, second = desk.locator("[data-lane=asked] .order-card").all()
    first.focus()
    desk.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    desk.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    desk.keyboard.press("Enter")
    desk.fill("#title", "修门锁")
    desk.get_by_label("急").press("Space")
    desk.keyboard.press("Enter")
    expect(desk.locator(".order-colour").first).to_contain_text("黄")
    desk.goto("/orders/board/")
    card, lane = desk.locator("[data-lane=looked_at] .order-card"), desk.locator("[data-lane=dispatched]")
    card.drag_to(lane)
    desk.wait_for_url("**#dispatch")
    desk.get_by_role("button", name="挂上心愿树").click()
    expect(desk.locator(".badge-word").first).to_contain_text("挂在心愿树")
    phone.goto("/wishes")
    expect(phone.locator(".leaf-title")).to_have_text("修门锁")
    assert fits(phone) and "13911112222" not in phone.content()
