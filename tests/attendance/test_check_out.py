"""Checking out: only who is in, once, with a code as well."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bank.activities.models import Activity
from bank.attendance import rules, ticket
from bank.attendance.queries import secret
from bank.attendance.ticket import Scan
from bank.clock import local_day, local_instant
from bank.db import db, transaction
from bank.hours.models import RuleSetVersion
from bank.hours.rules import DEFAULTS
from bank.people.models import Person
from tests.attendance.scanning import check_in, check_out, stay

MINUTES = timedelta(minutes=1)
Code = Callable[[Activity, datetime], str]
Attend = Callable[..., None]


def test_who_is_in_checks_out(alice: Person, sweeping: Activity, attend: Attend, code: Code, at: datetime) -> None:
    attend(alice, sweeping, at, None)
    end = at + 120 * MINUTES
    left = check_out(alice, sweeping, code(sweeping, end), end)
    assert (left.checked_in_at, left.checked_out_at, left.checked_out_by) == (at, end, "link")


def test_who_never_came_cannot_leave(alice: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    with pytest.raises(rules.NotCheckedIn):
        check_out(alice, sweeping, code(sweeping, at), at)


def test_a_repeat_is_told_the_first_time(alice: Person, sweeping: Activity, attend: Attend, code: Code, at: datetime) -> None:
    end = at + 100 * MINUTES
    attend(alice, sweeping, at, end)
    with pytest.raises(rules.AlreadyCheckedOut) as refused:
        check_out(alice, sweeping, code(sweeping, end + MINUTES), end + MINUTES)
    assert refused.value.details == {"checked_out_at": end}


def test_it_closes_30_minutes_after_the_end(alice: Person, sweeping: Activity, attend: Attend, code: Code, at: datetime) -> None:
    attend(alice, sweeping, at, None)
    late = at + 150 * MINUTES
    with pytest.raises(rules.CheckInClosed) as refused:
        check_out(alice, sweeping, code(sweeping, late), late)
    assert refused.value.details == {"closed_at": late}


def test_an_old_code_does_not_count(alice: Person, sweeping: Activity, attend: Attend, code: Code, at: datetime) -> None:
    attend(alice, sweeping, at, None)
    with pytest.raises(rules.CodeExpired):
        check_out(alice, sweeping, code(sweeping, at), at + 120 * MINUTES)


def test_one_scan_for_coming_and_leaving_is_no_time(alice: Person, sweeping: Activity, at: datetime) -> None:
    kept = ticket.right(sweeping.id, sweeping.key, secret=secret(), scan=Scan(at, "link"))
    check_in(alice, sweeping, kept, at)
    left = check_out(alice, sweeping, kept, at + 4 * MINUTES)
    assert left.checked_out_at == left.checked_in_at


def test_a_clock_set_back_ends_no_stay_before_it_began(
    alice: Person, sweeping: Activity, attend: Attend, code: Code, at: datetime
) -> None:
    attend(alice, sweeping, at, None)
    earlier = at - 10 * MINUTES
    assert check_out(alice, sweeping, code(sweeping, earlier), earlier).checked_out_at == at


def test_the_organizer_checks_a_member_out_by_card(
    bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, None)
    left = stay(bob, sweeping, at + 90 * MINUTES, card=alice.card_number, kind="out")
    assert (left.checked_out_at, left.checked_out_by) == (at + 90 * MINUTES, "card")


def test_past_midnight_the_rules_of_the_activitys_day_hold(
    alice: Person, publish: Callable[..., Activity], attend: Attend, code: Code, at: datetime
) -> None:
    starts_at = local_instant(local_day(at), time(23))
    stricter = replace(DEFAULTS, open_minutes_after=0).to_json()
    with transaction():
        db.session.add(RuleSetVersion(version=2, starts_on=local_day(at) + timedelta(days=1), rules=stricter))
    night = publish(starts_at=starts_at, ends_at=starts_at + 65 * MINUTES)
    attend(alice, night, starts_at, starts_at + 75 * MINUTES)
    with pytest.raises(rules.AlreadyCheckedOut):
        check_out(alice, night, code(night, starts_at + 80 * MINUTES), starts_at + 80 * MINUTES)
