"""The main job in a real browser: a volunteer's phone scans the screen at the door, a clerk hands out without a mouse."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bank.people.rules import mask_name
from tests import cast
from tests.gun import shoot
from tests.stories.test_first_deposit import ACTIVITY, ENDS_AT, MINUTE, MORNING, STARTS_AT, community_id
from tests.stories.world import World

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


@pytest.fixture
def seat(chromium: Browser, world: World) -> Callable[..., Page]:
    """A page of somebody's own device: `seat(PHONE)`."""

    def take(size: dict[str, int], language: str = "zh-CN") -> Page:
        context: BrowserContext = chromium.new_context(
            viewport=size, locale=language, is_mobile=size is PHONE, base_url=world.url()
        )  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        return context.new_page()

    return take


def sign_in(page: Page, who: str) -> None:
    page.fill("[name=login]", cast.PHONES[who])
    page.fill("[name=pin]", cast.PIN)
    with page.expect_navigation():
        page.press("[name=pin]", "Enter")


def scanned(screen: Page, activity_id: int) -> str:
    """What a camera reads from the screen at the door."""
    screen.goto(f"/activities/{activity_id}/screen")
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(screen.screenshot())))
    return str(code.text)


def test_a_phone_checks_in_and_out_and_a_clerk_hands_out_by_keys_alone(world: World, seat: Callable[..., Page]) -> None:
    world.at(MORNING)
    dave, bob = world.api("dave"), world.api("bob")
    unit_id = community_id(dave)
    dave.post("/rewards", "soap", unit_id=unit_id, kind="goods", name="肥皂", points=100, stock=3, number="88")
    times = {"starts_at": STARTS_AT.isoformat(), "ends_at": ENDS_AT.isoformat()}
    activity_id = bob.post("/activities", "publish", **ACTIVITY, **times, unit_id=unit_id)["id"]

    world.at(STARTS_AT - MINUTE)
    screen, phone = seat(DESK), seat(PHONE)
    screen.goto("/sign-in")
    sign_in(screen, "bob")
    phone.goto(scanned(screen, activity_id))
    sign_in(phone, "alice")
    phone.get_by_role("button", name="签到").click()
    expect(phone.get_by_text("签到成功", exact=True)).to_be_visible()

    world.at(ENDS_AT + MINUTE)
    phone.goto(scanned(screen, activity_id))
    phone.get_by_role("button", name="签退").click()
    expect(phone.get_by_text("签退成功", exact=True)).to_be_visible()
    screen.goto(f"/activities/{activity_id}/people")
    screen.get_by_role("button", name="确认").click()
    expect(screen.get_by_text("已确认 1 人")).to_be_visible()
    phone.goto("/passbook")
    expect(phone.get_by_text("1.90").first).to_be_visible()

    counter = seat(DESK)
    counter.goto("/sign-in?next=/counter/")
    sign_in(counter, "carol")
    hand_out_by_keys(counter, bob.get(f"/activities/{activity_id}/attendances")["presences"][0]["card_number"], "88")
    expect(counter.get_by_text("0.90").first).to_be_visible()


def hand_out_by_keys(counter: Page, card_number: str, reward_number: str) -> None:
    """What a barcode gun and one more Enter do; the mouse is never touched."""
    expect(counter.locator("#scan")).to_be_focused()
    shoot(counter, card_number)
    expect(counter.get_by_text(mask_name(cast.NAMES["alice"])).first).to_be_visible()
    shoot(counter, reward_number)
    expect(counter.get_by_text("请储户同意")).to_be_visible()
    counter.wait_for_timeout(450)  # An Enter that follows sooner is taken for a gun's second one.
    counter.keyboard.press("F9")
    counter.keyboard.press("Enter")
    expect(counter.get_by_role("button", name="确认兑换")).to_be_visible()
    counter.wait_for_timeout(450)
    counter.keyboard.press("Enter")
    expect(counter.get_by_text("兑换成功").first).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_language_changes_with_one_tap(size: dict[str, int], world: World, seat: Callable[..., Page]) -> None:
    world.at(MORNING + timedelta(hours=1))
    page = seat(size)
    page.goto("/sign-in")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
