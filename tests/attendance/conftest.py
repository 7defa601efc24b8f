"""The codes of an activity, and people who come to it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bank.activities.models import Activity
from bank.attendance import actions, queries, ticket
from bank.db import transaction
from bank.people.models import Person
from tests.activities.conftest import new_activity, publish, sweeping

__all__ = ["new_activity", "publish", "sweeping"]


@pytest.fixture
def code() -> Callable[[Activity, datetime], str]:
    """The link code on the activity's screen at an instant."""
    return lambda activity, at: ticket.link_code(activity.id, activity.key, secret=queries.secret(), at=at)


@pytest.fixture
def attend(code: Callable[[Activity, datetime], str]) -> Callable[..., None]:
    """Checks a person in and, unless `until` is None, out again: `attend(alice, sweeping, at, at + 2 * HOURS)`."""

    def deed(person: Person, activity: Activity, since: datetime, until: datetime | None) -> None:
        for action, moment in ((actions.check_in, since), (actions.check_out, until)):
            if moment is not None:
                with transaction():
                    action(by=person, activity_id=activity.id, ticket=code(activity, moment), at=moment)

    return deed
