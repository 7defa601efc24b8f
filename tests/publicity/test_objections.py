"""This was not me: the record is frozen, somebody else decides with reasons, and what is taken back is an opposite entry."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from bank.db import transaction
from bank.hours.queries import minutes_in_year, records_of
from bank.ledger.queries import balance, system_account, trial_balance
from bank.people import belonging
from bank.people.actions import grant_role
from bank.people.models import Person
from bank.people.rules import RoleMissing
from bank.publicity import objections, queries, rules
from bank.publicity.actions import PutUp
from bank.publicity.models import Objection
from bank.units.models import Unit

PutsUp = Callable[..., PutUp]


@pytest.fixture
def raised(put_up: PutsUp, alice: Person, at: datetime) -> Objection:
    """What alice says of two hours that bob confirmed."""
    put_up(alice)
    with transaction():
        return objections.object_to_record(by=alice, record_id=records_of(alice.id)[0].id, words="那天我在外地", at=at)


def answer(
    by: Person, raised: Objection, at: datetime, *, is_taken_back: bool = True, words: str = "签到表没有本人签名"
) -> Objection:  # fmt: skip
    with transaction():
        return objections.answer(by=by, objection_id=raised.id, is_taken_back=is_taken_back, words=words, at=at)


def test_the_points_are_held_and_the_answer_is_due_in_15_working_days(raised: Objection, alice: Person) -> None:
    assert (raised.state, raised.due_on, raised.held_points) == ("open", date(2026, 11, 5), 200)
    assert (balance(alice.points_account_id), balance(alice.minutes_account_id)) == (0, 120)


def test_said_twice_it_is_one_objection(raised: Objection, alice: Person, at: datetime) -> None:
    with transaction():
        again = objections.object_to_record(by=alice, record_id=raised.service_record_id or 0, at=at)
    assert again.id == raised.id
    assert len(queries.objections_of(alice.id)) == 1


def test_taken_back_minutes_and_points_are_gone_by_an_opposite_entry(
    raised: Objection, alice: Person, dave: Person, at: datetime
) -> None:
    done = answer(dave, raised, at)
    assert (done.state, done.answered_by_id, done.reversal_entry_id is not None) == ("taken_back", dave.id, True)
    assert (balance(alice.points_account_id), balance(alice.minutes_account_id)) == (0, 0)
    assert minutes_in_year(alice.id, 2026) == 0
    assert set(trial_balance().values()) == {0}
    with pytest.raises(rules.AlreadyTakenBack), transaction():
        objections.object_to_record(by=alice, record_id=done.service_record_id or 0, at=at)


def test_a_record_that_stands_gives_its_points_back(raised: Objection, alice: Person, dave: Person, at: datetime) -> None:
    assert answer(dave, raised, at, is_taken_back=False).state == "kept"
    assert (balance(alice.points_account_id), balance(alice.minutes_account_id)) == (200, 120)


def test_the_same_answer_again_changes_nothing_and_another_is_refused(raised: Objection, dave: Person, at: datetime) -> None:
    first = answer(dave, raised, at)
    assert answer(dave, raised, at).reversal_entry_id == first.reversal_entry_id
    with pytest.raises(rules.AnsweredAlready):
        answer(dave, raised, at, is_taken_back=False)


def test_who_confirmed_does_not_decide(raised: Objection, bob: Person, at: datetime) -> None:
    with pytest.raises(rules.AnotherAnswers):
        answer(bob, raised, at)


def test_nor_does_the_household(raised: Objection, alice: Person, dave: Person, at: datetime) -> None:
    with transaction():
        belonging.join_household(by=dave, person_id=alice.id, with_person_id=dave.id, at=at)
    with pytest.raises(rules.AnotherAnswers):
        answer(dave, raised, at)


@pytest.mark.parametrize("words", ["", "  ", "字" * 201])
def test_an_answer_has_reasons(words: str, raised: Objection, dave: Person, at: datetime) -> None:
    with pytest.raises(rules.AnswerMissing):
        answer(dave, raised, at, words=words)


def test_nobody_objects_to_anothers_hours(put_up: PutsUp, alice: Person, charlie: Person, at: datetime) -> None:
    put_up(alice)
    with pytest.raises(rules.NoSuchHours), transaction():
        objections.object_to_record(by=charlie, record_id=records_of(alice.id)[0].id, at=at)


def test_only_staff_of_the_unit_sees_and_decides(
    raised: Objection, charlie: Person, carol: Person, erin: Person, at: datetime
) -> None:
    for by in (charlie, carol):
        with pytest.raises(rules.ObjectionNotFound):
            answer(by, raised, at)
    with pytest.raises(RoleMissing):  # The auditor reads and does not decide.
        answer(erin, raised, at)


def test_spent_points_are_booked_as_a_shortfall_by_an_admin_only(
    put_up: PutsUp, alice: Person, carol: Person, dave: Person, at: datetime, redeem: Callable[..., object], community: Unit
) -> None:
    put_up(alice)
    redeem(alice, 150, at.date())
    with transaction():
        raised = objections.object_to_record(by=alice, record_id=records_of(alice.id)[0].id, at=at)
        grant_role(by=dave, person_id=carol.id, role="organizer", unit_id=community.id, at=at)
    assert raised.held_points == 50
    with pytest.raises(rules.PointsSpent):
        answer(carol, raised, at)
    answer(dave, raised, at)
    assert (balance(alice.points_account_id), balance(system_account("shortfall", "points"))) == (0, -150)
    assert set(trial_balance().values()) == {0}
