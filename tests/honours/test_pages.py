"""Proposals, answers and certificates on pages and by the API."""

import io

import pypdf
import pytest

from tests.ratings.conftest import browser

__all__ = ["browser"]


@pytest.fixture
def veteran(alice, give_hours, night):
    give_hours(alice, 1500)
    night()
    return alice


def test_two_people_give_the_fifth_star_on_pages(veteran, bob, dave, browser):
    reader = browser(bob)
    reader.submit(reader.get("/honours/"), to="/honours/proposals", reason="二十年如一日")
    second = browser(dave)
    page = second.get("/honours/")
    assert "二十年如一日" in page.text and "等待复核" in page.text
    assert second.submit(page, to="/honours/proposals/", is_agreed="1").status_code == 303
    assert "已同意" in browser(bob).get("/honours/").text


def test_the_same_by_the_api(veteran, api, bob, dave):
    asked = {"person_id": veteran.id, "is_given": True, "reason": "二十年如一日"}
    proposal = api(bob).post("/award-proposals", json=asked)
    assert (proposal.status_code, proposal.json["is_agreed"]) == (201, None)
    path = f"/award-proposals/{proposal.json['id']}/answer"
    assert api(bob).post(path, json={"is_agreed": True}).status_code == 403
    assert api(dave).post(path, json={"is_agreed": True}).json["is_agreed"] is True
    assert api(veteran).get("/me/awards").json["honour"]["stars"] == 5


def test_an_answer_that_comes_too_late_is_told_why(veteran, propose, answer, dave, browser, second_admin):
    proposal = propose(veteran)
    reader = browser(second_admin)
    page = reader.get("/honours/")
    answer(proposal)
    refused = reader.submit(page, to=f"/honours/proposals/{proposal.id}")
    assert refused.status_code == 409 and "已经有了结果" in refused.text


def test_a_certificate_is_printed_for_the_owner_and_staff_alone(veteran, api, browser, charlie, bob):
    award_id = api(veteran).get("/me/awards").json["awards"][0]["id"]
    paper = browser(veteran).get(f"/honours/awards/{award_id}.pdf")
    assert "安丽" in pypdf.PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()
    assert browser(bob).get(f"/honours/awards/{award_id}.pdf").status_code == 200
    assert browser(charlie).get(f"/honours/awards/{award_id}.pdf").status_code == 404


def test_a_revoked_award_is_not_printed(alice, give_hours, take_back, night, browser, api):
    entry = give_hours(alice, 100)
    night()
    award_id = api(alice).get("/me/awards").json["awards"][0]["id"]
    take_back(entry)
    night(1)
    assert browser(alice).get(f"/honours/awards/{award_id}.pdf").status_code == 404


@pytest.mark.parametrize("who", ["alice", "carol", "charlie"])
def test_who_decides_nothing_sees_no_proposals(who, request, browser, api):
    person = request.getfixturevalue(who)
    assert browser(person).get("/honours/").status_code == 403
    assert api(person).get("/award-proposals").status_code == 403


def test_star_volunteers_are_public_by_consent_only(veteran, client):
    assert client.get("/api/v1/star-volunteers").json == {"volunteers": []}
