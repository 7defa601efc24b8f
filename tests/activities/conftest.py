"""An activity of two hours that begins at `at`."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bank.activities import actions
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.db import transaction
from bank.people.models import Person
from bank.units.models import Unit

HOURS = timedelta(hours=1)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def new_activity(at: datetime, bob: Person, community: Unit) -> Callable[..., NewActivity]:
    """What bob would publish; `new_activity(capacity=1)`."""

    def build(**changes: object) -> NewActivity:
        values: dict[str, object] = {
            "name": "清扫楼道", "category": "environment", "place": "3 号楼", "content": "清扫三号楼的楼道",
            "starts_at": at, "ends_at": at + 2 * HOURS, "capacity": 30, "unit_id": community.id, "leader_id": bob.id,
        }  # fmt: skip
        return NewActivity(**(values | changes))  # type: ignore[arg-type]

    return build


@pytest.fixture
def publish(new_activity: Callable[..., NewActivity], bob: Person, at: datetime) -> Callable[..., Activity]:
    """Publishes an activity as bob, a day before."""

    def deed(**changes: object) -> Activity:
        with transaction():
            return actions.publish(by=bob, new=new_activity(**changes), at=at - 24 * HOURS)

    return deed


@pytest.fixture
def sweeping(publish: Callable[..., Activity]) -> Activity:
    """The activity."""
    return publish()
