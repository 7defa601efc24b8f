"""No route without an access rule, and none that changes something without being safe to send twice."""

from collections.abc import Iterator

import pytest
from flask import Flask

from bank.app import create_app
from tests.server import SECRET

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
# Files of libraries that are the same for everybody.
OF_LIBRARIES = {"static", "bootstrap.static", "swagger_ui.show"}


@pytest.fixture(scope="module")
def idle_app() -> Flask:
    """The app with its routes; no database is touched."""
    return create_app({"DATABASE_URL": "sqlite://", "SECRET_KEY": SECRET})


def views(app: Flask) -> Iterator[tuple[str, set[str], object]]:
    """Each route's endpoint, methods, and the functions that answer: one, or one per method of a class."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OF_LIBRARIES:
            continue
        view = app.view_functions[rule.endpoint]
        of_class = getattr(view, "view_class", None)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            yield rule.endpoint, {method}, getattr(of_class, method.lower()) if of_class else view


def test_every_route_says_who_may_call_it(idle_app: Flask) -> None:
    assert [endpoint for endpoint, _, view in views(idle_app) if not hasattr(view, "access")] == []


def test_every_change_is_safe_to_send_twice(idle_app: Flask) -> None:
    changing = [(endpoint, view) for endpoint, methods, view in views(idle_app) if methods & CHANGING]
    assert [endpoint for endpoint, view in changing if not hasattr(view, "writes")] == []
    assert changing


def test_a_change_is_never_made_by_reading(idle_app: Flask) -> None:
    reading = [(endpoint, view) for endpoint, methods, view in views(idle_app) if not methods & CHANGING]
    assert [endpoint for endpoint, view in reading if getattr(view, "writes", False)] == []
