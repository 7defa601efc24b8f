"""The document of the API says what its views carry, and is shown from local files."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bank.app import create_app
from tests.server import SECRET


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with create_app({"SECRET_KEY": SECRET}).test_client().get("/api/v1/openapi.json") as answer:
        assert answer.json
        return dict(answer.json)


def test_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}


def test_every_call_that_changes_something_wants_a_key_and_may_conflict(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method in {"post", "put", "patch", "delete"} & methods.keys():
            names = {each.get("name") for each in methods[method].get("parameters", ())}
            assert "Idempotency-Key" in names or path.startswith("/api/v1/check-ins"), path  # A scan has its nonce.
            assert "409" in methods[method]["responses"], path


def test_every_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for name, response in document["components"]["responses"].items():
        if name not in {"NO_CONTENT", "NOT_MODIFIED"}:
            assert list(response["content"]) == ["application/problem+json"], name


def test_every_call_has_a_sentence(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method in {"get", "post", "put", "patch", "delete"} & methods.keys():
            assert methods[method]["summary"], path


def test_document_is_shown_from_local_files(app: Flask, client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    for address in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert address.startswith("/")
        with client.get(address) as file:
            assert file.status_code == 200
