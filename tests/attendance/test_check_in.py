"""Checking in: with the code of this activity, while it is open, once, whatever is tried."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank.activities.actions import cancel
from bank.activities.models import Activity
from bank.activities.rules import ActivityCancelled, ActivityNotFound
from bank.attendance import queries, rules, ticket
from bank.attendance.models import Attendance
from bank.attendance.rules import Gate
from bank.attendance.ticket import Scan
from bank.db import db, transaction
from bank.people.models import Person
from bank.people.rules import PersonNotFound, RoleMissing
from bank.web.scan_answers import details
from tests.attendance.scanning import check_in, stay, take
from tests.cases import cases

MINUTES = timedelta(minutes=1)
SECONDS = timedelta(seconds=1)
Code = Callable[[Activity, datetime], str]


def attendance_count() -> int:
    return db.session.execute(select(func.count(Attendance.id))).scalar_one()


def test_the_code_on_the_screen_checks_in(alice: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    attendance = check_in(alice, sweeping, code(sweeping, at), at)
    assert (attendance.checked_in_at, attendance.checked_in_by, attendance.pair) == (at, "link", 1)


def test_the_typed_code_checks_in(alice: Person, sweeping: Activity, at: datetime) -> None:
    typed = ticket.typed_code(sweeping.key, secret=queries.secret(), at=at)
    assert check_in(alice, sweeping, typed.lower(), at).checked_in_by == "typed"


def test_somebody_from_another_community_may_help(charlie: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    assert check_in(charlie, sweeping, code(sweeping, at), at).person_id == charlie.id


def test_a_repeat_is_told_the_first_time(alice: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    check_in(alice, sweeping, code(sweeping, at), at)
    later = at + 10 * MINUTES
    with pytest.raises(rules.AlreadyCheckedIn) as refused:
        check_in(alice, sweeping, code(sweeping, later), later)
    assert refused.value.details == {"checked_in_at": at, "gate": ""}
    assert attendance_count() == 1


def test_a_scan_counts_although_signing_in_took_four_minutes(alice: Person, sweeping: Activity, at: datetime) -> None:
    kept = ticket.right(sweeping.id, sweeping.key, secret=queries.secret(), scan=Scan(at, "link"))
    assert check_in(alice, sweeping, kept, at + 4 * MINUTES).checked_in_at == at


def test_a_scan_before_closing_counts_although_it_closed_meanwhile(alice: Person, sweeping: Activity, at: datetime) -> None:
    last = at + 150 * MINUTES - SECONDS
    kept = ticket.right(sweeping.id, sweeping.key, secret=queries.secret(), scan=Scan(last, "link"))
    assert check_in(alice, sweeping, kept, last + MINUTES).checked_in_at == last


@pytest.mark.parametrize(
    ("minutes", "refusal"), [(-31, rules.CheckInNotOpen), (150, rules.CheckInClosed), (900, rules.CheckInClosed)]
)
def test_it_is_open_from_30_minutes_before_to_30_after(
    minutes: int, refusal: type[Exception], alice: Person, sweeping: Activity, code: Code, at: datetime
) -> None:
    moment = at + minutes * MINUTES
    with pytest.raises(refusal):
        check_in(alice, sweeping, code(sweeping, moment), moment)


@pytest.mark.parametrize("minutes", [-30, 0, 149])
def test_inside_that_it_is_open(minutes: int, alice: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    moment = at + minutes * MINUTES
    assert check_in(alice, sweeping, code(sweeping, moment), moment).checked_in_at == moment


def test_an_old_code_does_not_count(alice: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    with pytest.raises(rules.CodeExpired):
        check_in(alice, sweeping, code(sweeping, at), at + 20 * SECONDS)
    assert attendance_count() == 0


def test_a_code_of_another_activity_does_not_count(
    alice: Person, sweeping: Activity, publish: Callable[..., Activity], code: Code, at: datetime
) -> None:
    other = publish(name="别的活动")
    with pytest.raises(rules.CodeOfAnother):
        check_in(alice, sweeping, code(other, at), at)
    typed = ticket.typed_code(other.key, secret=queries.secret(), at=at)
    with pytest.raises(rules.CodeUnknown):
        check_in(alice, sweeping, typed, at)


@cases("forged", ["", "AAAAAAAAAAAA", "AAAAAA", "签到", "1-1-L-AAAAAAAAAAAAAAAA", "x" * 5000])
def test_a_made_up_code_does_not_count(forged: str, alice: Person, sweeping: Activity, at: datetime) -> None:
    with pytest.raises((rules.CodeUnknown, rules.CodeOfAnother)):
        check_in(alice, sweeping, forged, at)


def test_a_cancelled_activity_takes_nobody(bob: Person, alice: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    with transaction():
        cancel(by=bob, activity_id=sweeping.id, reason="下雨", at=at)
    with pytest.raises(ActivityCancelled):
        check_in(alice, sweeping, code(sweeping, at), at)


def test_an_activity_that_is_not_there(alice: Person, sweeping: Activity, code: Code, at: datetime) -> None:
    assert take(alice, at, activity_id=10**9, code=code(sweeping, at)).answer == ActivityNotFound.code


def test_a_full_activity_takes_nobody_more_but_lets_people_back(
    alice: Person, charlie: Person, publish: Callable[..., Activity], attend: Callable[..., None], code: Code, at: datetime
) -> None:
    small = publish(capacity=1)
    attend(alice, small, at, at + 10 * MINUTES)
    with pytest.raises(rules.ActivityFull):
        check_in(charlie, small, code(small, at + 10 * MINUTES), at + 10 * MINUTES)
    back = at + 20 * MINUTES
    assert check_in(alice, small, code(small, back), back).pair == 2


def test_nobody_comes_a_fourth_time(
    alice: Person, sweeping: Activity, attend: Callable[..., None], code: Code, at: datetime
) -> None:
    for start in (0, 20, 40):
        attend(alice, sweeping, at + start * MINUTES, at + (start + 10) * MINUTES)
    with pytest.raises(rules.TooManyStays):
        check_in(alice, sweeping, code(sweeping, at + 60 * MINUTES), at + 60 * MINUTES)


def test_a_clock_set_back_makes_no_overlapping_stays(
    alice: Person, sweeping: Activity, attend: Callable[..., None], code: Code, at: datetime
) -> None:
    attend(alice, sweeping, at, at + 30 * MINUTES)
    earlier = at + 10 * MINUTES
    assert check_in(alice, sweeping, code(sweeping, earlier), earlier).checked_in_at == at + 30 * MINUTES


def test_the_organizer_checks_a_member_in_by_card(bob: Person, charlie: Person, sweeping: Activity, at: datetime) -> None:
    attendance = stay(bob, sweeping, at, card=f" {charlie.card_number} ")
    assert (attendance.person_id, attendance.checked_in_by) == (charlie.id, "card")


def test_a_volunteer_checks_nobody_else_in(alice: Person, charlie: Person, sweeping: Activity, at: datetime) -> None:
    with pytest.raises(RoleMissing):
        stay(alice, sweeping, at, card=charlie.card_number)


def test_an_organizer_does_not_check_in_by_the_own_card(bob: Person, sweeping: Activity, at: datetime) -> None:
    with pytest.raises(rules.NotYourOwnCard):
        stay(bob, sweeping, at, card=bob.card_number)


def test_an_unknown_card_is_told(bob: Person, sweeping: Activity, at: datetime) -> None:
    for card_number in ("0000000000", "", "13800000001", "x" * 100):
        with pytest.raises(PersonNotFound):
            stay(bob, sweeping, at, card=card_number)


def test_fifty_parallel_scans_at_two_gates_make_one_attendance(
    app: Flask, alice: Person, sweeping: Activity, new_device: Callable[..., int], code: Code, at: datetime
) -> None:
    gates = [Gate(device_id=new_device("东门")), Gate(device_id=new_device("西门"))]
    person_id, activity_id, good = alice.id, sweeping.id, code(sweeping, at)
    db.session.rollback()  # The threads must not wait for what this test has read.

    def scan(number: int) -> tuple[str, object, object]:
        with app.app_context():
            taken = take(db.session.get_one(Person, person_id), at, activity_id=activity_id, code=good, gate=gates[number % 2])
            return taken.answer, details(taken).get("checked_in_at"), taken.details.get("gate")

    with ThreadPoolExecutor(max_workers=10) as threads:
        answers = Counter(threads.map(scan, range(50)))
    [(_, _, gate)] = answers.keys() - {("checked_in", None, None)}
    assert gate in {"东门", "西门"}
    assert answers == {("checked_in", None, None): 1, ("already_checked_in", at, gate): 49}
    assert attendance_count() == 1


def test_the_last_place_is_given_once(
    app: Flask, alice: Person, charlie: Person, publish: Callable[..., Activity], code: Code, at: datetime
) -> None:
    small = publish(capacity=1)
    ids, activity_id, good = [alice.id, charlie.id], small.id, code(small, at)
    db.session.rollback()

    def scan(person_id: int) -> str:
        with app.app_context():
            return take(db.session.get_one(Person, person_id), at, activity_id=activity_id, code=good).answer

    with ThreadPoolExecutor(max_workers=2) as threads:
        assert sorted(threads.map(scan, ids)) == ["activity_full", "checked_in"]
