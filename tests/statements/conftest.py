"""Services and redemptions of several months, told in one line each."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from bank.clock import local_instant
from bank.consents.actions import decide_consent
from bank.counter import actions as counter
from bank.counter.consent import by_check
from bank.counter.models import Redemption
from bank.counter.rules import Wanted
from bank.db import random_key, transaction
from bank.hours import actions as hours
from bank.hours.rules import NewPart, NewService, Stay
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.rewards import actions as rewards
from bank.rewards.rules import NewReward
from bank.statements import actions
from bank.units.models import Unit


@pytest.fixture
def serve(dave: Person, bob: Person) -> Callable[..., int]:
    """Record a service of whole minutes, 1.00 point an hour: `serve(alice, 95, date(2026, 9, 12))`."""

    def record(person: Person, minutes: int, day: date, *, at: datetime | None = None, name: str = "清扫楼道") -> int:
        starts_at = local_instant(day, time(9))
        ends_at = starts_at + timedelta(minutes=minutes)
        service = NewService(
            source=f"test:{random_key()}", name=name, category="environment", place="三号楼", content="清扫", starts_at=starts_at,
            ends_at=ends_at, unit_id=person.unit_id, leader_id=bob.id,
        )  # fmt: skip
        with transaction():
            part = NewPart(person_id=person.id, stays=(Stay(starts_at, ends_at),))
            return hours.record(by=dave, service=service, parts=[part], at=at or ends_at).service_id

    return record


@pytest.fixture
def redeem(dave: Person, carol: Person, community: Unit) -> Callable[..., Redemption]:
    """Hand over a towel for a number of points: `redeem(alice, 100, date(2026, 9, 20))`."""

    def hand_over(person: Person, hundredths: int, day: date) -> Redemption:
        at = local_instant(day, time(15))
        with transaction():
            new = NewReward(unit_id=community.id, kind="goods", name="毛巾", points=hundredths, stock=9)
            reward = rewards.add_reward(by=dave, new=new, at=at)
        with transaction():
            agreed = by_check(by=carol, shower_id=person.id, note="身份证", at=at)
            wanted = Wanted(person_id=person.id, reward_id=reward.id)
            return counter.redeem(by=carol, wanted=wanted, agreed=agreed, key=random_key(), at=at)

    return hand_over


@pytest.fixture
def issue(app: Flask) -> Callable[[date], int]:
    """Issue a month's statements on the 5th of the next: `issue(date(2026, 9, 1))`."""

    def on_the_fifth(month: date) -> int:
        with transaction():
            return actions.issue(month=month, at=local_instant(month + timedelta(days=35), time(6)))

    return on_the_fifth


@pytest.fixture
def consent(app: Flask, at: datetime) -> Callable[..., None]:
    """Let members be on boards, or not any more: `consent(alice, bob)`, `consent(alice, is_given=False)`."""

    def decide(*persons: Person, is_given: bool = True) -> None:
        for person in persons:
            with transaction():
                decide_consent(by=person, person_id=person.id, purpose="board", is_given=is_given, at=at)

    return decide


@pytest.fixture
def enrol(community: Unit, at: datetime) -> Callable[..., Person]:
    """Enrol one more member of the community: `enrol("13900000001", born_on=date(2010, 1, 1))`."""

    def one(phone: str, *, name: str = "钱多多", born_on: date = date(1980, 1, 1), enrolled_at: datetime = at) -> Person:
        with transaction():
            new = NewPerson(name=name, phone=phone, unit_id=community.id, born_on=born_on)
            return people.enrol(by=None, new=new, at=enrolled_at)

    return one
