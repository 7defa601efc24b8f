"""What a browser is told, and what it may not be made to do."""

import re

from flask.testing import FlaskClient

from bank.app import create_app
from bank.people.models import Person
from tests.browser import Browser
from tests.cases import cases
from tests.server import ROOT, SECRET


@cases("path", ["/", "/sign-in", "/api/docs", "/api/v1/openapi.json", "/no-such-page", "/static/look/parts.css"])
def test_every_answer_carries_the_policy(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_form_without_our_token_is_refused(client: FlaskClient, alice: Person) -> None:
    answer = client.post("/sign-in", data={"login": alice.phone, "pin": "246810"})
    assert answer.status_code == 400
    assert "form_expired" in answer.text


def test_pages_are_not_kept_by_the_browser(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_files_are_kept_by_the_browser_under_a_name_that_changes_with_them(client: FlaskClient) -> None:
    page = client.get("/").text
    addresses = re.findall(r'(?:href|src)="(/(?:bootstrap/)?static/[^"]+)"', page)
    assert len(addresses) >= 3
    for address in addresses:
        assert "v=" in address
        with client.get(address) as file:
            assert "max-age=31536000" in file.headers["Cache-Control"]


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, alice: Person) -> None:
    Browser(client).sign_in(alice)
    cookie = client.get_cookie("bank")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.secure) == (True, "Lax", False)


def test_session_cookie_travels_only_by_https_where_there_is_https() -> None:
    assert create_app({"SECRET_KEY": SECRET, "HTTPS": True}).config["SESSION_COOKIE_SECURE"] is True


def test_no_template_has_inline_script_or_style() -> None:
    for path in sorted((ROOT / "bank" / "web" / "templates").rglob("*.html")):
        inline = re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", path.read_text("utf-8"))
        assert inline is None, f"{path}: {inline[0]}"
