"""A service of two hours yesterday, and parts in it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from flask import Flask

from bank.db import transaction
from bank.hours import actions
from bank.hours.rules import NewPart, NewService, Stay
from bank.people.models import Person
from bank.units.models import Unit


@pytest.fixture
def new_service(at: datetime, bob: Person, community: Unit) -> Callable[..., NewService]:
    """Two hours of sweeping that began a day ago; `new_service(hours=1, class_percent=120, …)`."""
    numbers = count(1)

    def build(*, hours: int = 2, **changes: object) -> NewService:
        starts_at = changes.pop("starts_at", at - timedelta(days=1))
        assert isinstance(starts_at, datetime)
        values: dict[str, object] = {
            "source": f"test:{next(numbers)}", "name": "清扫楼道", "category": "environment", "place": "3 号楼",
            "content": "清扫三号楼的楼道", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours),
            "unit_id": community.id, "leader_id": bob.id,
        }  # fmt: skip
        return NewService(**(values | changes))  # type: ignore[arg-type]

    return build


@pytest.fixture
def part() -> Callable[..., NewPart]:
    """Somebody's part: `part(alice, service, minutes=95)`; the whole plan unless minutes are given."""

    def build(person: Person, service: NewService, *, minutes: int | None = None, **changes: object) -> NewPart:
        end = service.ends_at if minutes is None else service.starts_at + timedelta(minutes=minutes)
        return NewPart(person_id=person.id, stays=(Stay(service.starts_at, end),), **changes)  # type: ignore[arg-type]

    return build


@pytest.fixture
def recorded(
    app: Flask, bob: Person, alice: Person, new_service: Callable[..., NewService], part: Callable[..., NewPart], at: datetime
) -> None:
    """Alice's hour, written down and paid."""
    service = new_service(hours=1)
    with transaction():
        actions.record(by=bob, service=service, parts=[part(alice, service)], at=at)
