"""An import of historic records that is killed in the middle of a page, and sent again, has each record once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bank.db import db, transaction
from bank.hours import actions, audit
from bank.hours.models import Service, ServiceRecord
from bank.hours.rules import NewPart, NewService
from bank.ledger import audit as books_audit
from bank.ledger.models import JournalEntry
from bank.ledger.queries import balance, trial_balance
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.models import Unit
from tests.dying import Moment, is_killed

PAGES, DAYS, PERSONS = 3, 4, 5
PAGE = DAYS * PERSONS
# The moment, and how many pages the bank has whole after it.
MOMENTS = [
    (Moment("return", "_write_services"), 0),
    (Moment("return", "post"), 0),
    (Moment("return", "insert_all", 2), 0),
    (Moment("call", "_commit"), 0),
    (Moment("return", "_commit"), 1),
    (Moment("call", "_write_records", 3), 2),
    (Moment("return", "_commit", 3), 3),
]


@pytest.fixture
def pages(
    bob: Person, community: Unit, new_service: Callable[..., NewService], part: Callable[..., NewPart], at: datetime
) -> list[list[tuple[NewService, list[NewPart]]]]:
    """Twelve days of five persons, in three pages."""
    new = [NewPerson(name="王小明", phone=f"139{number:08d}", unit_id=community.id) for number in range(PERSONS)]
    with transaction():
        everyone = [db.session.get_one(Person, each) for each in people.enrol_all(by=None, new=new, at=at)]
        days = [new_service(starts_at=at - timedelta(days=day)) for day in range(1, PAGES * DAYS + 1)]
        services = [(day, [part(person, day) for person in everyone]) for day in days]
    return [services[start : start + DAYS] for start in range(0, len(services), DAYS)]


def count(*tables: type) -> list[int]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables]


def test_killed_at_any_moment_and_sent_again_each_record_is_there_once(
    pages: list[list[tuple[NewService, list[NewPart]]]], bob: Person, at: datetime
) -> None:
    bob_id, members = bob.id, [each.person_id for each in pages[0][0][1]]

    def send() -> list[int]:
        new = []
        for page in pages:
            with transaction():
                done = actions.import_services(by=db.session.get_one(Person, bob_id), services=page, at=at)
                new.append(sum(each.record_count for each in done))
        return new

    for moment, whole in MOMENTS:
        assert is_killed(send, moment), moment
        assert count(ServiceRecord, JournalEntry, Service) == [whole * PAGE, whole * PAGE, whole * DAYS], moment
    assert send() == [0, 0, 0]
    assert {balance(db.session.get_one(Person, each).minutes_account_id) for each in members} == {PAGES * DAYS * 120}
    assert set(trial_balance().values()) == {0}
    assert list(audit.differences()) == list(books_audit.differences()) == []
