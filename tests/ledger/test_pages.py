"""Auditors walk from every number to the rows behind it; others do not see the books."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from bank.people.models import Person
from tests.browser import Browser
from tests.ledger.conftest import Books

PAGES = ("/ledger/", "/ledger/entries", "/ledger/entries/{entry}", "/ledger/accounts/{account}")


@pytest.fixture
def places(books: Books) -> dict[str, int]:
    [posted] = books.post(books.deposit("one", points=190, minutes=95))
    return {"entry": posted.entry_id, "account": books.first[0]}


def test_an_auditor_reads_the_books_over_the_api(places: dict[str, int], api: Callable, erin: Person) -> None:  # type: ignore[type-arg]
    assert api(erin).get("/ledger/trial-balance").json["sums"] == {"points": 0, "minutes": 0}
    assert api(erin).get("/ledger/entries").json["items"][0]["id"] == places["entry"]
    assert api(erin).get(f"/ledger/entries/{places['entry']}").json["transfers"][0]["amount"] == 190
    assert api(erin).get(f"/ledger/accounts/{places['account']}").json["lines"][0]["balance"] == 190


@pytest.mark.parametrize("path", ["/ledger/trial-balance", "/ledger/entries", "/ledger/entries/1", "/ledger/accounts/1"])
@pytest.mark.parametrize("who", ["alice", "bob", "carol", "charlie"])
def test_nobody_else_reads_the_books(path: str, who: str, api: Callable, request: pytest.FixtureRequest) -> None:  # type: ignore[type-arg]
    assert api(request.getfixturevalue(who)).get(path).status_code == 403


def test_what_is_not_there_is_not_found(api: Callable, erin: Person) -> None:  # type: ignore[type-arg]
    assert api(erin).get("/ledger/entries/999999").json["code"] == "no_such_entry"
    assert api(erin).get("/ledger/accounts/999999").json["code"] == "no_such_account"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_books_shows(page: str, places: dict[str, int], client: FlaskClient, erin: Person) -> None:
    answer = Browser(client).sign_in(erin).get(page.format(**places))
    assert answer.status_code == 200
    assert "1.90" in answer.text or "/ledger/entries/" in answer.text
