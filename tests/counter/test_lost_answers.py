"""An answer that got lost on its way: the desk asks what became of its key, and never hands over twice or half."""

import pytest

from bank.counter.models import Redemption
from bank.db import db, random_key, transaction
from bank.ledger.queries import balance
from bank.people import actions as people
from tests.cases import cases


@pytest.fixture
def counter(browser, carol, alice, rice, give):
    """Carol looks for the last time at a bag of rice for alice, who has ten points."""
    give(alice, 1000)
    counter = browser(carol).open(f"/counter/members/{alice.id}/rewards/{rice.id}")
    return counter.send("/check", note="看了身份证")


def ask(counter, key, back="/counter/"):
    """What the script sends when the server is back."""
    fields = counter.form("/counter/", to="/sign-out")[1]
    asked = {"csrf_token": fields["csrf_token"], "idempotency_key": random_key(), "lost_key": key, "back": back}
    return counter._read(counter.client.post("/counter/outcome", data=asked, follow_redirects=True))


def test_what_was_done_is_shown_as_done_and_not_done_again(counter, alice, rice):
    path, form = counter.path, counter.form(counter.answer, to=counter.path)[1]
    handed_over = counter.send(path).path
    ask(counter, form["idempotency_key"])
    assert counter.path == handed_over and "刚才那一步已经办成" in counter.page
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (700, 4)


def test_what_never_arrived_is_said_not_to_be_done(counter, alice):
    path, form = counter.path, counter.form(counter.answer, to=counter.path)[1]
    ask(counter, form["idempotency_key"], back=path)
    assert counter.path == path and "刚才那一步没有办成" in counter.page
    assert balance(alice.points_account_id) == 1000


def test_a_late_copy_of_what_was_called_not_done_is_refused(counter, alice, rice):
    path, late = counter.path, counter.answer
    ask(counter, counter.form(late, to=path)[1]["idempotency_key"])
    counter.answer = late
    assert counter.send(path).status == 409
    assert db.session.query(Redemption).count() == 0 and balance(alice.points_account_id) == 1000


def test_asking_twice_gives_the_same_answer(counter):
    key = counter.form(counter.answer, to=counter.path)[1]["idempotency_key"]
    ask(counter, key)
    assert "没有办成" in ask(counter, key, back="/counter/redemptions").page


def test_another_clerks_key_tells_nothing(counter, browser, dave, community, at):
    key = counter.form(counter.answer, to=counter.path)[1]["idempotency_key"]
    counter.send(counter.path)
    with transaction():
        people.grant_role(by=None, person_id=dave.id, role="clerk", unit_id=community.id, at=at)
    assert "没有办成" in ask(browser(dave), key).page


@pytest.mark.parametrize("key", ["", "x" * 81, "有中文", "a b", "'; --"])
def test_a_key_that_is_none_was_not_done(counter, key):
    assert "没有办成" in ask(counter, key).page


@cases("back", ["https://elsewhere.example/", "//elsewhere.example", "\\\\elsewhere", "javascript:alert(1)"])
def test_the_way_back_never_leads_to_another_site(counter, back):
    ask(counter, "unknown", back=back)
    assert "elsewhere" not in counter.answer.request.host and counter.status == 200
