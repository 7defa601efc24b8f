"""A service of two hours yesterday, led by bob and recorded by dave, in which alice and two neighbours took part."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from bank.db import db, random_key, transaction
from bank.evaluations import actions, invitations
from bank.evaluations.models import Evaluation, RatingInvitation
from bank.evaluations.rules import BulkMarks, Call, Device, NewMark
from bank.hours import actions as hours
from bank.hours.models import Service, ServiceRecord
from bank.hours.queries import records_of_service
from bank.hours.rules import NewPart, NewService, Stay
from bank.people import actions as people
from bank.people.models import Household, HouseholdMember, Person
from bank.people.rules import NewPerson
from bank.units.models import Unit

DAY = timedelta(days=1)
PHONE = Device("a" * 20)


@pytest.fixture
def neighbour(community: Unit, at: datetime) -> Callable[[], Person]:
    """Somebody else who lives in the community."""
    numbers = count(1)

    def enrol() -> Person:
        new = NewPerson(name="邻居", phone=f"1390000{next(numbers):04}", unit_id=community.id)
        with transaction():
            return people.enrol(by=None, new=new, at=at)

    return enrol


@pytest.fixture
def serve(dave: Person, bob: Person, community: Unit, at: datetime) -> Callable[..., Service]:
    """Record a service: `serve(alice, neighbour())`; its leader is bob unless another is named."""
    numbers = count(1)

    def record(*members: Person, leader: Person = bob, by: Person = dave, minutes: int = 120, ended_at: datetime = at) -> Service:
        begin = ended_at - timedelta(hours=2)
        new = NewService(
            source=f"test:{next(numbers)}", name="清扫楼道", category="environment", place="3 号楼", content="清扫三号楼的楼道",
            starts_at=begin, ends_at=ended_at, unit_id=community.id, leader_id=leader.id,
        )  # fmt: skip
        parts = [NewPart(person_id=each.id, stays=(Stay(begin, begin + timedelta(minutes=minutes)),)) for each in members]
        with transaction():
            done = hours.record(by=by, service=new, parts=parts, at=ended_at)
        return db.session.get_one(Service, done.service_id)

    return record


@pytest.fixture
def record(serve: Callable[..., Service], alice: Person) -> ServiceRecord:
    """Alice's part in a service led by bob."""
    return records_of_service(serve(alice).id)[0]


@pytest.fixture
def invite(bob: Person, at: datetime) -> Callable[..., str]:
    """The code for a record's recipient: `invite(record)`."""

    def issue(record: ServiceRecord, *, by: Person = bob, at: datetime = at) -> str:
        with transaction():
            new: RatingInvitation = actions.invite(by=by, record_id=record.id, at=at)
        return invitations.code_of(new)

    return issue


@pytest.fixture
def rate_by_code(at: datetime) -> Callable[..., Evaluation]:
    """What a tap on a star does: `rate_by_code(code, 5)`."""

    def tap(code: str, mark: int, *, by: Person | None = None, device: Device = PHONE, at: datetime = at) -> Evaluation:
        with transaction():
            return actions.rate_by_code(code=code, mark=mark, device=device, by=by, at=at)

    return tap


@pytest.fixture
def rate(at: datetime) -> Callable[..., actions.Given]:
    """What a leader sends: `rate(bob, service, 4, 5)`, with exceptions as (record, role, mark)."""

    def send(
        by: Person, service: Service, leader: int | None, completion: int | None, *exceptions: tuple[ServiceRecord, str, int]
    ) -> actions.Given:
        named = tuple(NewMark(record_id=each.id, role=role, mark=mark) for each, role, mark in exceptions)
        marks = BulkMarks(leader=leader, completion=completion, exceptions=named)
        with transaction():
            return actions.rate_service(by=by, service_id=service.id, marks=marks, at=at)

    return send


@pytest.fixture
def call(at: datetime) -> Callable[..., Evaluation]:
    """What staff record after a phone call: `call(dave, record, 5)`."""

    def note(by: Person, record: ServiceRecord, mark: int, *, comment: str | None = None) -> Evaluation:
        said = Call(mark=mark, called="王奶奶，座机", comment=comment)
        with transaction():
            return actions.record_call(by=by, record_id=record.id, call=said, at=at)

    return note


@pytest.fixture
def withdraw(at: datetime) -> Callable[..., None]:
    """One asks and another agrees: `withdraw(bob, dave, evaluation)`."""

    def both(asks: Person, agrees: Person, evaluation: Evaluation) -> None:
        with transaction():
            asked = actions.ask_withdrawal(by=asks, evaluation_id=evaluation.id, reason="slip", at=at)
        with transaction():
            actions.decide_withdrawal(by=agrees, withdrawal_id=asked.id, is_agreed=True, at=at)

    return both


@pytest.fixture
def live_together(at: datetime) -> Callable[..., None]:
    """Put persons into one household: `live_together(alice, bob)`."""

    def move_in(*members: Person) -> None:
        with transaction():
            household = Household(key=random_key(), formed_at=at)
            db.session.add(household)
            db.session.flush()
            db.session.add_all(HouseholdMember(household_id=household.id, person_id=each.id, joined_at=at) for each in members)

    return move_in
