"""The first sign-in: the desk hands out a code, the member's phone sets a PIN and is signed in."""

import io
import re

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from bank.people.models import Person
from tests.browser import Browser


@pytest.fixture
def code(app: Flask, dave: Person, alice: Person) -> str:
    """What the desk's screen shows for alice."""
    shown = Browser(app.test_client()).sign_in(dave).submit(f"/people/{alice.id}/pin", to="invitation")
    [code] = re.findall(r'class="code-to-show">([2-9A-Z ]{14})<', shown.text)
    return str(code).replace(" ", "")


def test_a_phone_sets_the_pin_and_is_signed_in(client: FlaskClient, code: str, alice: Person) -> None:
    phone = Browser(client)
    assert "安*，您好" in phone.get(f"/activate/{code}").text
    assert phone.submit(f"/activate/{code}", pin="975310", again="975310").location == "/"
    assert alice.name in phone.get("/me").text
    Browser(client).submit("/", to="sign-out")
    phone.sign_in(alice, "975310")


def test_looking_uses_nothing_up(client: FlaskClient, code: str) -> None:
    for _ in range(3):
        assert client.get(f"/activate/{code}").status_code == 200


def test_a_form_whose_answer_was_lost_leads_to_the_same_place(client: FlaskClient, code: str) -> None:
    action, fields = Browser(client).form(f"/activate/{code}", to="activate")
    sent, cookie = fields | {"pin": "975310", "again": "975310"}, client.get_cookie("bank")
    assert client.post(action, data=sent).location == "/"
    client.set_cookie("bank", cookie.value if cookie else "")
    assert client.post(action, data=sent).location == "/"


def test_a_used_code_says_so(client: FlaskClient, app: Flask, code: str) -> None:
    Browser(client).submit(f"/activate/{code}", pin="975310", again="975310")
    late = app.test_client().get(f"/activate/{code}")
    assert late.status_code == 409
    assert "再领一张激活单" in late.text


def test_two_different_pins_are_refused_in_words(client: FlaskClient, code: str) -> None:
    refused = Browser(client).submit(f"/activate/{code}", pin="975310", again="975311")
    assert refused.status_code == 400
    assert "两次输入的密码不一样" in refused.text


def test_a_made_up_code_is_not_found(client: FlaskClient) -> None:
    assert client.get("/activate/AAAABBBBCCCC").status_code == 404


def test_the_code_can_be_typed_where_no_camera_reads_it(client: FlaskClient, code: str) -> None:
    typed = f"{code[:4]} {code[4:8]} {code[8:]}".lower()
    assert client.get("/activate", query_string={"code": typed}).location == f"/activate/{code}"
    assert "12 位" in client.get("/activate?code=1234").text


def test_the_sheet_can_be_printed(client: FlaskClient, dave: Person, alice: Person) -> None:
    desk = Browser(client).sign_in(dave)
    action, fields = desk.form(f"/people/{alice.id}/pin", to="invitation")
    sheet = client.post(action, data=fields | {"paper": "1"})
    assert sheet.mimetype == "application/pdf"
    [page] = pypdf.PdfReader(io.BytesIO(sheet.data)).pages
    assert f"{alice.name}，您好" in page.extract_text()


def test_the_answer_kept_for_a_repeat_holds_no_code(client: FlaskClient, dave: Person, alice: Person) -> None:
    desk = Browser(client).sign_in(dave)
    action, fields = desk.form(f"/people/{alice.id}/pin", to="invitation")
    first, again = (client.post(action, data=fields) for _ in range(2))
    assert first.status_code == 200
    assert again.status_code == 409


def test_the_desk_sees_that_a_code_is_out_and_ends_it(
    client: FlaskClient, app: Flask, code: str, dave: Person, alice: Person
) -> None:
    desk = Browser(client).sign_in(dave)
    assert desk.submit(f"/people/{alice.id}/pin", to="revoke").status_code == 303
    assert app.test_client().get(f"/activate/{code}").status_code == 409


def test_signing_in_before_as_somebody_else_leaves_nothing_behind(
    client: FlaskClient, code: str, alice: Person, bob: Person
) -> None:
    phone = Browser(client).sign_in(bob)
    phone.submit(f"/activate/{code}", to="activate", pin="975310", again="975310")
    assert alice.name in phone.get("/me").text
