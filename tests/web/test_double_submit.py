"""In a real browser: a form is sent once, however often its button is pressed, and whoever waits sees that it goes on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route, expect

from tests import cast
from tests.server import Server


@pytest.mark.browser
def test_a_form_is_sent_once_however_often_it_is_pressed(new_server: Callable[..., Server], chromium: Browser) -> None:
    url = new_server("sqlite").url
    page = chromium.new_page()
    held: list[Route] = []
    page.goto(f"{url}/sign-in")
    page.route("**/sign-in", lambda route: held.append(route))
    page.fill("#login", cast.PHONES["alice"])
    page.fill("#pin", cast.PIN)
    page.evaluate("for (const wait of [0, 100, 200]) setTimeout(() => document.querySelector('main button').click(), wait)")
    page.wait_for_timeout(500)  # The server is slow to answer, and somebody presses again.
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_url(f"{url}/")


@pytest.mark.browser
def test_whoever_waits_for_a_file_sees_that_it_goes_on_until_it_has_come(
    new_server: Callable[..., Server], chromium: Browser
) -> None:
    url = new_server("sqlite").url
    page = chromium.new_page()
    page.goto(f"{url}/sign-in?next=/people")
    page.fill("#login", cast.PHONES["dave"])
    page.fill("#pin", cast.PIN)
    page.clock.install()
    page.press("#pin", "Enter")
    page.wait_for_url(f"{url}/people")
    # The request stays away until it is made by hand: a server that is slow to answer.
    page.evaluate("() => document.addEventListener('click', (event) => event.preventDefault())")
    page.click("a[href*='as=csv']")
    page.clock.run_for(3000)
    expect(page.locator("#busy")).to_contain_text("3")
    page.evaluate("() => fetch(document.querySelector('a[href*=\"as=csv\"]').href)")
    page.clock.run_for(1000)
    expect(page.locator("#busy")).to_be_hidden()


@pytest.mark.browser
def test_a_file_of_a_form_leaves_its_other_buttons_and_the_import_says_how_far_it_is(
    new_server: Callable[..., Server], chromium: Browser
) -> None:
    url = new_server("sqlite").url
    rows = "".join(f"林{name},门房代收,向阳社区\n" for name in "甲乙丙")
    page = chromium.new_page()
    page.goto(f"{url}/sign-in?next=/people/import")
    page.fill("#login", cast.PHONES["dave"])
    page.fill("#pin", cast.PIN)
    page.press("#pin", "Enter")
    table = f"姓名,其他联系方式,所属社区\n{rows}".encode()
    page.set_input_files("#file", {"name": "people.csv", "mimeType": "text/csv", "buffer": table})
    page.click("main form .button-primary")
    with page.expect_download():
        page.click("[data-file]")
    page.route("**/waiting/*", lambda route: route.fulfill(json={"done": 2, "total": 3}))
    # The form stays away until it is sent by hand: a server that is slow to answer.
    page.evaluate("() => document.addEventListener('submit', (event) => event.preventDefault())")
    page.click("main form .button-primary")
    expect(page.locator("#busy")).to_contain_text("2 / 3")
    page.evaluate("() => document.querySelector('main form').submit()")
    page.wait_for_url(f"{url}/people")
