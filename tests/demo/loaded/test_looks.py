"""In a real browser, every page in each language: usable by everybody, by day and by night, and no wider than its screen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page
from pypdf import PdfReader

from bank.people.models import Person
from tests import axe, server
from tests.demo.loaded import walk

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_doors")]
SIZES = ((390, 844), (768, 1024), (1366, 768), (1920, 1080))
ZOOMED = (683, 384)  # A desk of 1366 x 768 at 200 %.
SMALLEST = (360, 740)
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is cut off without a way to see it, and what in the bars above and below covers its neighbour.
HIDDEN = """() => {
  const cut = [...document.querySelectorAll("main :not(.passbook-card, .visually-hidden), .tabs *")].filter((each) => {
    if (each.scrollWidth <= each.clientWidth + 1 || each.clientWidth < 2 || !each.textContent.trim()) return false;
    const style = getComputedStyle(each);
    return style.overflowX === "hidden" && style.textOverflow !== "ellipsis";
  });
  const covers = (a, b) => a.left < b.left && a.right > b.left + 1 && a.top < b.bottom && b.top < a.bottom && b.width;
  const bar = [...document.querySelectorAll(".top-inner > *, .top-end > *, .tabs > *")];
  const over = bar.filter((one) => bar.some((other) =>
    one !== other && one.parentNode === other.parentNode && covers(one.getBoundingClientRect(), other.getBoundingClientRect())));
  return [...cut, ...over].map((each) => each.className || each.tagName);
}"""
SMALL = """() => [...new Set([...document.querySelectorAll("body *")]
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && each.checkVisibility())
  .filter((each) => !each.closest("svg, .slip, .screen-wall, kbd, code, pre"))
  .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 15.9)
  .map((each) => `${each.className || each.tagName} ${getComputedStyle(each).fontSize}`))]"""
PAPER_WIDTH = 673  # A4 between its margins, in the pixels of a browser.
LARGER = "() => document.documentElement.classList.add('is-large')"


@dataclass(frozen=True)
class Visit:
    """An address, and the cookie of who opens it."""

    path: str
    session: str | None


@pytest.fixture
def kind() -> str:
    """What pages look like is the same on both databases."""
    return "sqlite"


@pytest.fixture(scope="session")
def known() -> list[tuple[str, str]]:
    """One page of each kind and who opens it, once somebody has looked: every copy of the town has the same pages."""
    return []


@pytest.fixture
def visits(app: Flask, known: list[tuple[str, str]], players: dict[str, Person], chief: Person) -> list[Visit]:
    """One page of each kind: as a volunteer who has served, as one with every role, and as a stranger."""
    people = {"volunteer": players["volunteer"], "chief": chief, "stranger": None}
    clients = {who: walk.signed_in(app, person) if person else app.test_client() for who, person in people.items()}
    if not known:
        found: dict[str, tuple[str, str]] = {}
        for who, client in clients.items():
            seen = walk.explore(app, client)
            for endpoint, paths in seen.pages.items():
                if paths and paths[0] in seen.to_read:
                    found.setdefault(f"{endpoint} {'home' in endpoint and who}", (paths[0], who))
        known.extend(found.values())
    cookies = {who: client.get_cookie("bank") for who, client in clients.items()}
    sessions = {who: cookie.value if cookie else None for who, cookie in cookies.items()}
    return [Visit(path, sessions[who]) for path, who in known]


@pytest.fixture
def address(app: Flask, tmp_path: Path) -> Iterator[str]:
    """Where a server shows the town."""
    started = server.start(app.config["DATABASE_URL"], tmp_path)
    yield started.url
    started.stop()


@pytest.fixture
def desk(address: str, chromium: Browser) -> Callable[..., BrowserContext]:
    """A browser whose cookies say how pages are wanted."""

    def opened(**cookies: str) -> BrowserContext:
        context = chromium.new_context(base_url=address, service_workers="block")
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        return context

    return opened


@pytest.mark.parametrize(("language", "look"), [("zh", "light"), ("en", "dark")])
def test_every_page_is_usable_by_everybody_and_fits_every_screen(
    language: str, look: str, desk: Callable[..., BrowserContext], visits: list[Visit], address: str
) -> None:
    context = desk(language=language, look=look)
    axe.come_with_pages(context)
    page, wrong = context.new_page(), []
    screen = context.new_cdp_session(page)
    for visit in visits:
        context.clear_cookies(name="bank")
        if visit.session:
            context.add_cookies([{"name": "bank", "value": visit.session, "url": address}])
        page.goto(visit.path, wait_until="domcontentloaded")
        wrong += [f"{visit.path}: {each}" for each in (*axe.violations(page), *_misfits(page, screen))]
    assert "\n".join(wrong) == ""


def test_a_list_is_whole_on_paper(desk: Callable[..., BrowserContext], app: Flask, chief: Person) -> None:
    session = walk.signed_in(app, chief).get_cookie("bank")
    page = desk(language="zh", look="dark", bank=session.value if session else "").new_page()
    page.set_viewport_size({"width": PAPER_WIDTH, "height": 900})
    page.emulate_media(media="print")
    for path in ("/supplements", "/units/1/statements", "/rewards/manage/", "/changes", "/ledger/entries"):
        page.goto(path)
        assert page.evaluate(WIDER) <= 0 and page.locator("table").first.is_visible(), path
        assert not page.locator(".top, .tabs, .foot, button, .button").filter(visible=True).count(), path
        assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(format="A4"))).pages]
    assert len(sheets) > 1 and all("凭证号" in each and "http" not in each for each in sheets)


def _misfits(page: Page, screen: CDPSession) -> Iterator[str]:
    for size in SIZES:
        yield from _too_wide(page, screen, size)
    yield from _too_wide(page, screen, ZOOMED)
    yield from (f"{each} is cut off or covers its neighbour at 200 %" for each in page.evaluate(HIDDEN))
    yield from _too_wide(page, screen, SMALLEST)
    yield from (f"{each} is too small to read" for each in page.evaluate(SMALL))
    page.evaluate(LARGER)
    yield from _too_wide(page, screen, SMALLEST)
    yield from (f"{each} is cut off or covers its neighbour in large text" for each in page.evaluate(HIDDEN))


def _too_wide(page: Page, screen: CDPSession, size: tuple[int, int]) -> Iterator[str]:
    # Without a reload, and without the driver's own wait for a new picture.
    wanted = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    screen.send("Emulation.setDeviceMetricsOverride", wanted)
    if (wider := page.evaluate(WIDER)) > 0:
        yield f"{wider} px too wide at {size}"
