"""An admin of the other community, and what a browser needs to send a form."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bank.access.actions import set_pin
from bank.db import transaction
from bank.people import actions
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.models import Unit
from tests import cast


@pytest.fixture
def frank(app: Flask, other_community: Unit, at: datetime) -> Person:
    """Is admin of the other community, and of nothing else."""
    with transaction():
        new = NewPerson(name="方朗", phone="13800000007", unit_id=other_community.id)
        person = actions.enrol(by=None, new=new, at=at)
        set_pin(by=None, person_id=person.id, pin=cast.PIN, at=at)
        actions.grant_role(by=None, person_id=person.id, role="admin", unit_id=other_community.id, at=at)
    return person


@pytest.fixture
def newcomer(community: Unit) -> dict[str, object]:
    """What the API is told of somebody who comes to the window."""
    return {"name": "曾国强", "phone": "138 1234-5678", "unit_id": community.id}


class Browser:
    """Somebody at a browser without scripts: opens pages, and sends a form with the hidden fields it carries."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def open(self, path: str) -> TestResponse:
        response = self.client.get(path, follow_redirects=True)
        self.page = response.text
        return response

    def send(self, action: str, **typed: object) -> TestResponse:
        [form, *_] = re.findall(rf'<form action="{re.escape(action)}" method="post".*?</form>', self.page, re.DOTALL)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        response = self.client.post(action, data=hidden | typed, follow_redirects=True)
        self.page = response.text
        return response


@pytest.fixture
def browser(app: Flask) -> Callable[[Person], Browser]:
    """A browser in which a person has signed in: `browser(dave).open("/people")`."""

    def signed_in(person: Person) -> Browser:
        opened = Browser(app.test_client())
        opened.open("/sign-in")
        opened.send("/sign-in", login=person.phone, pin=cast.PIN)
        return opened

    return signed_in
