"""How pages look is the reader's choice, held in two cookies; the parts are on one page, help is on each."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bank.ledger.queries import Held
from bank.people.models import Person
from bank.web import guides
from bank.web.flow import MEMBERS, flow
from bank.web.menu import ITEMS
from tests.browser import Browser

WORK = {each.endpoint for each in ITEMS}
TEMPLATES = Path(guides.__file__).parent / "templates"
STACKED = re.compile(r"<table class=\"table stacked.*?</table>", re.DOTALL)


def test_large_text_takes_one_tap_and_one_back(client: FlaskClient) -> None:
    back = client.get("/text/large?next=/sign-in")
    assert back.location == "/sign-in"
    assert 'class="is-large"' in client.get("/sign-in").text
    client.get("/text/normal")
    assert 'class="is-large"' not in client.get("/sign-in").text


@pytest.mark.parametrize(
    ("wanted", "media"),
    [("auto", 'media="screen and (prefers-color-scheme: dark)"'), ("dark", 'media="screen"'), ("light", None)],
)
def test_the_night_is_the_devices_or_the_readers_choice(client: FlaskClient, wanted: str, media: str | None) -> None:
    client.get(f"/look/{wanted}")
    link = re.search(r"<link[^>]*dark\.css[^>]*>", client.get("/").text)
    assert (media in link[0]) if link and media else (link is None and media is None)


@pytest.mark.parametrize("path", ["/look/pink", "/text/huge", "/help/king"])
def test_what_nobody_offers_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_forged_cookie_is_as_good_as_none(client: FlaskClient) -> None:
    client.set_cookie("look", '"><script>')
    client.set_cookie("text", "x" * 4000)
    page = client.get("/").text
    assert "is-large" not in page
    assert "<script>" not in page


def test_a_choice_never_leads_to_another_site(client: FlaskClient) -> None:
    assert client.get("/look/dark?next=https://evil.example/").location == "/"


def test_every_page_of_the_menu_has_help(app: Flask) -> None:
    assert {each for each in WORK if each in app.view_functions} - set(guides.PAGES) == set()


def test_help_is_about_pages_that_exist(app: Flask) -> None:
    later = {"jobs.jobs"}
    assert set(guides.PAGES) - set(app.view_functions) - later == set()


def test_help_is_that_of_the_own_role(client: FlaskClient, carol: Person, alice: Person) -> None:
    words = str(guides.PAGES["home.home"]["clerk"][0])
    assert words in Browser(client).sign_in(carol).get("/").text
    client.post("/sign-out", data=Browser(client).form("/", to="sign-out")[1])
    assert words not in Browser(client).sign_in(alice).get("/").text


@pytest.mark.parametrize("role", list(guides.GUIDES))
def test_each_role_has_a_sheet_in_both_languages(client: FlaskClient, role: str) -> None:
    chinese = client.get(f"/help/{role}").text
    assert str(guides.GUIDES[role].title) in chinese
    client.get("/language/en")
    assert "Keep in mind" in client.get(f"/help/{role}").text


def test_each_cell_of_a_table_that_stands_in_lines_on_a_phone_names_its_column() -> None:
    tables = [each for file in TEMPLATES.rglob("*.html") for each in STACKED.findall(file.read_text("utf-8"))]
    assert len(tables) > 15
    for table in tables:
        head, body = table.split("<tbody>")
        rows = re.findall(r"<tr\b.*?</tr>", body, re.DOTALL)
        assert rows
        for row in rows:
            assert row.count("<td") == row.count(" data-label=") == len(re.findall(r"<th\b", head)), row


def test_what_depends_on_the_language_is_written_for_each_reader() -> None:
    # Jinja writes a constant once, when it compiles the template, in the language of whoever came first.
    constant = re.compile(r"[^\w.)]\d+\|(minutes|people|day|weekday|month|short_month)\b")
    assert [file.name for file in TEMPLATES.rglob("*.html") if constant.search(file.read_text("utf-8"))] == []


def test_each_language_has_its_own_hours_on_the_page_of_parts(client: FlaskClient) -> None:
    assert "1 小时 35 分" in client.get("/style").text
    client.get("/language/en")
    assert "1 h 35 min" in client.get("/style").text


def test_the_flow_of_points_comes_to_what_was_given() -> None:
    accounts = [
        Held(1, "issued/a", "points", -700), Held(2, "issued/b", "points", -300), Held(3, "redeemed", "points", 400),
        Held(4, "expired", "points", 100), Held(5, "served", "minutes", -60), Held(6, "strange", "points", 50),
    ]  # fmt: skip
    picture = flow(accounts, members=450)
    assert picture is not None
    assert picture.given == sum(each.points for each in picture.bands) == 1000
    assert [(each.code, each.account_id) for each in picture.bands] == [
        ("redeemed", 3),
        ("expired", 4),
        (MEMBERS, None),
        ("strange", 6),
    ]
    assert picture.bands[-1].top + picture.bands[-1].height <= 240


def test_there_is_no_flow_before_the_first_point() -> None:
    assert flow([], members=0) is None
