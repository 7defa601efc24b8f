"""What a stranger, a member and the hall's screen see of the boards."""

import pytest

from bank import clock
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
    assert "我的名次 <strong>1</strong>" in Browser(client).sign_in(alice).get("/board").text


def test_a_member_without_consent_is_told_so(client, alice, recent):
    page = Browser(client).sign_in(alice).get("/board").text
    assert "您没有参加排行" in page and "安*" not in page


def test_the_board_of_a_unit_and_a_period_can_be_chosen(client, alice, charlie, recent, consent):
    consent(alice)
    period = f"{clock.today():%Y}"
    assert "1.58" in client.get(f"/board?period={period}&unit={alice.unit_id}").text
    assert "1.58" not in client.get(f"/board?period={period}&unit={charlie.unit_id}").text
    assert "1.58" not in client.get(f"/board?period={months_after(clock.today(), -1):%Y-%m}").text


def test_the_screen_in_the_hall_has_rows_and_no_menu(client, alice, recent, consent):
    consent(alice)
    page = client.get("/board/display").text
    assert "display-row" in page and "安*" in page and 'class="top"' not in page
    assert "<script>" not in page and "display.js" in page
