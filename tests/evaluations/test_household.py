"""What holds for oneself holds for whom one lives with."""

import pytest

from bank.db import db, transaction
from bank.evaluations import actions, queries, rules
from bank.evaluations.models import Evaluation
from bank.evaluations.rules import Device
from bank.people.models import HouseholdMember


@pytest.fixture(autouse=True)
def household(live_together, alice, bob):
    live_together(alice, bob)


def test_a_leader_does_not_rate_the_household(record, rate, bob):
    assert rate(bob, record.service, 5, 5).left_out_ids == (record.id,)
    with pytest.raises(rules.NotYourOwnRating):
        rate(bob, record.service, 5, 5, (record, "leader", 5))
    assert queries.marks_of([record.id]) == {}


def test_the_households_phone_does_not_rate(record, invite, rate_by_code, bob):
    with pytest.raises(rules.NotYourOwnRating):
        rate_by_code(invite(record), 5, device=Device("b" * 20, frozenset({bob.id})))


def test_nobody_calls_for_the_household(record, call, bob):
    with pytest.raises(rules.NotYourOwnRating):
        call(bob, record, 5)


def test_nobody_moderates_what_is_said_of_the_household(record, invite, rate_by_code, bob, at):
    code = invite(record)
    given = rate_by_code(code, 5)
    with transaction():
        actions.comment_by_code(code=code, text="好", at=at)
    with pytest.raises(rules.NotYourOwnRating), transaction():
        actions.moderate(by=bob, evaluation_id=given.id, is_shown=True, at=at)


def test_the_second_person_does_not_live_with_the_first(serve, rate, live_together, carol, bob, dave, at):
    rate(bob, serve(carol), 2, None)
    given = db.session.scalars(db.select(Evaluation)).one()
    with transaction():
        asked = actions.ask_withdrawal(by=dave, evaluation_id=given.id, reason="slip", at=at)
        db.session.add(HouseholdMember(household_id=home_of(bob), person_id=dave.id, joined_at=at))
    with pytest.raises(rules.WithdrawalNeedsSecond), transaction():
        actions.decide_withdrawal(by=bob, withdrawal_id=asked.id, is_agreed=True, at=at)


def home_of(person):
    return db.session.scalars(db.select(HouseholdMember.household_id).filter_by(person_id=person.id)).one()
