"""Devices on pages and on the API: one code joins, the place is known, revoking works at once."""

import re
from typing import Any

import pytest
import time_machine
from flask import Flask, g
from flask.testing import FlaskClient

from bank import clock
from bank.devices.queries import devices
from bank.people.models import Person, Unit
from bank.web.auth import access
from tests.browser import Browser


def code_for(browser: Browser, unit: Unit, scope: str = "display") -> str:
    shown = browser.submit("/devices/new", name="大厅屏幕", scope=scope, unit_id=str(unit.id))
    [code] = re.findall(r'class="code-to-show">(\d{4} \d{4})<', shown.text)
    return str(code)


@pytest.fixture
def desk(app: Flask, dave: Person) -> Browser:
    """The admin's own browser."""
    return Browser(app.test_client()).sign_in(dave)


@pytest.fixture
def probe(app: Flask) -> None:
    """Routes that tell which device is asking: one for displays alone, one for the API."""

    @access("display")
    def for_displays() -> str:
        return f"{g.device.name if g.device else None} {g.person.name if g.person else None}"

    @access("member")
    def for_members() -> str:
        return f"{g.device.name if g.device else None} {g.person.name}"

    if "probe" not in app.view_functions:
        app._got_first_request = False
        app.add_url_rule("/probe", "probe", for_displays)
        app.add_url_rule("/api/v1/probe", "api_probe", for_displays)
        app.add_url_rule("/api/v1/probe-member", "api_probe_member", for_members)


def test_a_screen_joins_and_shows_the_board_of_its_place(client: FlaskClient, desk: Browser, community: Unit) -> None:
    screen = Browser(client)
    joined = screen.submit("/join", code=code_for(desk, community))
    assert joined.location == "/display"
    assert community.name in screen.get(joined.location).text


def test_a_screen_knows_its_place_without_being_told(client: FlaskClient, desk: Browser, community: Unit) -> None:
    assert community.name not in client.get("/display").text
    Browser(client).submit("/join", code=code_for(desk, community))
    assert community.name in client.get("/display").text


def test_a_screen_needs_nobody_signed_in(client: FlaskClient, desk: Browser, community: Unit, probe: None) -> None:
    assert client.get("/probe").location.startswith("/sign-in")
    Browser(client).submit("/join", code=code_for(desk, community))
    assert client.get("/probe").text == "大厅屏幕 None"


def test_a_counter_is_no_screen(client: FlaskClient, desk: Browser, community: Unit, probe: None) -> None:
    assert Browser(client).submit("/join", code=code_for(desk, community, "counter")).location == "/sign-in?next=/counter/"
    assert client.get("/probe").status_code == 303


def test_revoking_works_at_once(client: FlaskClient, desk: Browser, community: Unit, probe: None) -> None:
    Browser(client).submit("/join", code=code_for(desk, community))
    assert client.get("/probe").status_code == 200
    assert desk.submit("/devices", to="revoke").status_code == 303
    assert client.get("/probe").status_code == 303
    assert "停用" in desk.get("/devices").text


def test_the_devices_cookie_is_out_of_reach_of_scripts(client: FlaskClient, desk: Browser, community: Unit) -> None:
    Browser(client).submit("/join", code=code_for(desk, community))
    cookie = client.get_cookie("device")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.secure) == (True, "Lax", False)


def test_signing_out_leaves_the_device_what_it_is(
    client: FlaskClient, desk: Browser, community: Unit, probe: None, carol: Person
) -> None:
    screen = Browser(client)
    screen.submit("/join", code=code_for(desk, community))
    screen.sign_in(carol).submit("/me", to="sign-out")
    assert client.get("/probe").text == "大厅屏幕 None"


def test_a_join_sent_twice_gives_no_second_token(client: FlaskClient, desk: Browser, community: Unit) -> None:
    action, fields = Browser(client).form("/join")
    sent = fields | {"code": code_for(desk, community)}
    assert [client.post(action, data=sent).status_code for _ in range(2)] == [303, 409]


def test_guessing_join_codes_slows_down(client: FlaskClient, desk: Browser, community: Unit) -> None:
    screen = Browser(client)
    action, fields = screen.form("/join")
    answers = [client.post(action, data=fields | {"code": f"{number:08}", "idempotency_key": f"k{number}"}).status_code
               for number in range(102)]  # fmt: skip
    assert answers == [404] * 101 + [429]


def test_the_code_in_the_address_is_filled_in(client: FlaskClient) -> None:
    assert 'value="12345678"' in client.get("/join?code=1234-5678").text


def test_a_program_joins_and_shows_its_token(client: FlaskClient, api: Any, dave: Person, community: Unit, probe: None) -> None:
    added = api(dave).post("/devices", json={"name": "大屏主机", "unit_id": community.id, "scope": "display"})
    joined = client.post("/api/v1/devices/join", json={"code": added.json["code"]}, headers={"Idempotency-Key": "join"})
    headers = {"Authorization": f"Bearer {joined.json['token']}"}
    assert client.get("/api/v1/probe", headers=headers).text == "大屏主机 None"
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    assert client.get("/probe", headers=headers).status_code == 303


def test_a_persons_token_may_say_which_device_it_is_used_on(
    client: FlaskClient, api: Any, dave: Person, community: Unit, probe: None
) -> None:
    added = api(dave).post("/devices", json={"name": "东门扫码枪", "unit_id": community.id, "scope": "check_in"})
    joined = client.post("/api/v1/devices/join", json={"code": added.json["code"]}, headers={"Idempotency-Key": "join"})
    assert api(dave).get("/probe-member", headers={"Bank-Device": joined.json["token"]}).text == f"东门扫码枪 {dave.name}"
    assert api(dave).get("/probe-member", headers={"Bank-Device": "device-forged"}).text == f"None {dave.name}"


def test_last_use_is_seen_but_not_written_at_every_request(
    client: FlaskClient, desk: Browser, community: Unit, dave: Person, probe: None
) -> None:
    Browser(client).submit("/join", code=code_for(desk, community))
    [device] = devices(by=dave)
    joined_at = device.last_used_at
    client.get("/probe")
    assert devices(by=dave)[0].last_used_at == joined_at
    with time_machine.travel(clock.now().replace(year=2027), tick=False):
        client.get("/probe")
    assert devices(by=dave)[0].last_used_at.year == 2027  # type: ignore[union-attr]


@pytest.mark.parametrize("path", ["/devices", "/devices/new", "/tokens"])
def test_devices_are_the_admins_affair(client: FlaskClient, alice: Person, path: str) -> None:
    assert Browser(client).sign_in(alice).get(path).status_code == 403
