"""Passbook and statements as programs see them."""

from datetime import date

import pytest

from bank import clock
from bank.statements import members
from tests.cases import cases

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def september(alice, serve, issue):
    """alice's statement of September."""
    serve(alice, 120, date(2026, 9, 3))
    issue(SEPTEMBER)
    return members.statement(person_id=alice.id, month=SEPTEMBER)


def test_the_passbook_in_whole_numbers(api, alice, serve):
    serve(alice, 95, clock.today().replace(day=1), at=clock.now())
    book = api(alice).get("/me/passbook").json
    assert book["balances"] == {"points": 158, "minutes": 95}
    assert [(line["what"], line["points"], line["points_after"]) for line in book["lines"]] == [("清扫楼道", 158, 158)]
    assert book["honour"] == {"stars": 0, "minutes": 95, "minutes_missing": 5905, "is_waiting": False}


def test_the_statement_is_what_the_page_shows(api, alice, september):
    found = api(alice).get("/me/statements/2026-09").json
    assert (found["month"], found["code"], found["closing"]) == ("2026-09", september.code, {"points": 200, "minutes": 120})
    assert found["opening"]["points"] + sum(line["points"] for line in found["lines"]) == found["closing"]["points"]


def test_the_same_bytes_at_any_time(api, alice, september, serve):
    first = api(alice).get("/me/statements/2026-09").data
    serve(alice, 60, date(2026, 10, 3))
    assert api(alice).get("/me/statements/2026-09").data == first


def test_statements_are_listed(api, alice, september):
    assert [each["month"] for each in api(alice).get("/me/statements").json["statements"]] == ["2026-09"]


def test_a_statement_that_was_not_made_is_not_found(api, alice):
    answer = api(alice).get("/me/statements/2026-09")
    assert (answer.status_code, answer.json["code"]) == (404, "statement_not_found")


def test_a_month_that_is_none_is_refused(api, alice):
    answer = api(alice).get("/me/statements/October")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_period")


@cases(("who", "status"), [("dave", 200), ("erin", 200), ("bob", 403), ("charlie", 403)])
def test_another_members_statement_is_for_staff(api, request, alice, september, who, status):
    assert api(request.getfixturevalue(who)).get(f"/persons/{alice.id}/statements/2026-09").status_code == status


def test_a_code_can_be_checked(client, september):
    found = client.get(f"/api/v1/statements/check?code={september.code}").json
    assert (found["month"], found["masked_name"]) == ("2026-09", "安*")
    assert set(found) == {"code", "month", "masked_name", "issued_at"}
    assert client.get("/api/v1/statements/check?code=zz").status_code == 404
