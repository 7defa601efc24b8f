"""An activity that is over, people who came to it, and a second organizer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bank.activities.models import Activity
from bank.closing import actions
from bank.closing.models import Supplement
from bank.closing.rules import NewSupplement
from bank.db import transaction
from bank.people.actions import grant_role
from bank.people.models import Person
from bank.units.models import Unit
from tests.activities.conftest import HOURS, new_activity, publish, sweeping
from tests.attendance.conftest import attend, code
from tests.joining.conftest import new_child
from tests.publicity.conftest import three_days

__all__ = ["attend", "code", "new_activity", "new_child", "publish", "sweeping", "three_days"]


@pytest.fixture
def over(at: datetime) -> datetime:
    """Three hours after the start: the activity and its check-out are over."""
    return at + 3 * HOURS


@pytest.fixture
def second(carol: Person, dave: Person, community: Unit, at: datetime) -> Person:
    """Carol, who organises here as well."""
    with transaction():
        grant_role(by=dave, person_id=carol.id, role="organizer", unit_id=community.id, at=at)
    return carol


@pytest.fixture
def child(new_child: Callable[[date], Person], at: datetime) -> Person:
    """A child of twelve for whom alice answers."""
    return new_child((at - timedelta(days=12 * 366)).date())


@pytest.fixture
def ask(bob: Person, sweeping: Activity, over: datetime) -> Callable[..., list[Supplement]]:
    """Has bob ask for the time of some: `ask(alice, charlie, reason="…")`."""

    def deed(*persons: Person, by: Person = bob, at: datetime = over, **changes: object) -> list[Supplement]:
        ids = tuple(each.id for each in persons)
        values = {"activity_id": sweeping.id, "person_ids": ids, "reason": "手机没电"} | changes
        with transaction():
            return actions.ask_supplements(by=by, new=NewSupplement(**values), at=at)  # type: ignore[arg-type]

    return deed
