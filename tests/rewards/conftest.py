"""A shelf with two rewards, and points to give."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bank.clock import local_day
from bank.db import random_key, transaction
from bank.ledger import actions as ledger
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people.models import Person, Unit
from bank.rewards import actions
from bank.rewards.models import Redemption, Reward
from bank.rewards.rules import NewReward


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
        asked = {"key": random_key(), "at": at, "quantity": quantity} | other
        with transaction():
            return actions.redeem(by=by, person_id=person.id, reward_id=reward.id, **asked)

    return hand_over
