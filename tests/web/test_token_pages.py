"""Tokens: made on a page, shown once, opening only their part of the API, ended in one click."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bank import clock
from bank.access import queries
from bank.access.actions import create_token
from bank.db import transaction
from bank.people.models import Person
from tests.browser import Browser
from tests.clients import ApiClient


def token_of(app: Flask, person: Person, *scopes: str) -> ApiClient:
    at = clock.now()
    with transaction():
        _, secret = create_token(
            by=None, person_id=person.id, name="测试", expires_at=at + timedelta(days=1), at=at, scopes=scopes
        )
    return ApiClient(app.test_client(), secret)


def test_a_token_is_shown_once(client: FlaskClient, alice: Person) -> None:
    browser = Browser(client).sign_in(alice)
    action, fields = browser.form("/me/tokens", to="/me/tokens")
    sent = fields | {"name": "门口扫码机", "scopes": ["read"], "days": "30"}
    shown, again = (client.post(action, data=sent) for _ in range(2))
    [secret] = re.findall(r'class="secret">([\w-]{43})<', shown.text)
    assert queries.token_owner(secret, clock.now()) == alice
    assert again.status_code == 409
    assert secret not in browser.get("/me/tokens").text + again.text


def test_a_token_without_a_scope_is_refused_at_the_form(client: FlaskClient, alice: Person) -> None:
    browser = Browser(client).sign_in(alice)
    action, fields = browser.form("/me/tokens", to="/me/tokens")
    del fields["scopes"]
    assert client.post(action, data=fields | {"name": "门口扫码机", "days": "30"}).status_code == 400


@pytest.mark.parametrize(
    ("scopes", "may_read", "may_write"), [(("read",), 200, 403), (("check_in",), 403, 403), (("all",), 200, 200)]
)
def test_a_token_opens_only_its_part(app: Flask, alice: Person, scopes: tuple[str, ...], may_read: int, may_write: int) -> None:
    api = token_of(app, alice, *scopes)
    assert api.get("/me").status_code == may_read
    assert api.put("/me/consents/board", json={"is_given": True}).status_code == may_write


def test_a_missing_scope_is_said_in_words(app: Flask, alice: Person) -> None:
    refused = token_of(app, alice, "counter").get("/me")
    assert refused.json is not None
    assert refused.json["code"] == "scope_missing"


def test_a_scope_gives_no_role(app: Flask, alice: Person) -> None:
    assert token_of(app, alice, "all").get("/tokens").json["code"] == "role_missing"  # type: ignore[index]


def test_no_token_makes_another(app: Flask, alice: Person) -> None:
    assert token_of(app, alice, "all").post("/me/tokens", json={}).status_code == 405


def test_one_click_ends_it(client: FlaskClient, app: Flask, alice: Person) -> None:
    api = token_of(app, alice, "read")
    assert Browser(client).sign_in(alice).submit("/me/tokens", to="revoke").status_code == 303
    assert api.get("/me").status_code == 401


def test_the_admin_sees_all_tokens_of_the_unit_and_ends_them(
    client: FlaskClient, app: Flask, alice: Person, dave: Person
) -> None:
    api = token_of(app, alice, "read")
    desk = Browser(client).sign_in(dave)
    assert alice.name in desk.get("/tokens").text
    desk.submit("/tokens", to="revoke")
    assert api.get("/me").status_code == 401


def test_the_auditor_looks_and_ends_nothing(client: FlaskClient, app: Flask, alice: Person, erin: Person) -> None:
    token_of(app, alice, "read")
    page = Browser(client).sign_in(erin).get("/tokens")
    assert alice.name in page.text
    assert "/revoke" not in page.text


def test_last_use_is_seen_but_not_written_at_every_call(app: Flask, alice: Person) -> None:
    api = token_of(app, alice, "read")
    api.get("/me")
    assert queries.tokens(alice.id)[0].last_used_at is None
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        api.get("/me")
    assert queries.tokens(alice.id)[0].last_used_at is not None


def test_the_document_says_which_scope_a_call_needs(client: FlaskClient) -> None:
    paths: Any = client.get("/api/v1/openapi.json").json
    assert paths["paths"]["/api/v1/me"]["get"]["x-scope"] == "read"
    assert paths["paths"]["/api/v1/devices"]["post"]["x-scope"] == "all"
