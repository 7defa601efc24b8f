"""Chinese by default, English by one tap, back on the same page."""

import re

import pytest
from flask.testing import FlaskClient

from bank.people.models import Person
from tests.browser import Browser


def test_chinese_whatever_the_browser_prefers(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "en-US"})
    assert '<html lang="zh-CN">' in page.text


def test_one_tap_turns_to_english_and_back_on_the_same_page(client: FlaskClient) -> None:
    chinese = client.get("/sign-in?next=/rewards/")
    english = client.get(_switch(chinese.text), follow_redirects=True)
    assert english.request.full_path == chinese.request.full_path
    assert '<html lang="en">' in english.text
    assert "Phone or card number" in english.text
    assert "手机号或卡号" in client.get(_switch(english.text), follow_redirects=True).text


def test_after_a_refused_form_the_switch_leads_to_the_form(client: FlaskClient) -> None:
    _, fields = Browser(client).form("/sign-in")
    headers = {"Referer": "http://localhost/sign-in?next=/rewards/"}
    refused = client.post("/sign-in", data=fields | {"login": "1", "pin": "1"}, headers=headers)
    assert client.get(_switch(refused.text)).location == "/sign-in?next=/rewards/"


def test_switch_never_leads_to_another_site(client: FlaskClient) -> None:
    assert client.get("/language/en?next=https://evil.example/").location == "/"


def test_unknown_language_is_not_found(client: FlaskClient) -> None:
    assert client.get("/language/tlh").status_code == 404


@pytest.mark.parametrize("path", ["/", "/rewards/", "/no-such-page"])
def test_switch_is_on_every_page(client: FlaskClient, alice: Person, path: str) -> None:
    assert _switch(Browser(client).sign_in(alice).get(path).text).startswith("/language/en")


def _switch(page: str) -> str:
    found = re.search(r'href="(/language/[^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")
