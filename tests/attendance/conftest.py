"""The codes of an activity, and people who come to it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bank.activities.models import Activity
from bank.db import transaction
from bank.devices.actions import add_device
from bank.people.models import Person
from bank.units.models import Unit
from tests.activities.conftest import new_activity, publish, sweeping
from tests.attendance import scanning
from tests.attendance.scanning import check_in, check_out
from tests.cast import AT

__all__ = ["new_activity", "publish", "sweeping"]


@pytest.fixture
def code() -> Callable[[Activity, datetime], str]:
    """The link code on the activity's screen at an instant."""
    return scanning.code


@pytest.fixture
def new_device(dave: Person, community: Unit) -> Callable[[str], int]:
    """The id of a scanner that dave added; `new_device("东门")`."""

    def add(name: str) -> int:
        with transaction():
            return add_device(by=dave, unit_id=community.id, name=name, scope="check_in", at=AT)[0].id

    return add


@pytest.fixture
def attend(code: Callable[[Activity, datetime], str]) -> Callable[..., None]:
    """Checks a person in and, unless `until` is None, out again: `attend(alice, sweeping, at, at + 2 * HOURS)`."""

    def deed(person: Person, activity: Activity, since: datetime, until: datetime | None) -> None:
        check_in(person, activity, code(activity, since), since)
        if until is not None:
            check_out(person, activity, code(activity, until), until)

    return deed
