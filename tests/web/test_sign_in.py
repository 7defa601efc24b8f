"""Signing in: phone or card and PIN, one face never taking the other's proof, and safe ways on."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bank.access import actions
from bank.db import transaction
from bank.people.actions import grant_role
from bank.people.models import Person
from tests.browser import Browser
from tests.cases import cases
from tests.cast import AT, PIN


def test_alice_signs_in_with_her_phone(client: FlaskClient, alice: Person) -> None:
    page = Browser(client).sign_in(alice).get("/")
    assert alice.name in page.text


def test_alice_signs_in_with_her_card_typed_in_groups(client: FlaskClient, alice: Person) -> None:
    card = f"{alice.card_number[:4]} {alice.card_number[4:]}"
    assert Browser(client).submit("/sign-in", login=card, pin=PIN).status_code == 303


def test_wrong_pin_is_refused_in_words_and_keeps_the_login(client: FlaskClient, alice: Person) -> None:
    refused = Browser(client).submit("/sign-in", login=alice.phone, pin="135791")
    assert refused.status_code == 403
    assert "手机号、卡号或密码不对" in refused.text
    assert alice.phone in refused.text
    assert "135791" not in refused.text


def test_unknown_phone_gets_the_same_words(client: FlaskClient) -> None:
    refused = Browser(client).submit("/sign-in", login="13900000000", pin=PIN)
    assert refused.status_code == 403
    assert "手机号、卡号或密码不对" in refused.text


def test_empty_pin_is_named_at_the_field(client: FlaskClient, alice: Person) -> None:
    refused = Browser(client).submit("/sign-in", login=alice.phone, pin="")
    assert refused.status_code == 400
    assert 'id="pin-error"' in refused.text


def test_seventh_guess_in_a_minute_waits(client: FlaskClient, alice: Person) -> None:
    browser = Browser(client)
    answers = [browser.submit("/sign-in", login=alice.phone, pin="135791").status_code for _ in range(7)]
    assert answers == [403] * 6 + [429]
    assert browser.submit("/sign-in", login=alice.phone, pin=PIN).status_code == 429


def test_signing_in_rightly_is_never_too_often(client: FlaskClient, alice: Person) -> None:
    for _ in range(8):
        browser = Browser(client).sign_in(alice)
        browser.submit("/", to="sign-out")


def test_signing_out_forgets_alice(client: FlaskClient, alice: Person) -> None:
    browser = Browser(client).sign_in(alice)
    assert browser.submit("/", to="sign-out").status_code == 303
    assert alice.name not in browser.get("/").text


def test_signing_in_starts_a_new_session(client: FlaskClient, alice: Person) -> None:
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by someone else"
    Browser(client).sign_in(alice)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_new_pin_signs_out_other_browsers(client: FlaskClient, alice: Person) -> None:
    browser = Browser(client).sign_in(alice)
    with transaction():
        actions.set_pin(by=None, person_id=alice.id, pin="975310", at=AT)
    assert alice.name not in browser.get("/").text


def test_staff_stay_signed_in_only_while_the_browser_is_open(client: FlaskClient, alice: Person, carol: Person) -> None:
    kept = {who: _session_cookie(client, who) for who in (alice, carol)}
    assert "Expires" in kept[alice]
    assert "Expires" not in kept[carol]


def test_the_screen_in_the_hall_stays_signed_in(client: FlaskClient, alice: Person) -> None:
    with transaction():
        grant_role(by=None, person_id=alice.id, role="display", unit_id=alice.unit_id, at=AT)
    assert "Expires" in _session_cookie(client, alice)


def test_a_page_for_members_asks_to_sign_in_and_leads_back(client: FlaskClient, alice: Person) -> None:
    asked = client.get("/rewards/?from=home")
    assert asked.status_code == 303
    assert Browser(client).submit(asked.location, login=alice.phone, pin=PIN).location == "/rewards/?from=home"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", ""]
)
def test_signing_in_never_leads_to_another_site(client: FlaskClient, alice: Person, target: str) -> None:
    answer = Browser(client).submit("/sign-in", login=alice.phone, pin=PIN, next=target)
    assert answer.location == "/"


def test_cookie_opens_no_api(client: FlaskClient, alice: Person) -> None:
    answer = Browser(client).sign_in(alice).get("/api/v1/rewards")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json and answer.json["code"] == "sign_in_needed"


def test_token_opens_no_page(app: Flask, api: Any, carol: Person) -> None:
    headers = api(carol).headers
    assert app.test_client().get("/counter/", headers=headers).status_code == 303


def test_token_opens_the_api_and_sets_no_cookie(api: Any, alice: Person) -> None:
    answer = api(alice).get("/rewards")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@cases("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "bearer \udcff"])
def test_bad_token_is_refused(client: FlaskClient, header: str) -> None:
    assert client.get("/api/v1/rewards", headers={"Authorization": header.encode("utf-8", "replace").decode()}).status_code == 401


def test_role_is_needed_and_missing_said_in_words(client: FlaskClient, alice: Person) -> None:
    refused = Browser(client).sign_in(alice).get("/counter/")
    assert refused.status_code == 403
    assert "岗位权限" in refused.text


def test_signing_in_elsewhere_goes_on_while_somebody_guesses(app: Flask, alice: Person) -> None:
    hers = Browser(app.test_client()).sign_in(alice)
    hers.submit("/", to="sign-out")
    stranger = Browser(app.test_client())
    for _ in range(7):
        stranger.submit("/sign-in", login=alice.phone, pin="135791")
    assert stranger.submit("/sign-in", login=alice.phone, pin=PIN).status_code == 429
    hers.sign_in(alice)


def test_who_must_wait_is_told_how_long(client: FlaskClient, alice: Person) -> None:
    browser = Browser(client)
    for _ in range(6):
        browser.submit("/sign-in", login=alice.phone, pin="135791")
    waiting = browser.submit("/sign-in", login=alice.phone, pin="135791")
    assert re.search("请等 [12] 秒", waiting.text)


def test_a_forged_cookie_makes_no_browser_known(client: FlaskClient, alice: Person) -> None:
    client.set_cookie("known", "eyJhIjoiYiJ9.forged")
    assert Browser(client).submit("/sign-in", login=alice.phone, pin="135791").status_code == 403


def test_what_the_browser_keeps_names_nobody_in_the_open(client: FlaskClient, alice: Person) -> None:
    Browser(client).sign_in(alice)
    cookie = client.get_cookie("known")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    assert alice.phone not in cookie.value


def test_signing_out_everywhere_ends_the_other_browser(app: Flask, alice: Person) -> None:
    here, there = (Browser(app.test_client()).sign_in(alice) for _ in range(2))
    assert here.submit("/me/security", to="everywhere").status_code == 303
    for browser in (here, there):
        assert browser.get("/me").location.startswith("/sign-in")


def test_a_session_from_before_signing_in_is_worth_nothing(app: Flask, alice: Person) -> None:
    planted = app.test_client()
    planted.get("/sign-in")
    cookie = planted.get_cookie("bank")
    victim = app.test_client()
    victim.set_cookie("bank", cookie.value if cookie else "")
    Browser(victim).sign_in(alice)
    assert planted.get("/me").status_code == 303


STRANGERS_MAY = {
    "activation.activate", "api_access.activate", "devices.join", "api_devices.join",
    "recipient.rate", "recipient.comment", "api_evaluations.rate_by_code", "api_evaluations.comment_by_code",
    "micro_hours.confirm", "micro_hours.deny", "api_micro_hours.confirm", "api_micro_hours.deny",
    "orders.rate", "orders.cancel", "api_orders.rate", "api_orders.cancel",
    "orders.send", "orders.find", "api_orders.ask",  # Anybody may ask for help.
}  # fmt: skip


def test_strangers_change_only_what_a_code_from_the_bank_opens(app: Flask) -> None:
    views = app.view_functions.items()
    found = {name for name, view in views if getattr(view, "writes", False) and "public" in view.access}  # type: ignore[attr-defined]
    assert found == STRANGERS_MAY


def _session_cookie(client: FlaskClient, person: Person) -> str:
    browser = Browser(client)
    answer = browser.submit("/sign-in", login=person.phone, pin=PIN)
    browser.submit("/", to="sign-out")
    return next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("bank="))
