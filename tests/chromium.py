"""One headless Chromium for the tests of a process that follow each other and want one: to start it takes seconds."""

from contextlib import ExitStack
from functools import cache

from playwright.sync_api import Browser, expect, sync_playwright

PROGRAM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

PATIENCE = 20_000  # Milliseconds a page may take where two processors carry servers, browsers and two databases.

_open = ExitStack()


@cache
def browser() -> Browser:
    """The browser, started when it is first asked for."""
    expect.set_options(timeout=PATIENCE)
    playwright = _open.enter_context(sync_playwright())
    launched = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
    _open.callback(launched.close)
    return launched


def close() -> None:
    """End it with the loop of its driver, beside which nothing else could have a loop."""
    browser.cache_clear()
    _open.close()
