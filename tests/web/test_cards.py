"""Member cards on paper, one or a whole community, sorted by grid."""

import io

import pypdf
import pytest
from flask.testing import FlaskClient

from bank.db import transaction
from bank.documents import pdf
from bank.people.actions import enrol
from bank.people.models import Person, Unit
from bank.people.organisation import add_unit
from bank.people.rules import NewPerson
from tests.browser import Browser
from tests.cast import AT


def pages(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.mimetype == "application/pdf"
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages]


def test_one_card_names_its_owner_and_number(client: FlaskClient, dave: Person, alice: Person) -> None:
    Browser(client).sign_in(dave)
    [page] = pages(client, f"/people/{alice.id}/card.pdf")
    number = alice.card_number
    assert alice.name in page
    assert f"{number[:4]} {number[4:7]} {number[7:]}" in page


def test_a_communitys_cards_come_by_grid_and_name(client: FlaskClient, dave: Person, community: Unit) -> None:
    with transaction():
        grid = add_unit(by=None, name="第一网格", kind="grid", parent_id=community.id, at=AT)
        for name, phone in (("赵六", "13700000002"), ("丁一", "13700000001")):
            enrol(by=None, new=NewPerson(name=name, phone=phone, unit_id=grid.id), at=AT)
    Browser(client).sign_in(dave)
    first, second = pages(client, f"/units/{community.id}/cards.pdf")
    assert "安丽" in first
    assert "查理" not in first + second
    assert second.index("丁一") < second.index("赵六")


def test_the_sheet_is_in_the_readers_language(client: FlaskClient, dave: Person, alice: Person) -> None:
    Browser(client).sign_in(dave)
    client.set_cookie("language", "en")
    assert "1 person" in pages(client, f"/people/{alice.id}/card.pdf")[0]


def test_without_a_font_the_browser_prints_one_card_and_a_sheet_is_refused_in_words(
    client: FlaskClient, dave: Person, alice: Person, community: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "FAMILIES", ("No Such Family",))
    pdf._fonts.cache_clear()
    Browser(client).sign_in(dave)
    assert client.get(f"/people/{alice.id}/card.pdf").location == f"/people/{alice.id}/card"
    refused = client.get(f"/units/{community.id}/cards.pdf")
    pdf._fonts.cache_clear()
    assert refused.status_code == 409
    assert "没有中文字体" in refused.text


@pytest.mark.parametrize("who", ["alice", "carol", "erin"])
def test_only_admins_print_cards(
    client: FlaskClient, request: pytest.FixtureRequest, alice: Person, community: Unit, who: str
) -> None:
    Browser(client).sign_in(request.getfixturevalue(who))
    assert client.get(f"/people/{alice.id}/card.pdf").status_code == 403
    assert client.get(f"/units/{community.id}/cards.pdf").status_code == 403


def test_an_empty_unit_says_so(client: FlaskClient, dave: Person, community: Unit) -> None:
    with transaction():
        grid = add_unit(by=None, name="第一网格", kind="grid", parent_id=community.id, at=AT)
    Browser(client).sign_in(dave)
    assert pages(client, f"/units/{grid.id}/cards.pdf") == ["还没有储户。"]
