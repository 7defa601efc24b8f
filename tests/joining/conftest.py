"""An activity with two places, and how somebody joins it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bank.activities.models import Activity
from bank.consents.actions import record_paper
from bank.db import transaction
from bank.joining import actions
from bank.joining.models import Join
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewGuardian, NewPerson
from bank.units.models import Unit
from tests.activities.conftest import HOURS, new_activity, publish, sweeping

__all__ = ["new_activity", "publish", "sweeping"]


@pytest.fixture
def two_places(publish: Callable[..., Activity]) -> Activity:
    """The activity with two places."""
    return publish(capacity=2)


@pytest.fixture
def join(at: datetime) -> Callable[..., Join]:
    """Lets somebody join two hours before the start: `join(alice, sweeping)`."""

    def deed(by: Person, activity: Activity, **changes: object) -> Join:
        values = {"at": at - timedelta(hours=2)} | changes
        with transaction():
            return actions.join(by=by, activity_id=activity.id, **values)  # type: ignore[arg-type]

    return deed


@pytest.fixture
def new_child(dave: Person, alice: Person, community: Unit, at: datetime) -> Callable[[date], Person]:
    """A child of alice, born on a day, with the consent on paper."""

    def enrol(born_on: date) -> Person:
        guardian = NewGuardian(name=alice.name, phone=alice.phone or "")
        new = NewPerson(name="安小丽", unit_id=community.id, born_on=born_on, guardian=guardian)
        with transaction():
            child = people.enrol(by=dave, new=new, at=at - 24 * HOURS)
            record_paper(by=dave, person_id=child.id, purpose="minor", is_given=True, at=at - 24 * HOURS)
        return child

    return enrol
