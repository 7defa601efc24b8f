"""Whatever a program sends, the API answers as its document says, and never by breaking; TEST_EXAMPLES=200 tries harder."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from bank import clock
from bank.access.actions import create_token
from bank.app import create_app
from bank.db import db, transaction
from bank.people.actions import grant_role
from tests import cast
from tests.server import SECRET

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "6"))  # For each call and database.
METHODS = {"get", "post", "put", "delete"}
PATHS = create_app({"SECRET_KEY": SECRET}).test_client().get("/api/v1/openapi.json").json["paths"]  # type: ignore[index]
CALLS = [(path, method) for path, methods in PATHS.items() for method in sorted(METHODS & methods.keys())]


@pytest.fixture(scope="module")
def banks(template: Callable[[str], str], databases_of: Callable[[str], Any]) -> Iterator[list[tuple[Flask, dict[str, str]]]]:
    """A bank on each database that may be filled with anything, and the token of somebody there who may do everything."""
    made = []
    for kind in ("sqlite", "postgresql"):
        app = create_app({"DATABASE_URL": databases_of(kind).create(template(kind)), "SECRET_KEY": SECRET})
        made.append((app, headers_for(app)))
    yield made
    for app, _ in made:
        with app.app_context():
            db.engine.dispose()


def headers_for(app: Flask) -> dict[str, str]:
    """A token with every role, so that as much as possible is reached."""
    at = clock.now()
    with app.app_context():
        person_id = cast.person("dave").id
        with transaction():
            for role in ("organizer", "clerk", "auditor"):
                grant_role(by=None, person_id=person_id, role=role, unit_id=1, at=at)
        with transaction():
            until = at.replace(year=at.year + 1, month=1, day=1)
            _, secret = create_token(by=None, person_id=person_id, name="测试", expires_at=until, at=at)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(scope="module")
def document(banks: list[tuple[Flask, dict[str, str]]]) -> Any:
    """The API as its document describes it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", banks[0][0])


@pytest.mark.parametrize(("path", "method"), CALLS)
def test_answers_as_documented_on_both_databases(
    document: Any, banks: list[tuple[Flask, dict[str, str]]], path: str, method: str
) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=document[path][method].as_strategy())
    def answers(case: schemathesis.Case) -> None:
        # To think of a case takes as long as to answer it.
        for app, headers in banks:
            case.call_and_validate(app=app, checks=CHECKS, headers=headers)

    answers()
