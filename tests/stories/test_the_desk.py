"""The desk in a real browser: keys alone, an input method in the way, a server that goes away, and a phone beside it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bank.app import create_app
from bank.db import db, transaction
from bank.ledger import actions as ledger
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people.models import Person
from bank.people.rules import mask_name
from tests import cast
from tests.gun import shoot, shoot_through_input_method
from tests.server import SECRET
from tests.stories.test_first_deposit import MORNING, community_id
from tests.stories.world import World

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
ECHO = 450  # Longer than the desk takes a bare Enter for a gun's second one.


@pytest.fixture
def kind() -> str:
    """One database is enough here: the pages are the same on both."""
    return "sqlite"


@pytest.fixture
def seat(chromium: Browser, world: World) -> Callable[..., Page]:
    """Somebody who has signed in on a device of the own: `seat("carol", DESK, "/counter/")`."""

    def take(who: str, size: dict[str, int], start: str) -> Page:
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=world.url())  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(f"/sign-in?next={start}")
        page.fill("[name=login]", cast.PHONES[who])
        page.fill("[name=pin]", cast.PIN)
        page.press("[name=pin]", "Enter")
        page.wait_for_url(f"**{start}")
        return page

    return take


@pytest.fixture
def shop(world: World) -> World:
    """Ten points for alice, and soap at one point in carol's counter."""
    with create_app({"DATABASE_URL": world.database_url, "SECRET_KEY": SECRET, "TESTING": True}).app_context():
        give(cast.person("alice"), 1000)
    world.at(MORNING)
    dave = world.api("dave")
    dave.post("/rewards", "soap", unit_id=community_id(dave), kind="goods", name="肥皂", points=100, stock=9, number="88")
    return world


def give(person: Person, hundredths: int) -> None:
    """Deposit points as the books do."""
    move = NewTransfer("points", person.unit.issued_account_id, person.points_account_id, hundredths)
    entry = NewEntry(key="test", kind="deposit", effective_on=cast.AT.date(), transfers=(move,), recorded_by="test")
    with transaction():
        ledger.post([entry], at=cast.AT)
    db.session.rollback()
    db.engine.dispose()


def card_of(phone: Page) -> str:
    """The card number, as the member's own rotating code begins with it."""
    phone.goto("/rewards/code")
    return phone.locator(".pickup-code").inner_text().replace(" ", "")


def state(desk: Page) -> str | None:
    return desk.locator(".lane").get_attribute("data-state")


def test_a_hand_over_by_keys_alone_whatever_has_the_focus(shop: World, seat: Callable[..., Page]) -> None:
    code = card_of(seat("alice", PHONE, "/rewards/"))
    desk = seat("carol", DESK, "/counter/")
    desk.evaluate("document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))")
    assert state(desk) == "paused"
    desk.evaluate("document.hasFocus = () => true; window.dispatchEvent(new Event('focus'))")
    assert state(desk) == "ready"
    desk.evaluate("document.activeElement.blur()")
    shoot(desk, code[:10], "Tab")
    expect(desk.get_by_text(mask_name(cast.NAMES["alice"])).first).to_be_visible()
    desk.locator(".lane-sound").focus()
    shoot(desk, "88")
    expect(desk.get_by_text("请储户同意")).to_be_visible()
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("F9")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("按回车确认兑换")).to_be_visible()
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("兑换成功").first).to_be_visible()
    expect(desk.get_by_text("9.00").first).to_be_visible()
    assert desk.evaluate("document.documentElement.dataset.lastSound") == "done"


def test_an_input_method_and_full_width_digits_break_no_scan(shop: World, seat: Callable[..., Page]) -> None:
    code = card_of(seat("alice", PHONE, "/rewards/"))
    desk = seat("carol", DESK, "/counter/")
    shoot_through_input_method(desk, code)
    expect(desk.get_by_text("已出示手机动态码")).to_be_visible()
    shoot_through_input_method(desk, "88")
    expect(desk.get_by_text("按回车确认兑换")).to_be_visible()
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("兑换成功").first).to_be_visible()
    desk.locator("#scan").fill("０００１")
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("Enter")
    expect(desk.locator(".at-hand").get_by_text(mask_name(cast.NAMES["alice"]))).to_be_visible()


def test_a_bad_scan_is_seen_and_heard_the_next_works_and_a_second_enter_confirms_nothing(
    shop: World, seat: Callable[..., Page]
) -> None:
    code = card_of(seat("alice", PHONE, "/rewards/"))
    desk = seat("carol", DESK, "/counter/")
    shoot(desk, "9999999999")
    refused = desk.locator(".result-refused")
    expect(refused.get_by_text("没有找到这位储户")).to_be_visible()
    expect(refused.locator("svg").first).to_be_visible()
    assert desk.evaluate("document.documentElement.dataset.lastSound") == "refused" and state(desk) == "ready"
    shoot(desk, code)
    expect(desk.get_by_text("已出示手机动态码")).to_be_visible()
    expect(refused).to_have_count(0)
    shoot(desk, "88", "Enter", "Enter")
    expect(desk.get_by_text("按回车确认兑换")).to_be_visible()
    desk.wait_for_timeout(ECHO)
    expect(desk.get_by_text("按回车确认兑换")).to_be_visible()


def test_a_server_that_goes_away_is_said_at_once_and_asked_when_it_is_back(shop: World, seat: Callable[..., Page]) -> None:
    code = card_of(seat("alice", PHONE, "/rewards/"))
    desk = seat("carol", DESK, "/counter/")
    shoot(desk, code)
    expect(desk.get_by_text("已出示手机动态码")).to_be_visible()
    shoot(desk, "88")
    expect(desk.get_by_text("按回车确认兑换")).to_be_visible()
    shop.stop()
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("没有收到回答")).to_be_visible()
    assert desk.evaluate("document.documentElement.dataset.lastSound") == "away"
    shop.at(MORNING + timedelta(minutes=1))
    expect(desk.get_by_text("刚才那一步没有办成")).to_be_visible()
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("兑换成功").first).to_be_visible()
    expect(desk.get_by_text("9.00").first).to_be_visible()


def test_an_answer_that_is_lost_shows_later_what_really_happened(shop: World, seat: Callable[..., Page]) -> None:
    code = card_of(seat("alice", PHONE, "/rewards/"))
    desk = seat("carol", DESK, "/counter/")
    shoot(desk, code)
    expect(desk.get_by_text("已出示手机动态码")).to_be_visible()
    shoot(desk, "88")
    expect(desk.get_by_text("按回车确认兑换")).to_be_visible()

    def lose(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.method == "POST":
            route.fetch(max_redirects=0)  # It reaches the server and is done there.
            route.abort()
        else:
            route.continue_()

    desk.route("**/rewards/*", lose)
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("刚才那一步已经办成")).to_be_visible()
    expect(desk.get_by_text("兑换成功").first).to_be_visible()
    expect(desk.get_by_text("9.00").first).to_be_visible()


def test_reserved_on_a_phone_and_picked_up_at_the_desk(shop: World, seat: Callable[..., Page]) -> None:
    phone, desk = seat("alice", PHONE, "/rewards/"), seat("carol", DESK, "/counter/")
    phone.get_by_text("肥皂").click()
    phone.get_by_role("button", name="预留").click()
    code = phone.locator(".pickup-code").inner_text().replace(" ", "")
    shoot(desk, code)
    expect(desk.get_by_text("按回车确认领取")).to_be_visible()
    desk.wait_for_timeout(ECHO)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("领取成功").first).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("已领取").first).to_be_visible()
