"""A real screen in a real browser: readable across the hall, through a server that goes and comes, for a day and a night."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bank import clock
from bank.activities.actions import publish
from bank.activities.rules import NewActivity
from bank.db import transaction
from bank.web.files import STATIC
from tests import server

pytestmark = pytest.mark.browser
SIZES = [(1920, 1080), (3840, 2160), (1080, 1920)]
DAY_SECONDS = 24 * 3600
FRAMES = 30
COUNT_TIMERS = """
window.timers = 0;
const start = window.setInterval;
window.setInterval = (...all) => { window.timers += 1; return start(...all); };
"""
# What every visible row's text measures, and whether anything is wider or higher than the screen.
MEASURE = """() => ({
  sizes: [...document.querySelectorAll(".leaf.is-shown .leaf-row > *, .leaf.is-shown .leaf-activity > *")]
    .map((each) => parseFloat(getComputedStyle(each).fontSize)),
  over: [...document.querySelectorAll(".leaf.is-shown, .leaf.is-shown .leaf-row, .wall-foot")].map((each) => {
    const box = each.getBoundingClientRect();
    return [each.className, box.left, box.top, innerWidth - box.right, innerHeight - box.bottom];
  }).filter(([, ...rooms]) => Math.min(...rooms) < 0),
  scrolls: document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight,
  cursor: getComputedStyle(document.querySelector(".stage")).cursor,
  nodes: document.getElementsByTagName("*").length,
})"""


@pytest.fixture
def address(app, alice, bob, carol, community, serve, consent) -> str:
    """Where a bank is kept in which three are on this month's board, and somebody serves tomorrow."""
    consent(alice, bob, carol)
    starts_at = clock.now() + timedelta(days=1)
    tomorrow = NewActivity(
        name="周六清扫", category="environment", place="东门广场", content="清扫", capacity=9, unit_id=community.id,
        leader_id=bob.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip
    with transaction():
        publish(by=bob, new=tomorrow, at=clock.now())
    for number, person in enumerate((alice, bob, carol)):
        serve(person, 60 + number, clock.today().replace(day=1), at=clock.now())
    return str(app.config["DATABASE_URL"])


@pytest.fixture
def serve_again(address: str, tmp_path: Path) -> Iterator[Callable[[], server.Server]]:
    """Starts the bank's server, always at the same port."""
    port, started = server.free_port(), list[server.Server]()

    def start() -> server.Server:
        started.append(server.start(address, tmp_path, port=port))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_screen_is_readable_outlives_its_server_and_does_not_grow(
    serve_again: Callable[[], server.Server], chromium: Browser
) -> None:
    bank = serve_again()
    screen = chromium.new_page(viewport={"width": 1920, "height": 1080})
    screen.clock.install()
    screen.add_init_script(COUNT_TIMERS)
    screen.goto(f"{bank.url}/board/display")
    for width, height in SIZES:
        screen.set_viewport_size({"width": width, "height": height})
        measure_all_leaves(screen, text_min=48 * min(width, height) / 1080)

    screen.set_viewport_size({"width": 1920, "height": 1080})
    screen.evaluate("() => { leaf = stage.children.length - 1; show(); }")
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(screen.screenshot())))
    assert code.text.startswith(f"{bank.url}/activities")

    bank.stop()
    pass_time(screen, 40)
    expect(screen.locator("#stale")).to_be_visible()
    expect(screen.locator(".leaf.is-shown")).to_have_count(1)
    serve_again()
    pass_time(screen, 20)
    expect(screen.locator("#stale")).to_be_hidden()

    nodes, timers = screen.evaluate(MEASURE)["nodes"], screen.evaluate("window.timers")
    screen.evaluate(
        f"() => {{ for (let each = 0; each < {DAY_SECONDS}; each += 1) {{ second += 1; if (second % 12 === 0) turn(); }} }}"
    )
    pass_time(screen, 120)
    assert screen.evaluate(MEASURE)["nodes"] == nodes
    assert screen.evaluate("window.timers") == timers == 1
    before, after = changing_frames(screen), changing_frames(screen)
    assert (after["Nodes"], after["JSEventListeners"]) == (before["Nodes"], before["JSEventListeners"])
    assert after["JSHeapUsedSize"] < 1.05 * before["JSHeapUsedSize"]
    assert "setTimeout" not in (STATIC / "display.js").read_text()


def measure_all_leaves(screen: Page, *, text_min: float) -> None:
    for _ in range(screen.locator(".leaf").count()):
        screen.evaluate("turn()")
        shown = screen.evaluate(MEASURE)
        assert min(shown["sizes"], default=text_min) >= text_min
        assert (shown["over"], shown["scrolls"], shown["cursor"]) == ([], False, "none")


def changing_frames(screen: Page) -> dict[str, float]:
    """What the page holds, once all that nobody needs is gone, after many frames as if the board changed with each."""
    for _ in range(FRAMES):
        screen.evaluate("() => { tag = null; ask(); }")
        screen.wait_for_function("() => asking === null")
    inside = screen.context.new_cdp_session(screen)
    inside.send("Performance.enable")
    inside.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in inside.send("Performance.getMetrics")["metrics"]}
    inside.detach()
    return metrics


def pass_time(screen: Page, seconds: int) -> None:
    """Let the screen's own clock run, with a breath of real time for what it asks for on the way."""
    for _ in range(0, seconds, 5):
        screen.clock.run_for(5000)
        screen.wait_for_timeout(60)
