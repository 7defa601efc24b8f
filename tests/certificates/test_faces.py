"""Certificates on pages, on paper and by the API."""

import io
import uuid
from datetime import date

import pypdf
import pytest

from bank import clock
from bank.certificates import queries
from tests.browser import Browser


@pytest.fixture
def served(alice, serve):
    """A service of this year, by the real clock."""
    return serve(alice, 95, date(clock.today().year, 1, 1), at=clock.now(), name="给𬭎䶮老人读报")


@pytest.fixture
def own(app, alice, served):
    """alice's browser, with a certificate of this year."""
    browser = Browser(app.test_client()).sign_in(alice)
    browser.submit("/me/certificates", to="/certificates")
    return browser


@pytest.fixture
def certificate(alice, own):
    """The certificate that was asked for with one tap."""
    return queries.certificates_of(by=alice, person_id=alice.id)[0]


def squeezed(paper):
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages).split())


def test_one_tap_gives_one_on_paper_and_the_same_bytes_again(own, certificate):
    first = own.get(f"/certificates/{certificate.number}.pdf").data
    said = squeezed(first)
    for words in ("服务记录", "安丽", "给𬭎䶮老人读报", "1小时35分", "向阳社区", certificate.number, certificate.code[:4]):
        assert words in said
    assert "志愿服务记录证明" not in said
    assert own.get(f"/certificates/{certificate.number}.pdf").data == first


def test_a_designated_system_says_so_in_the_title(app, own, certificate):
    app.config["DESIGNATED_SYSTEM"] = True
    own.submit("/me/certificates", to="/certificates")
    assert "志愿服务记录证明" in own.get("/me/certificates").text


def test_a_stranger_learns_that_it_is_valid_or_not_and_nothing_more(app, own, certificate):
    def asked():
        return app.test_client().get("/certificates/verify", query_string={"code": certificate.code}).text

    valid = asked()
    own.submit("/me/certificates", to="/revoke", reason="写错了")
    for page, word in ((valid, "有效"), (asked(), "已作废")):
        assert word in page
        assert not [
            each for each in ("安丽", "安*", "读报", "向阳", certificate.number, "小时", str(clock.today().year)) if each in page
        ]


def test_a_revoked_one_is_printed_no_more(own, certificate):
    own.submit("/me/certificates", to="/revoke", reason="写错了")
    assert own.get(f"/certificates/{certificate.number}.pdf").status_code == 404
    assert "已作废" in own.get("/me/certificates").text


def test_made_anew_on_the_page(alice, own, certificate):
    action, fields = own.form("/me/certificates", to="/revoke")
    own.client.post(
        action.replace("/revoke", "/replace"), data=fields | {"reason": "换一份", "idempotency_key": uuid.uuid4().hex}
    )
    assert len(queries.certificates_of(by=alice, person_id=alice.id)) == 2


def test_an_admin_issues_for_a_member_who_has_no_phone(app, alice, dave, served):
    browser = Browser(app.test_client()).sign_in(dave)
    browser.submit(f"/people/{alice.id}/certificates", to="/certificates")
    assert "有效" in browser.get(f"/people/{alice.id}/certificates").text


def test_what_cannot_be_meant_is_told_in_words(own):
    answer = own.submit("/me/certificates", to="/certificates", starts_on="2026-13-45", ends_on="\0")
    assert answer.status_code == 400
    answer = own.submit("/me/certificates", to="/certificates", starts_on="1999-01-01", ends_on="1999-12-31")
    assert (answer.status_code, "没有认定的服务时长" in answer.text) == (409, True)


def test_by_the_api_and_sent_twice_it_is_one(api, alice, client, served):
    asked = {"starts_on": f"{clock.today().year}-01-01", "ends_on": clock.today().isoformat()}
    made = [api(alice).post("/me/certificates", json=asked).json["number"] for _ in range(2)]
    assert made[0] == made[1]
    [found] = api(alice).get("/me/certificates").json["certificates"]
    assert client.get("/api/v1/certificates/check", query_string={"code": found["code"]}).json == {"state": "valid"}
    api(alice).post(f"/certificates/{found['number']}/revoke", json={"reason": "写错了"})
    assert client.get("/api/v1/certificates/check", query_string={"code": found["code"]}).json == {"state": "revoked"}
    assert client.get("/api/v1/certificates/check?code=%00").status_code in (400, 404)
