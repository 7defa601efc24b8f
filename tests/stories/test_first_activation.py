"""A first sign-in and a screen that joins, in a real browser: the phone scans what the desk shows."""

import io
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.stories.test_first_deposit import MORNING
from tests.stories.test_in_a_browser import DESK, PHONE, seat, sign_in  # noqa: F401 - a fixture.
from tests.stories.world import World

pytestmark = pytest.mark.browser
NEW_PIN = "975310"


def scanned(page: Page) -> str:
    """What a camera reads from what is shown."""
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot(full_page=True))))
    return str(code.text)


def test_a_phone_scans_the_desk_sets_a_pin_and_is_in(world: World, seat: Callable[..., Page]) -> None:  # noqa: F811
    world.at(MORNING)
    desk, phone = seat(DESK), seat(PHONE)
    desk.goto("/sign-in?next=/people")
    sign_in(desk, "dave")
    desk.fill("[name=search]", "安丽")
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name="安丽").click()
    desk.get_by_role("link", name="密码").click()
    with desk.expect_navigation():
        desk.get_by_role("button", name="现在扫码").click()

    phone.goto(scanned(desk))
    expect(phone.get_by_text("安*，您好")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    button = phone.get_by_role("button", name="设好并登录").bounding_box()
    assert button is not None
    assert button["height"] >= 60
    assert button["y"] + button["height"] <= PHONE["height"], "all that is to be done is seen without scrolling"
    expect(phone.locator("[name=pin]")).to_be_focused()
    phone.keyboard.type(NEW_PIN)
    phone.keyboard.press("Tab")
    phone.keyboard.type(f"{NEW_PIN}\n")
    expect(phone.get_by_text("密码已设好，您已登录。")).to_be_visible()

    phone.goto(scanned(desk))
    expect(phone.get_by_text("再领一张激活单")).to_be_visible()


def test_a_screen_joins_with_the_code_of_the_admins_page(world: World, seat: Callable[..., Page]) -> None:  # noqa: F811
    world.at(MORNING)
    desk, screen = seat(DESK), seat({"width": 1920, "height": 1080})
    desk.goto("/sign-in?next=/devices/new")
    sign_in(desk, "dave")
    desk.fill("[name=name]", "大厅屏幕")
    desk.select_option("[name=scope]", "display")
    with desk.expect_navigation():
        desk.get_by_role("button", name="添加设备").click()

    screen.goto(scanned(desk))
    screen.get_by_role("button", name="加入").click()
    expect(screen.get_by_role("heading", name="积分榜")).to_be_visible()
    screen.goto("/board/display")
    expect(screen.get_by_role("heading", name="积分榜")).to_be_visible()
