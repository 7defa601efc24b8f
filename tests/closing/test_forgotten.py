"""A check-out that was forgotten is closed by rule: nothing is invented, it is marked, listed, and always the same."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bank.activities.models import Activity
from bank.attendance import confirm
from bank.attendance.queries import attendances_of, presences
from bank.closing import actions, queries
from bank.closing.models import Supplement
from bank.db import transaction
from bank.ledger.queries import balance
from bank.people.models import Person
from tests.attendance.scanning import take

Attend = Callable[..., None]
HOURS, MINUTES = timedelta(hours=1), timedelta(minutes=1)


def close(at: datetime) -> int:
    with transaction():
        return actions.close_forgotten(at=at)


def test_it_is_marked_with_the_closing_of_check_out_whenever_the_job_runs(
    alice: Person, charlie: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, None)
    attend(charlie, sweeping, at, at + 2 * HOURS)
    closing = at + 2 * HOURS + 30 * MINUTES
    assert [close(each) for each in (closing - MINUTES, closing, closing, closing + timedelta(days=90))] == [0, 1, 0, 0]
    [stay] = attendances_of(person_id=alice.id, activity_id=sweeping.id)
    assert (stay.forgotten_at, stay.checked_out_at) == (closing, None)


def test_run_late_it_says_the_same(alice: Person, sweeping: Activity, attend: Attend, at: datetime) -> None:
    attend(alice, sweeping, at, None)
    assert close(at + timedelta(days=300)) == 1
    [stay] = attendances_of(person_id=alice.id, activity_id=sweeping.id)
    assert stay.forgotten_at == at + 2 * HOURS + 30 * MINUTES


def test_it_counts_nothing_is_listed_and_a_supplement_decides(
    alice: Person, charlie: Person, bob: Person, erin: Person, second: Person, sweeping: Activity, attend: Attend,
    ask: Callable[..., list[Supplement]], at: datetime, over: datetime,
) -> None:  # fmt: skip
    attend(alice, sweeping, at, None)
    close(over)
    [presence] = presences(by=bob, activity_id=sweeping.id)
    assert (presence.is_in, presence.is_pending, presence.hours) == (False, True, None)
    assert [each.person_id for each in queries.forgotten(by=erin, until=over)] == [alice.id]
    assert queries.forgotten(by=charlie, until=over) == []
    asked = ask(alice)
    assert queries.forgotten(by=erin, until=over) == []
    with transaction():
        actions.decide_supplements(by=second, supplement_ids=[asked[0].id], is_agreed=True, at=over)
    assert balance(alice.minutes_account_id) == 120


def test_who_scanned_once_more_after_a_finished_stay_keeps_it(
    alice: Person, bob: Person, erin: Person, sweeping: Activity, attend: Attend, at: datetime, over: datetime
) -> None:
    attend(alice, sweeping, at, at + 2 * HOURS)
    attend(alice, sweeping, at + 2 * HOURS + MINUTES, None)
    close(over)
    assert queries.forgotten(by=erin, until=over) == []
    with transaction():
        confirm.confirm(by=bob, activity_id=sweeping.id, at=over)
    assert balance(alice.minutes_account_id) == 120


def test_a_check_out_that_arrives_late_was_not_forgotten(
    alice: Person, bob: Person, erin: Person, sweeping: Activity, attend: Attend, at: datetime, over: datetime
) -> None:
    attend(alice, sweeping, at, None)
    close(over)
    kept = {"scanned_at": at + 2 * HOURS, "sent_at": over}  # The table had no network.
    assert take(bob, over, kind="out", activity_id=sweeping.id, card=alice.card_number, **kept).answer == "checked_out"
    [stay] = attendances_of(person_id=alice.id, activity_id=sweeping.id)
    assert (stay.forgotten_at, stay.checked_out_at) == (None, at + 2 * HOURS)
    assert (close(over), queries.forgotten(by=erin, until=over)) == (0, [])


def test_the_database_lets_nobody_check_out_of_a_forgotten_stay(
    alice: Person, sweeping: Activity, attend: Attend, at: datetime, over: datetime
) -> None:
    attend(alice, sweeping, at, None)
    close(over)
    with pytest.raises(IntegrityError), transaction():
        attendances_of(person_id=alice.id, activity_id=sweeping.id)[0].checked_out_at = over
