"""A browser without JavaScript: signs in, sends the forms of pages as they are, and remembers cookies."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bank.people.models import Person
from tests.cast import PIN


class Browser:
    """One person's browser: `Browser(client).sign_in(alice).submit("/people/new", name="李明")`."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def sign_in(self, person: Person, pin: str = PIN) -> "Browser":
        """Sign in by the page, with phone number and PIN."""
        assert self.submit("/sign-in", login=person.phone, pin=pin).status_code == 303
        return self

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **kwargs)

    def submit(self, page: str | TestResponse, *, to: str = "", **typed: Any) -> TestResponse:
        """Fill in a page's form and send it; `to` is part of the form's address where a page has several."""
        action, fields = self.form(page, to=to)
        return self.client.post(action, data=fields | typed)

    def form(self, page: str | TestResponse, *, to: str = "") -> tuple[str, dict[str, str]]:
        """Where a page's form goes, and what it would send untouched."""
        response = self.client.get(page) if isinstance(page, str) else page
        found = _Forms.of(response.text)
        return next((action, fields) for action, fields in found if to in action and (to or "sign-out" not in action))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.select = ""

    @classmethod
    def of(cls, page: str) -> list[tuple[str, dict[str, str]]]:
        parser = cls()
        parser.feed(page)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((at.get("action", ""), {}))
        elif tag == "select":
            self.select = at.get("name", "")
        elif not self.found:
            return
        elif tag == "option" and ("selected" in at or self.select not in self.found[-1][1]):
            self.found[-1][1][self.select] = at.get("value", "")
        elif tag == "input" and at.get("name") and (at.get("type") not in {"checkbox", "radio"} or "checked" in at):
            self.found[-1][1][at["name"]] = at.get("value", "")
