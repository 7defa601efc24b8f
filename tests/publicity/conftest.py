"""A bank whose rules ask for three working days of publicity, and one without."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask

from bank.db import db, transaction
from bank.hours.models import RuleSetVersion
from bank.hours.rules import DEFAULTS, NewPart, NewService, Stay
from bank.people.models import Person
from bank.publicity import actions
from bank.publicity.actions import PutUp
from tests.hours.conftest import new_service
from tests.statements.conftest import redeem

__all__ = ["new_service", "redeem"]


@pytest.fixture
def three_days(app: Flask) -> None:
    """Rules with a publicity period of three working days, in force since long ago."""
    rules = replace(DEFAULTS, publicity_workdays=3).to_json()
    with transaction():
        db.session.add(RuleSetVersion(version=2, starts_on=date(2026, 1, 1), rules=rules))


@pytest.fixture
def put_up(bob: Person, at: datetime, new_service: Callable[..., NewService]) -> Callable[..., PutUp]:
    """Has bob confirm the whole of yesterday's service for some: `put_up(alice, charlie)`."""
    service = new_service()

    def deed(*persons: Person, by: Person = bob, at: datetime = at) -> PutUp:
        parts = [NewPart(person_id=each.id, stays=(Stay(service.starts_at, service.ends_at),)) for each in persons]
        with transaction():
            return actions.put_up(by=by, service=service, parts=parts, at=at)

    return deed
