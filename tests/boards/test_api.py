"""Boards as programs see them."""

from datetime import date

import pytest

from tests.cases import cases

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def september(alice, serve, issue):
    """Two hours of alice in September, which is closed."""
    serve(alice, 120, date(2026, 9, 3))
    issue(SEPTEMBER)


def test_a_board_needs_no_token_and_names_nobody(client, alice, september, consent):
    consent(alice)
    board = client.get("/api/v1/board?period=2026-09").json
    assert board["rows"] == [{"rank": 1, "name": "安*", "unit_name": "向阳社区", "value": 200, "people": None}]
    assert (board["own"], board["kind"], board["ends_before"]) == (None, "month", "2026-10-01")


def test_with_a_token_the_board_has_the_own_place(api, alice, september, consent):
    consent(alice)
    assert api(alice).get("/board?period=2026").json["own"]["rank"] == 1


def test_a_withdrawn_consent_holds_in_the_api_at_once(client, alice, september, consent):
    consent(alice)
    assert len(client.get("/api/v1/board?period=2026-09").json["rows"]) == 1
    consent(alice, is_given=False)
    assert client.get("/api/v1/board?period=2026-09").json["rows"] == []


@cases("wrong", ["measure=balance", "subject=workplaces", "period=2026-W61", "period=2026-W60", "unit_id=0"])
def test_a_board_that_is_none_is_refused(client, wrong):
    assert client.get(f"/api/v1/board?{wrong}").status_code in (400, 422)
