"""A statement on paper says what its data says, can be searched, and is the same bytes at any time."""

import io
from datetime import date

import pypdf
import pytest

from bank.db import db, transaction
from bank.people.models import Person
from bank.statements import members, paper
from bank.web.filters import minutes, points, signed_points
from tests.browser import Browser

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def busy(alice, serve, redeem, issue):
    """Two months, of which the second has services with rare and long names and a redemption."""
    serve(alice, 60, date(2026, 8, 3))
    serve(alice, 120, date(2026, 9, 3), name="给𬭎䶮老人读报")
    serve(alice, 95, date(2026, 9, 5), name="东街社区第三网格楼道清扫与消防通道杂物清理志愿服务活动暨邻里互助日主题宣传" * 2)
    redeem(alice, 150, date(2026, 9, 20))
    issue(SEPTEMBER)
    return members.statement(person_id=alice.id, month=SEPTEMBER)


def squeezed(sheets):
    """The text of all pages without blanks, as lines break where the paper is narrow."""
    pages = pypdf.PdfReader(io.BytesIO(sheets)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_all_that_the_data_says_stands_on_paper(app, client, alice, busy):
    said = squeezed(Browser(client).sign_in(alice).get("/statements/2026-09.pdf").data)
    wanted = [busy.holder, busy.card_end, busy.unit_name, busy.code[:4], busy.seal.hash[:16], points(busy.opening.points)]
    wanted += [points(busy.closing.points), signed_points(busy.deposited.points), signed_points(-busy.withdrawn.points)]
    for line in busy.lines:
        with app.test_request_context():
            time_after = minutes(line.minutes_after)
        shown = (line.what, line.place or "", signed_points(line.points), points(line.points_after), time_after)
        wanted += [f"{line.effective_on:%Y-%m-%d}", *shown]
    assert [each for each in wanted if "".join(each.split()) not in said] == []


def test_the_same_bytes_also_when_everybody_is_called_otherwise(client, alice, serve, issue, busy):
    browser = Browser(client).sign_in(alice)
    first = browser.get("/statements/2026-09.pdf").data
    with transaction():
        db.session.get_one(Person, alice.id).name = "王丽"
    serve(alice, 60, date(2026, 10, 3))
    issue(date(2026, 10, 1))
    assert browser.get("/statements/2026-09.pdf").data == first


def test_paper_in_english(client, alice, busy):
    client.set_cookie("language", "en")
    said = squeezed(Browser(client).sign_in(alice).get("/statements/2026-09.pdf").data)
    assert "Openingbalance" in said and "期初余额" not in said


def test_paper_for_staff_only(app, alice, charlie, dave, busy):
    path = f"/people/{alice.id}/statements/2026-09.pdf"
    assert [Browser(app.test_client()).sign_in(who).get(path).status_code for who in (dave, charlie)] == [200, 403]


def test_rows_on_paper_lead_from_the_opening_to_the_closing(app, busy):
    with app.test_request_context():
        rows = paper.sums(busy)
    sums = [float(row[1].replace("−", "-")) for row in rows]
    assert sum(sums[:-1]) == pytest.approx(sums[-1])
