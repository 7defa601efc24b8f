"""The first page of each role: what waits stands on it, leads to its rows, and nobody sees another's work."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bank import clock
from bank.access.queries import never_signed_in
from bank.db import db, transaction
from bank.people import actions
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.web import work
from tests.browser import Browser
from tests.cases import cases


@pytest.fixture
def newcomer(dave: Person, alice: Person, at: datetime) -> Person:
    """Was enrolled and has not signed in yet."""
    with transaction():
        new = NewPerson(name="林小满", phone="13812340099", unit_id=alice.unit_id)
        return actions.enrol(by=dave, new=new, at=at)


def test_an_admin_finds_who_never_signed_in_and_the_way_to_help(client: FlaskClient, dave: Person, newcomer: Person) -> None:
    browser = Browser(client).sign_in(dave)
    assert 'href="/people/first-sign-ins"' in browser.get("/").text
    page = browser.get("/people/first-sign-ins").text
    assert "林小满" in page
    assert f'href="/people/{newcomer.id}/pin"' in page


def test_first_sign_ins_can_be_taken_along(client: FlaskClient, dave: Person, newcomer: Person) -> None:
    table = Browser(client).sign_in(dave).get("/people/first-sign-ins?as=csv").text
    assert "林小满,138****0099" in table


def test_whoever_is_no_admin_there_sees_none_of_them(app: Flask, bob: Person, charlie: Person, newcomer: Person) -> None:
    for each in (bob, charlie):
        assert db.session.scalars(never_signed_in(by=each)).all() == []


@pytest.mark.parametrize("who", ["bob", "carol", "dave", "erin"])
def test_every_role_is_told_what_waits_or_that_nothing_does(
    client: FlaskClient, who: str, request: pytest.FixtureRequest
) -> None:
    page = Browser(client).sign_in(request.getfixturevalue(who)).get("/").text
    assert "今天要办" in page


def test_a_volunteer_has_no_work_of_the_staff(client: FlaskClient, alice: Person) -> None:
    assert "今天要办" not in Browser(client).sign_in(alice).get("/").text


def test_what_is_late_or_wrong_stands_first(app: Flask, monkeypatch: pytest.MonkeyPatch, dave: Person, at: datetime) -> None:
    late = work.Task("people.people", "b", 1, "alarm", "refused")  # type: ignore[arg-type]
    waiting = work.Task("people.people", "a", 1, "alarm")  # type: ignore[arg-type]
    none = work.Task("people.people", "c", 0, "alarm")  # type: ignore[arg-type]
    gone = work.Task("no.such_page", "d", 1, "alarm")  # type: ignore[arg-type]
    monkeypatch.setitem(work.OF_ROLE, "admin", lambda by, at: [waiting, none, gone, late])
    with app.test_request_context():
        assert work.today(by=dave, roles={"admin"}, at=at) == [late, waiting]


def test_strangers_see_what_is_on_this_month_and_not_next(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "本月的活动" in page
    assert "自己查一查" in page
    assert clock.next_month(clock.today()) - timedelta(days=1) >= clock.today()


@cases("who", ["bob", "carol", "dave", "erin"])
def test_every_task_leads_to_a_page_that_is_there(app: Flask, who: str, at: datetime, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(who)
    with app.test_request_context():
        tasks = [each for of_role in work.OF_ROLE.values() for each in of_role(by, at)]
        assert [each.endpoint for each in tasks if each.url is None] == []
