"""Sheets on pages, on paper and by the API."""

import io
from datetime import date, timedelta

import pypdf
import pytest

from bank.consents import actions as consents
from bank.db import db, transaction
from bank.feedback import actions
from bank.feedback.models import FeedbackSheet
from bank.people import organisation
from bank.people.models import Person
from tests.ratings.conftest import browser, mark, serve

__all__ = ["browser", "mark", "serve"]


@pytest.fixture
def sheet(alice, serve, town, at):
    """Alice's sheet of the third quarter, which nobody else can see yet."""
    with transaction():
        office = organisation.add_unit(by=None, name="市图书馆", kind="home_unit", parent_id=town.id, at=at)
        person = db.session.get_one(Person, alice.id)
        person.is_in_service, person.home_unit_id = True, office.id
        consents.decide_consent(by=None, person_id=alice.id, purpose="home_unit", is_given=True, at=at)
    for number in range(3):
        serve(alice, 60, date(2026, 9, 1 + number), (5, 4, 5))
    with transaction():
        actions.prepare(quarter=date(2026, 7, 1), at=at)
    return db.session.scalars(db.select(FeedbackSheet)).one()


def test_the_member_sees_it_and_holds_it_back(sheet, alice, browser):
    reader = browser(alice)
    page = reader.get("/feedback/")
    assert "只有您能看" in page.text and "94 分（3 次有评分）" in page.text
    assert reader.submit(page, to="/hold-back").status_code == 303
    assert "已撤回" in reader.get("/feedback/").text


def test_the_paper_says_what_it_is_and_compares_nobody(sheet, alice, browser):
    paper = browser(alice).get(f"/feedback/{sheet.id}.pdf")
    words = pypdf.PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()
    assert "安丽" in words and "3 小时" in words
    assert not any(word in words for word in ("排名", "名次", "扣", "任务", "指标"))


def test_the_home_units_admin_gets_it_once_it_has_left(sheet, dave, browser, api, at):
    assert browser(dave).get(f"/feedback/{sheet.id}.pdf").status_code == 404
    with transaction():
        actions.send_due(at=at + timedelta(days=10))
    assert browser(dave).get(f"/feedback/{sheet.id}.pdf").status_code == 200
    assert [each["name"] for each in api(dave).get("/feedback").json["sheets"]] == ["安丽"]
    assert "安丽" in browser(dave).get("/feedback/outside").text


def test_by_the_api_it_is_held_back_once(sheet, alice, charlie, api):
    path = f"/me/feedback/{sheet.id}/hold-back"
    assert api(charlie).post(path).status_code == 404
    assert api(alice).post(path).json["withdrawn_at"] is not None
    assert api(alice).post(path).status_code == 409
    assert len(api(alice).get("/me/feedback").json["sheets"]) == 1


def test_without_consent_the_page_says_that_nothing_is_sent(alice, browser):
    assert "不会给单位任何反馈单" in browser(alice).get("/feedback/").text
