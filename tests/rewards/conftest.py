"""A shelf with two rewards, and points to give."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from bank.clock import local_day
from bank.counter import actions as counter
from bank.counter import consent
from bank.counter.models import Redemption
from bank.counter.rules import Wanted
from bank.db import random_key, transaction
from bank.ledger import actions as ledger
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.rewards import actions
from bank.rewards.models import Reward
from bank.rewards.rules import NewReward
from bank.units.models import Unit
from tests.browser import Browser


@pytest.fixture
def rice(dave: Person, community: Unit, at: datetime) -> Reward:
    """Five bags of rice at 3.00 points, two a month for each."""
    new = NewReward(unit_id=community.id, kind="goods", name="大米", points=300, stock=5, number="101")
    with transaction():
        return actions.add_reward(by=dave, new=new, at=at)


@pytest.fixture
def haircut(dave: Person, community: Unit, at: datetime) -> Reward:
    """A haircut at 2.00 points, as often as one likes."""
    new = NewReward(unit_id=community.id, kind="service", name="理发", points=200, stock=None, number="201", monthly_limit=None)
    with transaction():
        return actions.add_reward(by=dave, new=new, at=at)


@pytest.fixture
def give(at: datetime) -> Callable[[Person, int], None]:
    """Deposit hundredths of a point: `give(alice, 300)`."""

    def deposit(person: Person, hundredths: int) -> None:
        move = NewTransfer("points", person.unit.issued_account_id, person.points_account_id, hundredths)
        key = f"test:{random_key()}"
        entry = NewEntry(key=key, kind="deposit", effective_on=local_day(at), transfers=(move,), recorded_by="test")
        with transaction():
            ledger.post([entry], at=at)

    return deposit


@pytest.fixture
def redeem(at: datetime) -> Callable[..., Redemption]:
    """Hand over as a clerk does: `redeem(carol, alice, rice)`."""

    def hand_over(by: Person, person: Person, reward: Reward, quantity: int = 1, **other: object) -> Redemption:
        asked = {"key": random_key(), "at": at} | other
        wanted = Wanted(person_id=person.id, reward_id=reward.id, quantity=quantity)
        with transaction():
            asked.setdefault("agreed", agree(by, person, at=asked["at"]))
            return counter.redeem(by=by, wanted=wanted, **asked)

    return hand_over


def agree(by: Person, person: Person, *, at: datetime) -> str:
    """The consent of a member whose identity a clerk has checked; none where the clerk cannot see the member."""
    try:
        return consent.by_check(by=by, shower_id=person.id, note="身份证", at=at)
    except PersonNotFound:
        return ""


class Reader(Browser):
    """A browser that goes where it is sent and remembers the page it is on: `browser(carol).open("/counter/").send(...)`."""

    def open(self, path: str, **asked: object) -> "Reader":
        return self._read(self.client.get(path, query_string=asked, follow_redirects=True))

    def send(self, to: str, **typed: object) -> "Reader":
        action, fields = self.form(self.answer, to=to)
        return self._read(self.client.post(action, data=fields | typed, follow_redirects=True))

    def _read(self, answer: TestResponse) -> "Reader":
        self.answer, self.page, self.status, self.path = answer, answer.text, answer.status_code, answer.request.path
        return self


@pytest.fixture
def browser(app: Flask) -> Callable[[Person], Reader]:
    """Somebody who has signed in."""

    def signed_in(person: Person) -> Reader:
        reader = Reader(app.test_client())
        reader.sign_in(person)
        return reader

    return signed_in
