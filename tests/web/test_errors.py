"""Refusals are problem+json on the API and a page in words elsewhere; status and body never disagree."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from bank.people.models import Person
from bank.units.models import Unit
from tests.browser import Browser
from tests.cases import cases


def test_problem_says_code_sentence_and_next_step(api: Any, dave: Person) -> None:
    answer = api(dave).post("/rewards/99/stock", json={"quantity": 1, "reason": "到货"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "没有找到这一页或这条记录。",
        "status": 404,
        "code": "reward_not_found",
        "detail": "没有这件物品。",
        "next": "请核对物品编号，或在列表中点选。",
        "final": True,
    }


def test_problem_is_in_the_language_asked_for(api: Any, alice: Person) -> None:
    answer = api(alice).get("/persons/99", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert answer.json["title"] == "This page or record was not found."


def test_wrong_fields_are_named_each_with_its_reason(api: Any, dave: Person, community: Unit) -> None:
    wrong = {"unit_id": community.id, "kind": "gold", "points": 5.7, "extra": 1}
    answer = api(dave).post("/rewards", json=wrong)
    assert (answer.status_code, answer.json["code"]) == (400, "invalid")
    assert answer.json["errors"] == {
        "kind": ["请从这些里选一个：service, honour, goods。"],
        "name": ["请填写这一项。"],
        "points": ["请填写整数。"],
        "extra": ["没有这一项。"],
    }


@cases(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"a=1", "text/plain", 400),
    ],
)
def test_body_that_is_not_the_json_wanted_is_a_problem(
    api: Any, dave: Person, body: bytes, content_type: str, status: int
) -> None:
    answer = api(dave).post("/rewards", data=body, content_type=content_type)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_unknown_page_is_in_words_with_a_way_on(client: FlaskClient) -> None:
    page = client.get("/no-such-page")
    assert page.status_code == 404
    assert "没有找到" in page.text
    assert 'href="/"' in page.text


def test_unknown_page_keeps_the_menu_of_the_one_who_took_a_wrong_turn(client: FlaskClient, alice: Person) -> None:
    assert alice.name in Browser(client).sign_in(alice).get("/no-such-page").text


def test_wrong_method_says_which_are_right(client: FlaskClient, api: Any, dave: Person) -> None:
    answer = api(dave).delete("/rewards")
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_too_large_a_body_is_refused(api: Any, dave: Person) -> None:
    answer = api(dave).post("/rewards", data=b"x" * (5 * 1024 * 1024), content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize(("path", "mimetype"), [("/", "text/html"), ("/api/v1/rewards", "application/problem+json")])
def test_our_mistake_tells_no_internals(app: Flask, path: str, mimetype: str) -> None:
    app.config["TESTING"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.before_request_funcs[None].append(lambda: 1 // 0)
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (500, mimetype)
    assert "our_mistake" in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize(("path", "mimetype"), [("/", "text/html"), ("/api/v1/rewards", "application/problem+json")])
def test_database_that_is_busy_asks_to_try_again(app: Flask, path: str, mimetype: str) -> None:
    def lock() -> None:
        raise OperationalError("SELECT 1", None, Exception("database is locked"))

    app.before_request_funcs[None].append(lock)
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, mimetype, "2")
    assert "SELECT" not in answer.text


def test_a_number_that_no_column_holds_is_the_callers_mistake(client, kind):
    answer = client.get("/api/v1/rated-members/281241")
    assert answer.status_code == (400 if kind == "postgresql" else 200)
