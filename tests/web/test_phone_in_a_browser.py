"""A volunteer's phone in a real browser: nothing sticks out, little is sent, and without a net no page of before is shown."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bank import clock
from tests import cast, server
from tests.statements.conftest import serve  # noqa: F401
from tests.stories.test_in_a_browser import sign_in

pytestmark = pytest.mark.browser
PAGES = ("/", "/passbook", "/board", "/board?subject=communities&measure=minutes", "/statements")
SENT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, each) => sum + each.transferSize, 0)"""
# Text of less than 16 px, and what is to be touched but lower than 44 px; links within a sentence are part of the text.
TOO_SMALL = """() => [...document.querySelectorAll("main *")].filter((each) => {
  const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const box = each.getBoundingClientRect();
  if (!box.width || each.closest("svg, .visually-hidden, option")) return false;
  const isTouched = each.matches("button, select, a.button, a.row-link");
  return (own && parseFloat(getComputedStyle(each).fontSize) < 16) || (isTouched && box.height < 44);
}).map((each) => each.outerHTML.slice(0, 90))"""
KEPT = """async () => {
  const names = await caches.keys();
  const lists = await Promise.all(names.map((name) => caches.open(name).then((store) => store.keys())));
  return lists.flat().map((each) => new URL(each.url).pathname);
}"""


@pytest.fixture
def stop() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def phone(app, alice, serve, chromium: Browser, tmp_path: Path, stop: ExitStack) -> Iterator[BrowserContext]:  # noqa: F811
    """alice's phone, signed in at a bank in which she has served."""
    serve(alice, 95, clock.today().replace(day=1), at=clock.now())
    bank = server.start(str(app.config["DATABASE_URL"]), tmp_path)
    stop.callback(bank.stop)
    phone = chromium.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, base_url=bank.url)
    page = phone.new_page()
    page.goto("/sign-in")
    sign_in(page, "alice")
    expect(page.get_by_role("heading", name=cast.NAMES["alice"])).to_be_visible()
    yield phone
    phone.close()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_volunteers_phone(phone: BrowserContext) -> None:
    page = phone.pages[0]
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    for width, height, language in ((360, 740, "zh"), (390, 844, "en")):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/language/{language}?next=/")
        for path in PAGES:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(TOO_SMALL) == [], path
    assert 0 < sent_to_a_new_phone(phone) < 150_000

    phone.set_offline(True)
    page.goto("/passbook", wait_until="commit")
    expect(page.get_by_text("现在连不上银行")).to_be_visible()
    assert not page.get_by_text(cast.NAMES["alice"]).count()
    kept = page.evaluate(KEPT)
    assert {each for each in kept if not each.startswith("/static/")} == {"/offline"}


def sent_to_a_new_phone(phone: BrowserContext) -> int:
    """What the first page sends to a phone that has nothing of it yet, as the browser counts it."""
    state = phone.storage_state()
    with_nothing = phone.browser.new_context(storage_state=state, service_workers="block")  # type: ignore[union-attr]
    page: Page = with_nothing.new_page()
    page.goto(phone.pages[0].url.partition("/statements")[0] + "/", wait_until="load")
    sent = int(page.evaluate(SENT))
    with_nothing.close()
    return sent
