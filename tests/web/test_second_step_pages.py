"""The second step on pages: turned on with a scan, asked for at every sign-in, taken once."""

import re
from datetime import datetime

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bank import clock
from bank.people.models import Person
from tests.browser import Browser
from tests.cast import PIN


def turn_on(browser: Browser) -> tuple[str, TestResponse]:
    page = browser.get("/me/second-step")
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', page.text)
    # The code of half a minute ago leaves the present one for signing in.
    code = pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // 30 - 1)
    return secret, browser.submit(page, to="second-step", code=code, pin=PIN)


def now_code(secret: str, at: datetime | None = None) -> str:
    return pyotp.TOTP(secret).at(at or clock.now())


@pytest.fixture
def halfway(app: Flask, dave: Person) -> tuple[Browser, str]:
    """A browser in which dave's PIN was right, and his phone's secret."""
    secret, _ = turn_on(Browser(app.test_client()).sign_in(dave))
    browser = Browser(app.test_client())
    assert browser.submit("/sign-in", login=dave.phone, pin=PIN, next="/people").location == "/sign-in/code"
    return browser, secret


def test_the_phones_code_leads_on_to_where_one_was_going(halfway: tuple[Browser, str]) -> None:
    browser, secret = halfway
    assert browser.submit("/sign-in/code", code=now_code(secret)).location == "/people"
    assert browser.get("/people").status_code == 200


def test_half_the_way_opens_nothing(halfway: tuple[Browser, str]) -> None:
    assert halfway[0].get("/people").location.startswith("/sign-in")


def test_a_code_seen_over_the_shoulder_is_worth_nothing(app: Flask, halfway: tuple[Browser, str], dave: Person) -> None:
    browser, secret = halfway
    code = now_code(secret)
    browser.submit("/sign-in/code", code=code)
    thief = Browser(app.test_client())
    thief.submit("/sign-in", login=dave.phone, pin=PIN)
    refused = thief.submit("/sign-in/code", code=code)
    assert refused.status_code == 400
    assert "验证码不对，或已经用过" in refused.text


def test_guessing_the_code_slows_down(halfway: tuple[Browser, str]) -> None:
    answers = [halfway[0].submit("/sign-in/code", code="000001").status_code for _ in range(7)]
    assert answers == [400] * 6 + [429]


def test_the_codes_for_paper_are_shown_once_and_open_once(client: FlaskClient, app: Flask, dave: Person) -> None:
    _, shown = turn_on(Browser(client).sign_in(dave))
    codes = re.findall(r"<li>([2-9A-Z ]{14})</li>", shown.text)
    assert len(codes) == 10
    browser = Browser(app.test_client())
    browser.submit("/sign-in", login=dave.phone, pin=PIN)
    assert browser.submit("/sign-in/code", code=codes[0]).status_code == 303
    assert codes[1] not in browser.get("/me/second-step").text


def test_new_codes_asked_for_twice_are_shown_once(client: FlaskClient, dave: Person) -> None:
    browser = Browser(client).sign_in(dave)
    turn_on(browser)
    action, fields = browser.form("/me/second-step", to="codes")
    first, again = (client.post(action, data=fields | {"pin": PIN}) for _ in range(2))
    assert first.status_code == 200
    assert again.status_code == 409
    assert "只显示一次" in again.text


def test_turning_on_ends_the_other_browsers(app: Flask, dave: Person) -> None:
    other, browser = (Browser(app.test_client()).sign_in(dave) for _ in range(2))
    turn_on(browser)
    assert browser.get("/me").status_code == 200
    assert other.get("/me").status_code == 303


@pytest.mark.parametrize(("page", "to"), [("/me/pin", "/me/pin"), ("/me/second-step", "second-step")])
def test_a_found_phone_gives_nobody_its_pin(client: FlaskClient, dave: Person, page: str, to: str) -> None:
    browser = Browser(client).sign_in(dave)
    typed = {"old_pin": "135791", "pin": "135791", "code": "000001"}
    answers = [browser.submit(page, to=to, **typed).status_code for _ in range(7)]
    assert answers == [400] * 6 + [429]


def test_a_wrong_code_keeps_the_secret_that_was_scanned(client: FlaskClient, dave: Person) -> None:
    browser = Browser(client).sign_in(dave)
    page = browser.get("/me/second-step")
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', page.text)
    refused = browser.submit(page, to="second-step", code="000001", pin=PIN)
    assert refused.status_code == 400
    assert secret in refused.text


def test_five_minutes_after_the_first_step_it_is_asked_again(halfway: tuple[Browser, str]) -> None:
    browser, _ = halfway
    with browser.client.session_transaction() as session:
        session["halfway"] = session["halfway"] | {"until": 0}
    assert browser.get("/sign-in/code").location == "/sign-in"


def test_another_admin_turns_it_off_at_the_desk(client: FlaskClient, app: Flask, bob: Person, dave: Person) -> None:
    turn_on(Browser(client).sign_in(bob))
    desk = Browser(app.test_client()).sign_in(dave)
    assert desk.submit(f"/people/{bob.id}/pin", to="second-step/reset").status_code == 303
    Browser(app.test_client()).sign_in(bob)
