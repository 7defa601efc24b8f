"""Alice is in service today; charlie lives elsewhere, and a phone is the recipient's."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bank.db import transaction
from bank.evaluations.rules import Device
from bank.micro_hours import actions
from bank.micro_hours.models import MicroHour
from bank.micro_hours.rules import NewMicroHour
from bank.people.models import Person

MINUTE = timedelta(minutes=1)
PHONE = Device("a" * 20)


@pytest.fixture(autouse=True)
def in_service(alice: Person) -> None:
    with transaction():
        alice.is_in_service = True


@pytest.fixture
def served(at: datetime) -> Callable[..., MicroHour]:
    """What two taps leave behind: `served(alice, minutes=30)`, over at `at` unless said otherwise."""

    def two_taps(by: Person, *, minutes: int = 30, until: datetime = at) -> MicroHour:
        new = NewMicroHour(category="elder_care", title="陪老人看病", place="卫生站", unit_id=by.unit_id)
        with transaction():
            actions.start(by=by, new=new, at=until - minutes * MINUTE)
        with transaction():
            return actions.stop(by=by, at=until)

    return two_taps


@pytest.fixture
def confirm(at: datetime) -> Callable[..., MicroHour]:
    """What the recipient's tap on a row of stars does: `confirm(micro_hour, 5)`."""

    def tap(
        micro_hour: MicroHour, mark: int = 5, *, device: Device = PHONE, by: Person | None = None, at: datetime = at
    ) -> MicroHour:
        with transaction():
            return actions.confirm_by_link(key=micro_hour.key, mark=mark, device=device, by=by, at=at)

    return tap


@pytest.fixture
def record(at: datetime) -> Callable[..., actions.Recorded]:
    """What an organizer's button does: `record(bob, micro_hour, …)`."""

    def press(by: Person, *micro_hours: MicroHour, at: datetime = at) -> actions.Recorded:
        with transaction():
            return actions.record(by=by, micro_hour_ids=[each.id for each in micro_hours], at=at)

    return press
