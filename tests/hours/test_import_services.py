"""Many services in one call: the same rules, the same order, and caps that hold when two calls run at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank.db import db, transaction
from bank.hours import actions
from bank.hours.models import ServiceRecord
from bank.hours.rules import NewPart, NewService, PersonTwice, SourceReused
from bank.ledger.models import JournalEntry
from bank.ledger.queries import balance, trial_balance
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.models import Unit

Build = Callable[..., NewService]
Part = Callable[..., NewPart]


def test_many_services_are_one_posting_each_paid_once(
    bob: Person, community: Unit, new_service: Build, part: Part, at: datetime
) -> None:
    new = [NewPerson(name="王小明", phone=f"139{number:08d}", unit_id=community.id) for number in range(40)]
    with transaction():
        everyone = [db.session.get_one(Person, each) for each in people.enrol_all(by=None, new=new, at=at)]
        days = [new_service(starts_at=at - timedelta(days=day)) for day in range(1, 21)]
        services = [(day, [part(person, day) for person in everyone]) for day in days]
        first = actions.import_services(by=bob, services=services, at=at)
    with transaction():
        again = actions.import_services(by=bob, services=services, at=at)
    assert [each.record_count for each in first] == [40] * 20
    assert [each.record_count for each in again] == [0] * 20
    assert {balance(person.points_account_id) for person in everyone} == {4000}
    assert db.session.scalar(select(func.count(JournalEntry.id))) == 800
    assert set(trial_balance().values()) == {0}


def test_parts_are_credited_in_the_order_given(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    first = new_service(hours=6, starts_at=at - timedelta(days=1))
    second = new_service(hours=4, starts_at=at - timedelta(hours=17))
    with transaction():
        actions.import_services(by=bob, services=[(each, [part(alice, each)]) for each in (first, second)], at=at)
    rows = db.session.execute(select(ServiceRecord.minutes, ServiceRecord.cut_reasons).order_by(ServiceRecord.id)).all()
    assert [tuple(row) for row in rows] == [(360, None), (120, "day_cap")]


def test_one_source_twice_in_a_call_is_one_service(bob: Person, alice: Person, new_service: Build, at: datetime) -> None:
    service = new_service(source="paper:1")
    changed = new_service(source="paper:1", name="别的")
    with pytest.raises(SourceReused), transaction():
        actions.import_services(by=bob, services=[(service, []), (changed, [])], at=at)


def test_a_person_twice_in_one_source_is_refused(
    bob: Person, alice: Person, new_service: Build, part: Part, at: datetime
) -> None:
    service = new_service()
    with pytest.raises(PersonTwice), transaction():
        actions.import_services(by=bob, services=[(service, [part(alice, service)])] * 2, at=at)


def test_nothing_to_import_changes_nothing(bob: Person, at: datetime) -> None:
    with transaction():
        assert actions.import_services(by=bob, services=[], at=at) == []


def test_two_calls_at_once_do_not_pay_the_same_hours_twice(
    app: Flask, bob: Person, alice: Person, new_service: Build, part: Part, at: datetime
) -> None:
    services = [new_service() for _ in range(6)]
    work = [(each, [part(alice, each)]) for each in services]
    bob_id, account_id = bob.id, alice.minutes_account_id
    db.session.rollback()  # The threads must not wait for what this test has read.

    def record(service: tuple[NewService, list[NewPart]]) -> None:
        with app.app_context(), transaction():
            actions.import_services(by=db.session.get_one(Person, bob_id), services=[service], at=at)

    with ThreadPoolExecutor(max_workers=6) as threads:
        list(threads.map(record, work))
    assert balance(account_id) == 120
    assert db.session.scalar(select(func.count(ServiceRecord.id))) == 6
