"""A browser remembers who signed in on it, and nobody can make up what it says."""

import pytest
from itsdangerous import URLSafeSerializer

from bank.web import rating_device
from tests.browser import Browser
from tests.server import SECRET


@pytest.fixture
def known(app, client):
    """The numbers that the browser would send with its next request."""

    def read():
        cookie = client.get_cookie(rating_device.COOKIE)
        with app.test_request_context(headers={"Cookie": f"rater={cookie.value}"} if cookie else {}):
            return rating_device.current().person_ids

    return read


def test_a_stranger_is_not_followed(client, known):
    client.get("/")
    assert known() == frozenset()


def test_who_signed_in_is_remembered_after_signing_out(client, known, alice, bob):
    for person in (alice, bob):
        Browser(client).sign_in(person).get("/")
        client.delete_cookie("bank")
    assert known() == {alice.id, bob.id}


def test_what_was_made_up_is_forgotten(app):
    for text in ("", "x", "WzEsWzFdXQ.aaaa", "1" * 5000):
        with app.test_request_context(headers={"Cookie": f"rater={text}"}):
            assert rating_device.current().person_ids == frozenset()


def test_only_the_last_twenty_are_carried(client, known, alice):
    others = list(range(1000, 1020))
    client.set_cookie(rating_device.COOKIE, URLSafeSerializer(SECRET, salt=rating_device.COOKIE).dumps(["k" * 20, others]))
    Browser(client).sign_in(alice).get("/")
    assert known() == {alice.id, *others[:-1]}
