"""Confirming: finished stays become hours and points, once, and nobody confirms their own."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from bank.activities.models import Activity
from bank.attendance import confirm as ending
from bank.attendance import queries, rules
from bank.attendance.confirm import Confirmation
from bank.attendance.models import Attendance
from bank.db import db, insert_all, transaction
from bank.hours.queries import records_of
from bank.ledger import actions as ledger
from bank.ledger.models import JournalEntry
from bank.ledger.queries import balance, trial_balance
from bank.people.actions import enrol_all
from bank.people.models import Person
from bank.people.rules import NewPerson, RoleMissing

MINUTES = timedelta(minutes=1)
END = 120 * MINUTES
Attend = Callable[..., None]


def confirm(by: Person, activity: Activity, at: datetime) -> Confirmation:
    with transaction():
        return ending.confirm(by=by, activity_id=activity.id, at=at)


def points(person: Person) -> int:
    return balance(person.points_account_id)


def test_two_hours_become_two_points(bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime) -> None:
    attend(alice, sweeping, at - 10 * MINUTES, at + END + 5 * MINUTES)
    done = confirm(bob, sweeping, at + END + 10 * MINUTES)
    assert (done.record_count, done.left_out_ids, done.pending_count, done.activity.state) == (1, (), 0, "confirmed")
    assert (balance(alice.minutes_account_id), points(alice)) == (120, 200)


def test_the_record_carries_what_was_published(
    bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, at + END)
    confirm(bob, sweeping, at + END)
    service = records_of(alice.id)[0].service
    assert (service.name, service.place, service.content) == (sweeping.name, sweeping.place, sweeping.content)
    assert (service.unit_id, service.leader_id, service.source) == (sweeping.unit_id, bob.id, f"activity:{sweeping.id}")


def test_confirmed_twice_pays_once(bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime) -> None:
    attend(alice, sweeping, at, at + END)
    confirm(bob, sweeping, at + END)
    with pytest.raises(rules.AlreadyConfirmed):
        confirm(bob, sweeping, at + END)
    assert points(alice) == 200


def test_coming_back_adds_up(bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime) -> None:
    attend(alice, sweeping, at, at + 50 * MINUTES)
    attend(alice, sweeping, at + 60 * MINUTES, at + END)
    confirm(bob, sweeping, at + END)
    assert points(alice) == 183  # 110 of 120 minutes.


def test_too_short_a_stay_counts_nothing_and_says_why(
    bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, at + 71 * MINUTES)
    confirm(bob, sweeping, at + END)
    assert (points(alice), records_of(alice.id)[0].cut_reasons) == (0, "presence")


def test_who_never_checked_out_waits_and_earns_nothing(
    bob: Person, alice: Person, charlie: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, at + END)
    attend(charlie, sweeping, at, None)
    done = confirm(bob, sweeping, at + END + 30 * MINUTES)
    assert (done.record_count, done.pending_count, points(charlie)) == (1, 1, 0)
    pending = [each.person.id for each in queries.presences(by=bob, activity_id=sweeping.id) if each.is_pending]
    assert pending == [charlie.id]


def test_a_finished_stay_is_not_lost_by_scanning_once_more(
    bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, at + END)
    attend(alice, sweeping, at + END + MINUTES, None)
    confirm(bob, sweeping, at + END + 30 * MINUTES)
    assert points(alice) == 200


def test_not_before_the_end(bob: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime) -> None:
    attend(alice, sweeping, at, at + 100 * MINUTES)
    with pytest.raises(rules.ConfirmTooEarly) as refused:
        confirm(bob, sweeping, at + END - MINUTES)
    assert refused.value.details == {"earliest_at": at + END}


def test_not_while_somebody_may_still_check_out(
    bob: Person, alice: Person, charlie: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, at + END)
    attend(charlie, sweeping, at, None)
    with pytest.raises(rules.ConfirmTooEarly) as refused:
        confirm(bob, sweeping, at + END + 29 * MINUTES)
    assert refused.value.details == {"earliest_at": at + END + 30 * MINUTES}


def test_without_anybody_there_is_nothing_to_confirm(bob: Person, sweeping: Activity, at: datetime) -> None:
    with pytest.raises(rules.NobodyToConfirm):
        confirm(bob, sweeping, at + END + 30 * MINUTES)


def test_the_leaders_own_hours_wait_for_another(
    bob: Person, dave: Person, alice: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(bob, sweeping, at, at + END)
    attend(alice, sweeping, at, at + END)
    done = confirm(bob, sweeping, at + END)
    assert (done.record_count, done.left_out_ids, done.activity.state) == (1, (bob.id,), "published")
    assert (points(bob), points(alice)) == (0, 200)
    with pytest.raises(rules.OwnHoursNeedOther):
        confirm(bob, sweeping, at + END + MINUTES)
    assert confirm(dave, sweeping, at + END + 2 * MINUTES).activity.state == "confirmed"
    assert (points(bob), points(alice)) == (200, 200)


@pytest.mark.parametrize("who", ["alice", "carol", "erin", "charlie"])
def test_only_organizer_and_admin_confirm(
    who: str, request: pytest.FixtureRequest, alice: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, at + END)
    by = request.getfixturevalue(who)
    with pytest.raises(RoleMissing):
        confirm(by, sweeping, at + END)
    with pytest.raises(RoleMissing):
        queries.presences(by=by, activity_id=sweeping.id)
    with pytest.raises(RoleMissing):
        queries.codes_for(by=by, activity_id=sweeping.id, at=at)


def test_what_is_foreseen_is_what_is_posted(
    bob: Person, alice: Person, charlie: Person, sweeping: Activity, attend: Attend, at: datetime
) -> None:
    attend(alice, sweeping, at, at + 95 * MINUTES)
    attend(charlie, sweeping, at, at + 60 * MINUTES)
    foreseen = {each.person.id: each.hours for each in queries.presences(by=bob, activity_id=sweeping.id)}
    confirm(bob, sweeping, at + END)
    posted = {each.person.id: each.hours for each in queries.presences(by=bob, activity_id=sweeping.id)}
    for person in (alice, charlie):
        before, after = foreseen[person.id], posted[person.id]
        assert before is not None and after is not None
        assert (before.minutes, before.points) == (after.minutes, after.points)
    assert points(alice) == 158


def test_what_somebody_came_to_is_not_called_off(
    bob: Person, alice: Person, sweeping: Activity, attend: Callable[..., None], at: datetime
) -> None:
    attend(alice, sweeping, at, None)
    with pytest.raises(rules.SomebodyCame), transaction():
        ending.call_off(by=bob, activity_id=sweeping.id, reason="下雨", at=at)


def test_five_hundred_people_are_posted_in_one_call(
    bob: Person, dave: Person, sweeping: Activity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = [NewPerson(name="邻居", phone=f"137{number:08}", unit_id=dave.unit_id) for number in range(500)]
    stay = {"activity_id": sweeping.id, "pair": 1, "checked_in_at": at, "checked_in_by": "link"}
    stay |= {"checked_out_at": at + END, "checked_out_by": "link"}
    with transaction():
        ids = enrol_all(by=dave, new=new, at=at)
        insert_all(Attendance, [stay | {"person_id": each} for each in ids])
    post, batches, statements = ledger.post, [], []
    monkeypatch.setattr(ledger, "post", lambda entries, *, at: batches.append(len(entries)) or post(entries, at=at))
    event.listen(Engine, "before_cursor_execute", note := lambda *said: statements.append(said[2]))
    try:
        assert confirm(bob, sweeping, at + END).record_count == 500
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert batches == [500] and len(statements) < 50
    assert db.session.execute(select(func.count(JournalEntry.id))).scalar_one() == 500
    assert all(points(db.session.get_one(Person, each)) == 200 for each in (ids[0], ids[250], ids[-1]))
    assert set(trial_balance().values()) == {0}
