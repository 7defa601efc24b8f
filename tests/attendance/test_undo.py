"""Undoing is an opposite scan: by the same device for a quarter of an hour, by a supervisor with a reason later."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bank.activities.models import Activity
from bank.attendance import actions, queries, rules, scans
from bank.attendance import confirm as ending
from bank.attendance.models import Attendance, Scan
from bank.attendance.rules import Gate
from bank.db import random_key, transaction
from bank.people.models import Person
from tests.attendance.scanning import code, take

MINUTES = timedelta(minutes=1)
PHONE, OTHER = Gate(browser_hash="a phone"), Gate(browser_hash="another phone")


def undo(by: Person, scan: Scan, at: datetime, gate: Gate = PHONE, reason: str | None = None) -> Scan:
    with transaction():
        return actions.undo(by=by, nonce=random_key(), undoes=scan.nonce, reason=reason, gate=gate, at=at)


def stays(person: Person, activity: Activity) -> list[Attendance]:
    return queries.attendances_of(person_id=person.id, activity_id=activity.id)


@pytest.fixture
def came(alice: Person, sweeping: Activity, at: datetime) -> Scan:
    """Alice's check-in by her own phone."""
    return take(alice, at, code=code(sweeping, at), gate=PHONE)


def test_the_same_phone_takes_a_check_in_back_and_both_stay_on_record(
    alice: Person, sweeping: Activity, came: Scan, at: datetime
) -> None:
    opposite = undo(alice, came, at + 15 * MINUTES)
    assert (opposite.kind, opposite.answer, opposite.undoes_id, stays(alice, sweeping)) == ("undo", "undone", came.id, [])
    again = at + 20 * MINUTES
    assert take(alice, again, code=code(sweeping, again)).answer == "checked_in"
    assert [each.pair for each in stays(alice, sweeping)] == [1]


def test_a_check_out_by_mistake_is_taken_back(alice: Person, sweeping: Activity, came: Scan, at: datetime) -> None:
    left = take(alice, at + MINUTES, kind="out", code=code(sweeping, at + MINUTES), gate=PHONE)
    with pytest.raises(rules.ScanNotToUndo):
        undo(alice, came, at + 2 * MINUTES)
    undo(alice, left, at + 2 * MINUTES)
    assert [each.checked_out_at for each in stays(alice, sweeping)] == [None]


@pytest.mark.parametrize(("minutes", "gate"), [(16, PHONE), (1, OTHER), (1, Gate())])
def test_later_or_elsewhere_it_is_too_late(
    minutes: int, gate: Gate, alice: Person, came: Scan, at: datetime
) -> None:  # fmt: skip
    with pytest.raises(rules.ScanUndoTooLate):
        undo(alice, came, at + minutes * MINUTES, gate, reason="点错了")


def test_the_leader_undoes_later_with_a_reason(bob: Person, dave: Person, came: Scan, at: datetime) -> None:
    with pytest.raises(rules.ScanReasonMissing):
        undo(bob, came, at + 60 * MINUTES, OTHER)
    assert undo(dave, came, at + 60 * MINUTES, OTHER, "不在现场").reason == "不在现场"
    with pytest.raises(rules.ScanAlreadyUndone):
        undo(bob, came, at + 61 * MINUTES, OTHER, "不在现场")


def test_a_stranger_does_not_learn_that_there_was_a_scan(charlie: Person, came: Scan, at: datetime) -> None:
    with pytest.raises(rules.ScanNotFound):
        undo(charlie, came, at + MINUTES, PHONE, "不在现场")


def test_the_same_undo_sent_twice_is_one(alice: Person, came: Scan, at: datetime) -> None:
    with transaction():
        first = actions.undo(by=alice, nonce="undo-once", undoes=came.nonce, reason=None, gate=PHONE, at=at).id
    with transaction():
        again = actions.undo(by=alice, nonce="undo-once", undoes=came.nonce, reason=None, gate=PHONE, at=at + 99 * MINUTES)
        assert (again.id, scans.is_undone(came.id)) == (first, True)


def test_confirmed_hours_are_not_undone_by_a_scan(
    bob: Person, alice: Person, sweeping: Activity, came: Scan, at: datetime
) -> None:
    end = at + 120 * MINUTES
    left = take(alice, end, kind="out", code=code(sweeping, end), gate=PHONE)
    with transaction():
        ending.confirm(by=bob, activity_id=sweeping.id, at=end)
    with pytest.raises(rules.AlreadyConfirmed):
        undo(alice, left, end + MINUTES)


def decide(by: Person, scan: Scan, is_accepted: bool, at: datetime) -> None:
    with transaction():
        actions.review(by=by, scan_id=scan.id, is_accepted=is_accepted, reason=None, at=at)


@pytest.mark.parametrize(("is_accepted", "stay_count"), [(True, 1), (False, 0)])
def test_an_organizer_clears_a_family_on_one_phone_or_strikes_the_second(
    is_accepted: bool, stay_count: int, bob: Person, alice: Person, charlie: Person, sweeping: Activity, came: Scan, at: datetime
) -> None:
    second = take(charlie, at + MINUTES, code=code(sweeping, at + MINUTES), gate=PHONE)
    decide(bob, second, is_accepted, at + 5 * MINUTES)
    assert (len(stays(charlie, sweeping)), len(stays(alice, sweeping))) == (stay_count, 1)
    assert scans.to_look_at(by=bob, activity_id=sweeping.id) == []
    with pytest.raises(rules.ScanAlreadyReviewed):
        decide(bob, second, not is_accepted, at + 6 * MINUTES)


def test_a_scan_with_a_wrong_clock_counts_once_somebody_says_so(
    bob: Person, charlie: Person, sweeping: Activity, at: datetime
) -> None:
    now, ahead = at + 30 * MINUTES, 40 * MINUTES
    scan = {"card": charlie.card_number, "activity_id": sweeping.id, "scanned_at": at + ahead, "sent_at": now + ahead}
    waiting = take(bob, now, **scan)
    assert (waiting.answer, waiting.look, stays(charlie, sweeping)) == ("to_review", "clock", [])
    decide(bob, waiting, True, now + MINUTES)
    assert [each.checked_in_at for each in stays(charlie, sweeping)] == [at]


def test_what_conflicts_with_a_later_cancellation_waits(
    bob: Person, charlie: Person, sweeping: Activity, at: datetime, call_off: Callable[..., None]
) -> None:
    call_off(sweeping, at + MINUTES)
    late = take(bob, at + 30 * MINUTES, card=charlie.card_number, activity_id=sweeping.id, scanned_at=at)
    assert (late.answer, late.look, late.details) == ("to_review", "conflict", {"why": "activity_cancelled"})
    decide(bob, late, False, at + 31 * MINUTES)
    assert stays(charlie, sweeping) == []


@pytest.fixture
def call_off(bob: Person) -> Callable[..., None]:
    def deed(activity: Activity, at: datetime) -> None:
        with transaction():
            ending.call_off(by=bob, activity_id=activity.id, reason="下雨", at=at)

    return deed
