"""In a real browser: the organizer's table goes on without a network, outlives a restart, and never says yes too early."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import cast, server
from tests.chromium import FLAGS, PROGRAM
from tests.gun import shoot
from tests.server import Server
from tests.stories.test_first_deposit import ACTIVITY, community_id
from tests.stories.test_in_a_browser import PHONE
from tests.stories.world import Api

MINUTES = timedelta(minutes=1)
# A phone whose browser would read codes, had it what reads them.
NO_SERVICE = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { throw new DOMException("Barcode detection service unavailable.", "NotSupportedError"); }
};"""
# A page without a window is never covered by another, so this one says that it is, and counts how often it is asked.
COVERED = """() => {
  const page = document.documentElement;
  page.dataset.turns = 0;
  Object.defineProperty(document, "hidden", { configurable: true, get: () => ++page.dataset.turns > 0 });
}"""


@pytest.fixture
def bank(new_server: Callable[..., Server]) -> Server:
    """A bank with the cast in it."""
    return new_server("sqlite")


@pytest.fixture
def api(bank: Server, tmp_path: Path) -> Callable[[str], Api]:
    """One of the cast as a program."""

    def client(who: str) -> Api:
        said = server.bank("token", "create", cast.PHONES[who], database_url=bank.database_url, folder=tmp_path)
        return Api(lambda: bank.url, said.split()[-1])

    return client


@pytest.fixture
def dave(api: Callable[[str], Api]) -> Api:
    """The admin as a program."""
    return api("dave")


@pytest.fixture
def activity_id(dave: Api) -> int:
    """An activity that takes check-ins now."""
    starts_at = datetime.now(UTC) + 20 * MINUTES
    times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + 60 * MINUTES).isoformat()}
    return int(dave.post("/activities", "publish", **ACTIVITY, **times, unit_id=community_id(dave))["id"])


@pytest.fixture
def cards(dave: Api) -> dict[str, str]:
    """The cards of three of the cast."""
    found = {who: dave.get(f"/persons?search={cast.PHONES[who]}")["persons"] for who in ("alice", "carol", "charlie")}
    return {who: persons[0]["card_number"] for who, persons in found.items()}


@pytest.fixture
def film(cards: dict[str, str], tmp_path: Path) -> Path:
    """What the camera sees: charlie's card, held still, as raw grey pictures (YUV4MPEG2) of 640 by 480."""
    code = qrcode.make(cards["charlie"]).get_image().convert("L").resize((240, 240))
    picture = Image.new("L", (640, 480), 90)
    picture.paste(code, (190, 130))
    path = tmp_path / "card.y4m"
    one = b"FRAME\n" + picture.tobytes() + b"\x80" * (640 * 480 // 2)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F5:1 Ip A1:1 C420jpeg\n" + one * 2)
    return path


@pytest.fixture
def seat(chromium: Browser, film: Path, tmp_path: Path) -> Callable[[], BrowserContext]:
    """A browser that keeps what it has on disk, and can be ended and started again; its camera shows the film."""
    lens = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}")

    def start() -> BrowserContext:
        return chromium.browser_type.launch_persistent_context(
            tmp_path / "browser",
            executable_path=PROGRAM,
            args=[*FLAGS, *lens],
            viewport=PHONE,  # type: ignore[arg-type]
        )

    return start


def sign_in(page: Page) -> None:
    page.fill("[name=login]", cast.PHONES["bob"])
    page.fill("[name=pin]", cast.PIN)
    with page.expect_navigation():
        page.press("[name=pin]", "Enter")


@pytest.mark.browser
def test_scans_without_a_network_are_queued_and_counted_once_it_is_back(
    bank: Server, dave: Api, activity_id: int, seat: Callable[[], BrowserContext], cards: dict[str, str]
) -> None:
    door = f"{bank.url}/door/{activity_id}"
    browser = seat()
    browser.add_init_script(NO_SERVICE)
    page = browser.pages[0]
    page.goto(door)
    sign_in(page)
    expect(page.locator("#offline-ready")).to_be_visible()
    hold_before_the_camera(page, "done", "查理")

    browser.set_offline(True)
    expect(page.locator("#camera-box")).to_contain_text("摄像头现在认不了码", use_inner_text=True)
    page.get_by_role("button", name="关掉摄像头").click()
    for who in ("alice", "carol"):
        shoot(page, cards[who])
        expect(page.locator("#answer .result-waiting")).to_be_visible()
    expect(page.locator("#queued")).to_have_text("2")
    expect(page.locator("#door")).to_have_attribute("data-state", "away")
    page.reload()
    expect(page.locator("#queued")).to_have_text("2")
    shoot(page, cards["alice"])  # Twice by mistake: both are kept, and the bank tells them apart.
    expect(page.locator("#queued")).to_have_text("3")
    expect(page.locator(".result-done")).to_have_count(0)
    assert not any(name in page.content() for name in ("安丽", "查理", "柯乐乐"))
    browser.close()

    browser = seat()
    browser.set_offline(True)
    page = browser.pages[0]
    page.goto(door)
    expect(page.locator("#queued")).to_have_text("3")
    browser.set_offline(False)
    expect(page.locator("#door")).to_have_attribute("data-state", "locked", timeout=15_000)
    assert head_count(dave, activity_id) == 1
    page.get_by_role("link", name="请登录").click()
    sign_in(page)
    expect(page.locator("#queue")).to_be_hidden(timeout=15_000)
    expect(page.locator("#recent li")).to_have_count(3)
    expect(page.locator("#present")).to_have_text("3", timeout=15_000)
    assert head_count(dave, activity_id) == 3
    answers = sorted(each["answer"] for each in dave.get(f"/activities/{activity_id}/scans")["scans"])
    assert answers == ["already_checked_in", "checked_in", "checked_in", "checked_in"]
    assert page.evaluate("'BarcodeDetector' in window") is False
    hold_before_the_camera(page, "waiting", "查理")
    browser.close()


def hold_before_the_camera(page: Page, answer: str, name: str) -> None:
    """The browser reads no codes itself, so that small pictures go to the bank; however long the card is held, one scan comes."""
    before = page.locator("#recent li").count()
    page.get_by_role("button", name="用摄像头扫").click()
    expect(page.locator(f"#answer .result-{answer}")).to_contain_text(name)
    with page.expect_response("**/door/frames") as seen:
        pass
    assert len(seen.value.json()["codes"]) == 1
    expect(page.locator("#recent li")).to_have_count(before + 1)
    if answer == "done":
        nothing_is_sent_while_nobody_looks(page)


def nothing_is_sent_while_nobody_looks(page: Page) -> None:
    """Another page lies over this one: the camera's turns go on, but no picture goes out until it is looked at again."""
    sent: list[str] = []
    page.evaluate(COVERED)
    turns = page.locator("html")
    expect(turns).to_have_attribute("data-turns", re.compile("[1-9]"))  # A picture that was on its way has its answer now.
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/door/frames") else None)
    expect(turns).to_have_attribute("data-turns", re.compile("[4-9]"))
    assert sent == []
    with page.expect_response("**/door/frames"):
        page.evaluate("delete document.hidden")


def head_count(dave: Api, activity_id: int) -> int:
    """How many have come, as the bank says."""
    return len(dave.get(f"/activities/{activity_id}/attendances")["presences"])
