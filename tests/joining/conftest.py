"""An activity with two places, and how somebody joins it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bank.activities.models import Activity
from bank.db import transaction
from bank.joining import actions
from bank.joining.models import Join
from bank.people.models import Person
from tests.activities.conftest import new_activity, publish, sweeping

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
