"""Lifetime minutes in one line, and the night that awards stars for them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bank.clock import local_day
from bank.db import db, random_key, transaction
from bank.honours import actions
from bank.honours.actions import Changed
from bank.honours.models import AwardProposal
from bank.honours.rules import HONOUR, Level
from bank.ledger import actions as ledger
from bank.ledger.queries import system_account
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people import actions as people
from bank.people.models import Person

FIFTH = Level(HONOUR, 5)


@pytest.fixture
def give_hours(at: datetime) -> Callable[[Person, int], int]:
    """Deposit hours of service: `give_hours(alice, 100)`; answers the entry's id."""

    def deposit(person: Person, hours: int) -> int:
        move = NewTransfer("minutes", system_account("served", "minutes"), person.minutes_account_id, hours * 60)
        key = f"test:{random_key()}"
        entry = NewEntry(key=key, kind="deposit", effective_on=local_day(at), transfers=(move,), recorded_by="test")
        with transaction():
            return ledger.post([entry], at=at)[0].entry_id

    return deposit


@pytest.fixture
def take_back(dave: Person, erin: Person, at: datetime) -> Callable[[int], None]:
    """Reverse an entry: `take_back(entry_id)`."""

    def reverse(entry_id: int) -> None:
        with transaction():
            ledger.reverse(
                entry_id=entry_id,
                key=f"back:{entry_id}",
                reason="记错了人",
                recorded_by=dave.key,
                approved_by=erin.key,
                effective_on=local_day(at),
                at=at + timedelta(hours=1),
            )

    return reverse


@pytest.fixture
def night(at: datetime) -> Callable[..., Changed]:
    """Award what is due, some days later if need be: `night(days=1)`."""

    def run(days: int = 0) -> Changed:
        with transaction():
            return actions.award_due(at=at + timedelta(days=days))

    return run


@pytest.fixture
def propose(bob: Person, at: datetime) -> Callable[..., AwardProposal]:
    """Bob proposes the fifth star, unless told otherwise: `propose(alice, level=…, is_given=False)`."""

    def ask(person: Person, *, by: Person = bob, level: Level = FIFTH, is_given: bool = True, reason: str = "风雨无阻"):
        with transaction():
            asked = {"level": level, "is_given": is_given, "reason": reason}
            return actions.propose(by=by, person_id=person.id, at=at + timedelta(hours=2), **asked)

    return ask


@pytest.fixture
def answer(dave: Person, at: datetime) -> Callable[..., None]:
    """Dave agrees, unless told otherwise: `answer(proposal, is_agreed=False)`."""

    def decide(proposal: AwardProposal, *, by: Person = dave, is_agreed: bool = True) -> None:
        with transaction():
            actions.answer(by=by, proposal_id=proposal.id, is_agreed=is_agreed, at=at + timedelta(hours=3))

    return decide


@pytest.fixture
def second_admin(carol: Person, at: datetime) -> Person:
    """Carol as admin of the community."""
    with transaction():
        people.grant_role(by=None, person_id=carol.id, role="admin", unit_id=carol.unit_id, at=at)
    db.session.rollback()
    return carol
