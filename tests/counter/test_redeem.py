"""Points leave and a reward goes over the counter, together or not at all."""

from datetime import datetime, timedelta

import pytest

from bank.counter.actions import redeem as hand_over
from bank.counter.models import Redemption
from bank.counter.queries import redemptions_of
from bank.counter.rules import NotForYourself, Wanted
from bank.db import db, transaction
from bank.ledger.queries import balance, history, system_account, trial_balance
from bank.ledger.rules import BalanceTooLow, KeyReused
from bank.people import actions as people
from bank.people.rules import PersonNotFound, RoleMissing
from bank.rewards import actions, rules
from bank.rewards.queries import movements
from tests import cast
from tests.cases import cases


def test_points_leave_and_stock_falls_together(alice, carol, rice, give, redeem):
    give(alice, 1000)
    redemption = redeem(carol, alice, rice, 2)
    assert balance(alice.points_account_id) == 400
    assert balance(system_account("redeemed", "points")) == 600
    assert rice.stock == 3
    assert (redemption.points, redemption.quantity, redemption.handed_over_by_id) == (600, 2, carol.id)
    assert trial_balance() == {"points": 0}


def test_stock_is_the_sum_of_its_movements(alice, carol, rice, give, redeem):
    give(alice, 1000)
    redemption = redeem(carol, alice, rice, 2)
    moved = [(each.kind, each.quantity, each.redemption_id) for each in movements(rice.id)]
    assert sorted(moved) == [("handed_over", -2, redemption.id), ("received", 5, None)]


def test_minutes_stay_as_they_are(alice, carol, rice, give, redeem):
    give(alice, 300)
    redeem(carol, alice, rice)
    assert balance(alice.minutes_account_id) == 0
    assert history(alice.minutes_account_id) == []


def test_the_passbook_names_the_entry_of_the_redemption(alice, carol, rice, give, redeem):
    give(alice, 300)
    redemption = redeem(carol, alice, rice)
    last = history(alice.points_account_id)[-1]
    assert (last.entry_id, last.kind, last.amount, last.balance) == (redemption.entry_id, "redeem", -300, 0)


def test_what_does_not_run_out_moves_no_stock(alice, carol, haircut, give, redeem):
    give(alice, 1000)
    redeem(carol, alice, haircut, 5)
    assert haircut.stock is None
    assert movements(haircut.id) == []


def test_too_few_points_change_nothing(alice, carol, rice, give, redeem):
    give(alice, 299)
    with pytest.raises(BalanceTooLow):
        redeem(carol, alice, rice)
    assert balance(alice.points_account_id) == 299
    assert rice.stock == 5
    assert redemptions_of(alice.id) == []


def test_more_than_is_left_is_refused(alice, dave, carol, rice, give, redeem, at):
    give(alice, 10000)
    with transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=4, reason="受潮", at=at)
    with pytest.raises(rules.OutOfStock) as refused:
        redeem(carol, alice, rice, 2)
    assert refused.value.details == {"stock": 1}


def test_the_third_of_a_month_is_refused(alice, carol, rice, give, redeem):
    give(alice, 1000)
    redeem(carol, alice, rice)
    redeem(carol, alice, rice)
    with pytest.raises(rules.MonthlyLimitReached):
        redeem(carol, alice, rice)


def test_the_month_of_the_limit_is_the_local_one(alice, carol, rice, give, redeem):
    give(alice, 1000)
    last_minute = datetime.fromisoformat("2026-10-31T23:59:00+08:00")
    redeem(carol, alice, rice, 2, at=last_minute)
    redeem(carol, alice, rice, at=last_minute + timedelta(minutes=1))
    assert rice.stock == 2


def test_the_limit_is_for_each_person(alice, bob, carol, rice, give, redeem):
    give(alice, 600)
    give(bob, 600)
    redeem(carol, alice, rice, 2)
    redeem(carol, bob, rice, 2)
    assert rice.stock == 1


def test_a_hidden_reward_is_refused(alice, carol, dave, rice, give, redeem):
    give(alice, 300)
    with transaction():
        actions.hide(by=dave, reward_id=rice.id, at=cast.AT)
    with pytest.raises(rules.RewardNotOffered):
        redeem(carol, alice, rice)


def test_nobody_serves_themselves(carol, rice, give, redeem):
    give(carol, 300)
    with pytest.raises(NotForYourself):
        redeem(carol, carol, rice)


@cases("who", ["alice", "bob", "dave", "erin", "charlie"])
def test_only_a_clerk_hands_over(request, app, who, carol, rice, redeem):
    by = request.getfixturevalue(who)
    with pytest.raises(RoleMissing):
        redeem(by, carol, rice)


def test_the_reward_of_another_units_counter_is_refused(alice, carol, dave, other_community, give, redeem, at):
    give(alice, 300)
    new = rules.NewReward(unit_id=other_community.id, kind="goods", name="盐", points=100, stock=5)
    with transaction():
        salt = actions.add_reward(by=dave, new=new, at=at)
    with pytest.raises(RoleMissing):
        redeem(carol, alice, salt)


def test_a_member_out_of_the_clerks_sight_is_not_found(charlie, carol, rice, give, redeem):
    give(charlie, 300)
    with pytest.raises(PersonNotFound):
        redeem(carol, charlie, rice)


def test_a_clerk_of_the_town_hands_a_communitys_reward_only_to_its_members(charlie, carol, rice, town, give, redeem):
    give(charlie, 300)
    with transaction():
        people.grant_role(by=None, person_id=carol.id, role="clerk", unit_id=town.id, at=cast.AT)
    with pytest.raises(rules.NotServedHere):
        redeem(carol, charlie, rice)


@cases("quantity", [0, -1, 100, 10**30, 1.5, 1.0, "1", None, True])
def test_a_quantity_that_cannot_be_meant_is_refused(alice, carol, rice, redeem, quantity):
    with pytest.raises(rules.BadQuantity):
        redeem(carol, alice, rice, quantity)


def test_an_unknown_member_and_an_unknown_reward_are_not_found(alice, carol, rice, at):
    with pytest.raises(PersonNotFound), transaction():
        hand_over(by=carol, wanted=Wanted(person_id=10**9, reward_id=rice.id), agreed="", key="a", at=at)
    with pytest.raises(rules.RewardNotFound), transaction():
        hand_over(by=carol, wanted=Wanted(person_id=alice.id, reward_id=10**9), agreed="", key="a", at=at)


def test_the_same_key_again_pays_once(alice, carol, rice, give, redeem):
    give(alice, 1000)
    first, second = redeem(carol, alice, rice, key="a"), redeem(carol, alice, rice, key="a")
    assert first.id == second.id
    assert balance(alice.points_account_id) == 700
    assert rice.stock == 4


def test_the_same_key_for_something_else_is_refused(alice, bob, carol, rice, give, redeem):
    give(alice, 1000)
    redeem(carol, alice, rice, key="a")
    with pytest.raises(KeyReused):
        redeem(carol, bob, rice, key="a")
    with pytest.raises(KeyReused):
        redeem(carol, alice, rice, 2, key="a")


def test_the_database_refuses_to_rewrite_a_movement(alice, carol, rice, give, redeem):
    give(alice, 300)
    redeem(carol, alice, rice)
    with pytest.raises(Exception, match="append_only"), transaction():
        db.session.execute(db.text("UPDATE stock_movement SET free = -2 WHERE free = -1"))
    assert db.session.scalars(db.select(Redemption)).one().quantity == 1
