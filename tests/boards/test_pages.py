"""What a stranger, a member and the hall's screen see of the boards."""

import pytest

from bank import clock
from bank.boards.rules import MEASURES, SUBJECTS
from bank.statements.rules import months_after
from tests.browser import Browser


@pytest.fixture
def recent(alice, serve):
    """A service of 95 minutes this month, by the real clock."""
    return serve(alice, 95, clock.today().replace(day=1), at=clock.now())


def test_the_board_is_public_and_masked(client, alice, recent, consent):
    consent(alice)
    page = client.get("/board").text
    assert "安*" in page and "1.58" in page and "安丽" not in page


def test_a_member_sees_the_own_place(client, alice, recent, consent):
    consent(alice)
    assert "<span>我的名次</span> <strong>1</strong>" in Browser(client).sign_in(alice).get("/board").text


def test_a_member_without_consent_is_told_so(client, alice, recent):
    page = Browser(client).sign_in(alice).get("/board").text
    assert "您没有参加排行" in page and "安*" not in page


def test_the_board_of_a_unit_and_a_period_can_be_chosen(client, alice, charlie, recent, consent):
    consent(alice)
    period = f"{clock.today():%Y}"
    assert "1.58" in client.get(f"/board?period={period}&unit={alice.unit_id}").text
    assert "1.58" not in client.get(f"/board?period={period}&unit={charlie.unit_id}").text
    assert "1.58" not in client.get(f"/board?period={months_after(clock.today(), -1):%Y-%m}").text


def test_a_withdrawn_consent_holds_on_the_page_and_in_its_files_at_once(client, alice, recent, consent):
    consent(alice)
    shown = client.get("/board").text, client.get("/board?as=csv").text
    assert all("安*" in each and "安丽" not in each for each in shown)
    consent(alice, is_given=False)
    assert not any("安*" in each for each in (client.get("/board").text, client.get("/board?as=csv").text))


def test_every_board_has_a_page(client, recent):
    asked = [f"/board?subject={who}&measure={what}&period={clock.today():%Y}" for who in SUBJECTS for what in MEASURES]
    assert {client.get(each).status_code for each in asked} == {200}


def test_an_address_that_names_no_board_is_told_in_words(client):
    wrong = {
        "unit=x": 404,
        f"unit={2**63}": 404,
        "unit=9999999": 404,
        "measure=debt": 400,
        "period=x": 400,
        "period=2026-W60": 400,
    }
    assert {each: client.get(f"/board?{each}").status_code for each in wrong} == wrong
