"""What is late, in working days: confirm within three, post within ten."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bank.activities.models import Activity
from bank.attendance import confirm
from bank.closing.lateness import late
from bank.db import transaction
from bank.people.models import Person
from bank.publicity import actions as publicity

DAYS = timedelta(days=1)


@pytest.fixture
def attended(alice: Person, sweeping: Activity, attend: Callable[..., None], at: datetime) -> Activity:
    """Thursday 15 October, with alice; after it come a weekend and five working days."""
    attend(alice, sweeping, at, at + timedelta(hours=2))
    return sweeping


def rows(by: Person, at: datetime) -> list[tuple[int, int, bool]]:
    return [(each.due.confirm_late, each.due.post_late, each.is_open) for each in late(by=by, at=at)]


def test_days_are_counted_after_the_third_and_the_tenth_working_day(attended: Activity, bob: Person, at: datetime) -> None:
    assert rows(bob, at + 5 * DAYS) == []  # Tuesday the 20th is the third.
    assert rows(bob, at + 6 * DAYS) == [(1, 0, True)]
    assert rows(bob, at + 14 * DAYS) == [(7, 0, True)]
    assert rows(bob, at + 15 * DAYS) == [(8, 1, True)]
    [found] = late(by=bob, at=at + 15 * DAYS)
    assert (found.due.confirm_on, found.due.post_on, found.is_calendar_known) == (date(2026, 10, 20), date(2026, 10, 29), True)


def test_what_was_confirmed_late_is_kept_in_the_list(attended: Activity, bob: Person, at: datetime) -> None:
    with transaction():
        confirm.confirm(by=bob, activity_id=attended.id, at=at + 6 * DAYS)
    assert rows(bob, at + 30 * DAYS) == [(1, 0, False)]


def test_in_time_is_not_late_and_unattended_is_nothing(
    attended: Activity, publish: Callable[..., Activity], bob: Person, at: datetime
) -> None:
    publish(name="没人来")
    with transaction():
        confirm.confirm(by=bob, activity_id=attended.id, at=at + 2 * DAYS)
    assert rows(bob, at + 30 * DAYS) == []


@pytest.mark.usefixtures("three_days")
def test_on_show_is_not_posted_yet(attended: Activity, bob: Person, at: datetime) -> None:
    with transaction():
        confirm.confirm(by=bob, activity_id=attended.id, at=at + 13 * DAYS)
    assert rows(bob, at + 20 * DAYS) == [(6, 4, True)]
    with transaction():
        publicity.post_due(at=at + 20 * DAYS)
    assert rows(bob, at + 40 * DAYS) == [(6, 3, False)]


def test_others_see_theirs_alone(attended: Activity, charlie: Person, erin: Person, at: datetime) -> None:
    assert rows(charlie, at + 15 * DAYS) == []
    assert len(rows(erin, at + 15 * DAYS)) == 1
