"""In a real browser, every page in each language: usable by everybody, by day and by night, and no wider than its screen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bank.people.models import Person
from tests import axe, server
from tests.demo.loaded import walk

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_doors")]
SIZES = ((360, 740), (390, 844), (768, 1024), (1366, 768), (1920, 1080))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LARGER = "() => document.documentElement.classList.add('is-large')"
FILES = {"xlsx", "csv", "pdf", "png", "svg", "json"}


@dataclass(frozen=True)
class Visit:
    """An address, and the cookie of who opens it."""

    path: str
    session: str | None


@pytest.fixture
def kind() -> str:
    """What pages look like is the same on both databases."""
    return "sqlite"


@pytest.fixture
def visits(app: Flask, players: dict[str, Person], chief: Person) -> list[Visit]:
    """One page of each kind: as a volunteer who has served, as one with every role, and as a stranger."""
    found: dict[str, Visit] = {}
    for person in (players["volunteer"], chief, None):
        client = walk.signed_in(app, person) if person else app.test_client()
        session = client.get_cookie("bank")
        for endpoint, paths in walk.explore(app, client).pages.items():
            if _is_page(client, paths[:1]):
                found.setdefault(f"{endpoint} {'home' in endpoint and person}", Visit(paths[0], session and session.value))
    return list(found.values())


@pytest.fixture
def address(app: Flask, visits: list[Visit], tmp_path: Path) -> Iterator[str]:
    """Where a server shows the town."""
    started = server.start(app.config["DATABASE_URL"], tmp_path)
    yield started.url
    started.stop()


@pytest.fixture
def desk(address: str) -> Iterator[Callable[..., BrowserContext]]:
    """A browser whose cookies say how pages are wanted."""
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)

        def opened(**cookies: str) -> BrowserContext:
            context = browser.new_context(base_url=address)
            context.set_default_timeout(20_000)
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
            return context

        yield opened
        browser.close()


@pytest.mark.parametrize(("language", "look"), [("zh", "light"), ("en", "dark")])
def test_every_page_is_usable_by_everybody_and_fits_every_screen(
    language: str, look: str, desk: Callable[..., BrowserContext], visits: list[Visit], address: str
) -> None:
    context = desk(language=language, look=look)
    page, wrong = context.new_page(), []
    for visit in visits:
        context.clear_cookies(name="bank")
        if visit.session:
            context.add_cookies([{"name": "bank", "value": visit.session, "url": address}])
        page.goto(visit.path)
        wrong += [f"{visit.path}: {each}" for each in (*axe.violations(page), *_too_wide(page))]
    assert "\n".join(wrong) == ""


def _is_page(client: Any, paths: list[str]) -> bool:
    return bool(paths) and client.get(paths[0]).mimetype == "text/html" and client.get(paths[0]).status_code == 200


def _too_wide(page: Page) -> Iterator[str]:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if (wider := page.evaluate(WIDER)) > 0:
            yield f"{wider} px too wide at {width} x {height}"
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    page.evaluate(LARGER)
    if (wider := page.evaluate(WIDER)) > 0:
        yield f"{wider} px too wide in large text"
