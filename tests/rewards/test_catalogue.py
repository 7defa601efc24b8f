"""Rewards are added, stocked, hidden and offered again."""

from dataclasses import replace

import pytest

from bank.db import transaction
from bank.people.rules import RoleMissing
from bank.rewards import actions, queries, rules
from bank.rewards.rules import NewReward
from bank.units.rules import UnitNotFound
from tests import cast
from tests.cases import cases


@pytest.fixture
def soap(community):
    """Ten pieces of soap, not yet added."""
    return NewReward(unit_id=community.id, kind="goods", name="肥皂", points=150, stock=10)


def add(by, new, at):
    with transaction():
        return actions.add_reward(by=by, new=new, at=at)


def test_the_first_pieces_are_a_movement_too(dave, soap, at):
    reward = add(dave, soap, at)
    assert reward.stock == 10
    assert [(each.kind, each.quantity, each.moved_by_id) for each in queries.movements(reward.id)] == [("received", 10, dave.id)]


def test_numbers_are_given_out_in_order(dave, soap, at):
    first, second = add(dave, soap, at), add(dave, replace(soap, name="毛巾"), at)
    assert (first.number, second.number) == ("101", "102")


def test_a_number_is_given_once(dave, soap, rice, at):
    with pytest.raises(rules.NumberTaken):
        add(dave, replace(soap, number="101"), at)


def test_without_a_word_two_a_month_are_allowed(dave, soap, at):
    assert add(dave, soap, at).monthly_limit == 2


@cases("who", ["alice", "bob", "carol", "erin", "charlie"])
def test_only_an_admin_adds(request, app, who, soap, at):
    by = request.getfixturevalue(who)
    with pytest.raises(RoleMissing):
        add(by, soap, at)


def test_a_unit_that_does_not_exist_is_not_found(dave, soap, at):
    with pytest.raises(UnitNotFound):
        add(dave, replace(soap, unit_id=10**9), at)


def test_received_pieces_add_up_and_keep_their_reason(dave, rice, at):
    with transaction():
        actions.receive_stock(by=dave, reward_id=rice.id, quantity=7, reason="粮油店捐赠", at=at)
    assert rice.stock == 12
    assert {each.reason for each in queries.movements(rice.id)} == {None, "粮油店捐赠"}


def test_what_is_spoilt_is_written_off(dave, rice, at):
    with transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=5, reason="受潮", at=at)
    assert rice.stock == 0


def test_more_than_there_is_cannot_be_written_off(dave, rice, at):
    with pytest.raises(rules.OutOfStock), transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=6, reason="受潮", at=at)


def test_what_does_not_run_out_takes_no_stock(dave, haircut, at):
    with pytest.raises(rules.StockNotCounted), transaction():
        actions.receive_stock(by=dave, reward_id=haircut.id, quantity=1, reason="到货", at=at)


@cases("quantity", [0, -1, 1_000_000, 10**30, 1.5, "1"])
def test_pieces_come_in_whole_and_bounded_numbers(dave, rice, at, quantity):
    with pytest.raises(rules.BadQuantity), transaction():
        actions.receive_stock(by=dave, reward_id=rice.id, quantity=quantity, reason="到货", at=at)


def test_stock_moved_by_hand_needs_a_reason(dave, rice, at):
    with pytest.raises(rules.ReasonMissing), transaction():
        actions.receive_stock(by=dave, reward_id=rice.id, quantity=1, reason=" ", at=at)


def test_a_clerk_moves_no_stock_and_hides_nothing(carol, rice, at):
    with pytest.raises(RoleMissing), transaction():
        actions.receive_stock(by=carol, reward_id=rice.id, quantity=1, reason="到货", at=at)
    with pytest.raises(RoleMissing), transaction():
        actions.hide(by=carol, reward_id=rice.id, at=cast.AT)


def test_a_hidden_reward_leaves_the_offer_and_stays_in_the_catalogue(alice, dave, rice):
    with transaction():
        actions.hide(by=dave, reward_id=rice.id, at=cast.AT)
    assert queries.visible(alice) == []
    assert queries.visible(dave) == [rice]
    with transaction():
        actions.offer(by=dave, reward_id=rice.id, at=cast.AT)
    assert queries.visible(alice) == [rice]
