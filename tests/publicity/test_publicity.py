"""Confirmed hours are posted at once, or shown for some working days first, with names only of those who agreed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bank.consents.actions import decide_consent
from bank.db import transaction
from bank.hours.queries import records_of
from bank.ledger.queries import balance, trial_balance
from bank.people import belonging
from bank.people.models import Person
from bank.people.rules import RoleMissing
from bank.publicity import actions, objections, queries
from bank.publicity.actions import PutUp

PutsUp = Callable[..., PutUp]
DAYS = timedelta(days=1)
SHOW = pytest.mark.usefixtures("three_days")


def post(at: datetime) -> int:
    with transaction():
        return actions.post_due(at=at)


def points(person: Person) -> int:
    return balance(person.points_account_id)


def test_without_a_period_hours_are_posted_at_once(put_up: PutsUp, alice: Person) -> None:
    assert put_up(alice) == PutUp(1, (), None)
    assert points(alice) == 200


@SHOW
def test_with_a_period_they_wait_until_its_last_day_is_over(put_up: PutsUp, alice: Person, at: datetime) -> None:
    assert put_up(alice).ends_on == date(2026, 10, 20)  # From Thursday the 15th over a weekend.
    assert [post(at + each * DAYS) for each in range(6)] == [0] * 6
    assert (points(alice), [each.minutes for each in queries.waiting_of(alice.id)]) == (0, [120])
    assert (post(at + 6 * DAYS), post(at + 6 * DAYS), post(at + 60 * DAYS)) == (1, 0, 0)
    assert (points(alice), queries.waiting_of(alice.id)) == (200, [])
    assert set(trial_balance().values()) == {0}


@SHOW
def test_confirmed_twice_is_shown_and_posted_once(put_up: PutsUp, alice: Person, charlie: Person, at: datetime) -> None:
    put_up(alice)
    assert put_up(alice, charlie).record_count == 1
    post(at + 30 * DAYS)
    assert put_up(alice, charlie).record_count == 0
    assert (points(alice), points(charlie)) == (200, 200)


@SHOW
def test_ones_own_and_the_households_hours_wait_for_another(
    put_up: PutsUp, bob: Person, alice: Person, dave: Person, at: datetime
) -> None:
    with transaction():
        belonging.join_household(by=dave, person_id=alice.id, with_person_id=bob.id, at=at)
    done = put_up(alice, bob)
    assert (done.record_count, set(done.left_out_ids)) == (0, {alice.id, bob.id})
    assert put_up(alice, bob, by=dave).record_count == 2


@SHOW
def test_only_staff_of_the_unit_puts_hours_up(put_up: PutsUp, carol: Person, charlie: Person) -> None:
    for by in (carol, charlie):
        with pytest.raises(RoleMissing):
            put_up(charlie, by=by)


@SHOW
def test_names_are_shown_masked_and_only_with_consent(put_up: PutsUp, alice: Person, charlie: Person, at: datetime) -> None:
    with transaction():
        decide_consent(by=alice, person_id=alice.id, purpose="public_list", is_given=True, at=at)
    put_up(alice, charlie)
    [shown] = queries.on_show(near=alice.unit, on=date(2026, 10, 16))
    assert ([name for name, _ in shown.lines], shown.unnamed_count, shown.unnamed_minutes) == (["安*"], 1, 120)
    assert queries.on_show(near=charlie.unit, on=date(2026, 10, 16)) == []
    assert queries.on_show(near=None, on=date(2026, 10, 21)) == []


@SHOW
def test_an_objection_freezes_that_one_record_alone(
    put_up: PutsUp, alice: Person, charlie: Person, dave: Person, at: datetime
) -> None:
    put_up(alice, charlie)
    [mine] = queries.waiting_of(charlie.id)
    with transaction():
        raised = objections.object_to_part(by=charlie, part_id=mine.id, at=at)
        assert objections.object_to_part(by=charlie, part_id=mine.id, at=at).id == raised.id
    assert post(at + 10 * DAYS) == 1
    assert (points(alice), points(charlie)) == (200, 0)
    with transaction():
        objections.answer(by=dave, objection_id=raised.id, is_taken_back=True, words="查无此人到场", at=at)
    assert post(at + 11 * DAYS) == 0
    assert records_of(charlie.id) == []


@SHOW
def test_a_record_that_stands_is_posted_after_the_answer(put_up: PutsUp, alice: Person, dave: Person, at: datetime) -> None:
    put_up(alice)
    [mine] = queries.waiting_of(alice.id)
    with transaction():
        raised = objections.object_to_part(by=alice, part_id=mine.id, at=at)
    with transaction():
        objections.answer(by=dave, objection_id=raised.id, is_taken_back=False, words="有签到照片", at=at)
    assert post(at + 10 * DAYS) == 1
    assert points(alice) == 200
