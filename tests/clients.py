"""How tests call the bank: a browser whose requests are each on their own, and one person's API."""

import uuid
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bank.db import db


class FreshClient(FlaskClient):
    """Gives every request a context and a session of its own, although the test has both open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()  # The test's own session looks again at what the request has changed.
        with self.application.app_context():
            return super().open(*args, **kwargs)


class ApiClient:
    """Calls `/api/v1` as one person, each call with a new idempotency key unless one is given."""

    def __init__(self, client: FlaskClient, secret: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("POST", path, **kwargs)

    def put(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("PUT", path, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("DELETE", path, **kwargs)

    def call(self, method: str, path: str, *, key: str | None = None, **kwargs: Any) -> TestResponse:
        headers = self.headers | {"Idempotency-Key": key or uuid.uuid4().hex} | kwargs.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **kwargs)
