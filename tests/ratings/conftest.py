"""An in-service member's services of a year and their marks, told in one line each."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bank.clock import local_instant
from bank.db import db, random_key, transaction
from bank.evaluations.models import Evaluation
from bank.hours import actions as hours
from bank.hours.models import ServiceRecord
from bank.hours.rules import NewPart, NewService, Stay
from bank.ledger import actions as ledger
from bank.people.models import Person
from tests.browser import Browser

LATER = timedelta(days=30)


@pytest.fixture
def in_service(alice: Person) -> Person:
    """Alice, who works somewhere and serves where she lives."""
    with transaction():
        db.session.get_one(Person, alice.id).is_in_service = True
    return alice


@pytest.fixture
def mark(bob: Person) -> Callable[..., None]:
    """Give marks to a service record: `mark(record_id, recipient=5, leader=4, completion=5)`."""

    def give(record_id: int, *, at: datetime | None = None, **marks: int | None) -> None:
        given_at = at or db.session.get_one(ServiceRecord, record_id).confirmed_at + timedelta(hours=1)
        with transaction():
            for role, mark in marks.items():
                if mark is not None:
                    row = Evaluation(service_record_id=record_id, role=role, mark=mark, way="signed_in", given_at=given_at)
                    row.given_by_id = bob.id
                    db.session.add(row)

    return give


@pytest.fixture
def serve(dave: Person, bob: Person, mark: Callable[..., None]) -> Callable[..., int]:
    """Record a service and its marks: `serve(alice, 95, date(2026, 9, 12), (5, 4, 5))`; answers the record's id."""

    def record(
        person: Person,
        minutes: int,
        day: date,
        marks: tuple[int | None, int | None, int | None] = (None, None, None),
        *,
        at: datetime | None = None,
        unit_id: int | None = None,
    ) -> int:
        starts_at = local_instant(day, time(9))
        ends_at = starts_at + timedelta(minutes=minutes)
        service = NewService(
            source=f"test:{random_key()}", name="清扫楼道", category="environment", place="三号楼", content="清扫",
            starts_at=starts_at, ends_at=ends_at, unit_id=unit_id or person.unit_id, leader_id=bob.id,
        )  # fmt: skip
        with transaction():
            part = NewPart(person_id=person.id, stays=(Stay(starts_at, ends_at),))
            service_id = hours.record(by=dave, service=service, parts=[part], at=at or ends_at).service_id
        record_id = db.session.scalar(select(ServiceRecord.id).where(ServiceRecord.service_id == service_id))
        assert record_id is not None
        mark(record_id, **dict(zip(("recipient", "leader", "completion"), marks, strict=True)))
        return record_id

    return record


@pytest.fixture
def take_back(dave: Person, erin: Person) -> Callable[[int], None]:
    """Reverse what a service record deposited: `take_back(record_id)`."""

    def reverse(record_id: int) -> None:
        record = db.session.get_one(ServiceRecord, record_id)
        with transaction():
            ledger.reverse(
                entry_id=record.entry_id or 0,
                key=f"back:{record_id}",
                reason="记错了人",
                recorded_by=dave.key,
                approved_by=erin.key,
                effective_on=record.service.served_on,
                at=record.confirmed_at + timedelta(hours=2),
            )

    return reverse


@pytest.fixture
def browser(app: Flask) -> Callable[[Person], Browser]:
    """Somebody who has signed in: `browser(alice).get("/stars/")`."""
    return lambda person: Browser(app.test_client()).sign_in(person)
