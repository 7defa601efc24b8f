"""Stock is what its movements add up to, by counter and batch, the oldest first."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.people.rules import RoleMissing
from bank.rewards import actions, queries, rules, stock
from bank.rewards.rules import NewBatch
from tests.cases import cases

OLD, NEW = NewBatch(label="甲", best_before=date(2026, 11, 1)), NewBatch(label="乙", best_before=date(2027, 3, 1))


@pytest.fixture
def receive(dave, rice, at):
    """Receive pieces: `receive(3, OLD)`."""

    def come_in(quantity, batch=None):
        with transaction():
            return actions.receive_stock(by=dave, reward_id=rice.id, quantity=quantity, reason="到货", batch=batch, at=at)

    return come_in


@pytest.fixture
def count(carol, rice, at):
    """Count the rice at its counter: `count(5)`."""

    def write_down(counted, reason="", by=None):
        with transaction():
            return actions.count_stock(
                by=by or carol, counter_id=rice.counters[0].id, reward_id=rice.id, counted=counted, reason=reason, at=at
            )

    return write_down


def held(reward):
    return [(each.label, each.free, each.held) for each in stock.batches(reward.id)]


def test_the_batch_that_ends_first_goes_first_and_one_without_a_day_last(alice, carol, rice, give, redeem, receive):
    receive(1, NEW)
    receive(1, OLD)
    give(alice, 1000)
    redeem(carol, alice, rice)
    assert held(rice) == [("甲", 0, 0), ("乙", 1, 0), ("", 5, 0)]
    redeem(carol, alice, rice)
    assert held(rice) == [("甲", 0, 0), ("乙", 0, 0), ("", 5, 0)]


def test_one_hand_over_may_empty_several_batches(alice, carol, dave, rice, give, redeem, receive, at):
    receive(1, OLD)
    receive(3, NEW)
    with transaction():
        actions.write_off_stock(
            by=dave, reward_id=rice.id, quantity=5, reason="受潮", batch_id=stock.batches(rice.id)[-1].id, at=at
        )
    give(alice, 1000)
    redeem(carol, alice, rice, 2)
    assert held(rice) == [("甲", 0, 0), ("乙", 2, 0), ("", 0, 0)]
    assert rice.stock == 2


def test_on_its_day_a_batch_is_good_and_the_day_after_refused(alice, bob, carol, dave, rice, give, redeem, receive, at):
    with transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=5, reason="受潮", at=at)
    receive(2, NewBatch(best_before=date(2026, 10, 15)))
    for each in (alice, bob):
        give(each, 300)
    redeem(carol, alice, rice)
    with pytest.raises(rules.BatchOutdated) as refused:
        redeem(carol, bob, rice, at=at + timedelta(days=1))
    assert refused.value.details == {"stock": 0, "outdated": 1}


def test_what_comes_in_outdated_is_refused(receive):
    with pytest.raises(rules.BadBatch):
        receive(1, NewBatch(best_before=date(2026, 10, 14)))


def test_the_same_label_and_day_is_the_same_batch(rice, receive):
    receive(1, OLD)
    receive(2, OLD)
    assert held(rice) == [("甲", 3, 0), ("", 5, 0)]


def test_a_batch_of_another_reward_is_not_found(dave, rice, haircut, at):
    with pytest.raises(rules.BatchNotFound), transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=1, reason="受潮", batch_id=10**9, at=at)


def test_a_count_that_agrees_moves_nothing(rice, count):
    row = count(5)
    assert (row.expected, row.counted, row.reason) == (5, 5, None)
    assert [each.kind for each in queries.movements(rice.id)] == ["received"]


def test_a_missing_piece_is_booked_with_its_reason(carol, rice, count):
    count(3, "盘亏两件")
    lost = queries.movements(rice.id)[0]
    assert (lost.kind, lost.quantity, lost.reason, lost.moved_by_id) == ("counted", -2, "盘亏两件", carol.id)
    assert rice.stock == 3


def test_a_found_piece_is_booked_too(rice, count):
    count(7, "上次漏记")
    assert rice.stock == 7


def test_a_difference_without_a_reason_is_refused(rice, count):
    with pytest.raises(rules.ReasonMissing):
        count(4)
    assert rice.stock == 5


@cases("counted", [-1, 1_000_001, 1.5, "5", True])
def test_a_count_that_cannot_be_meant_is_refused(count, counted):
    with pytest.raises(rules.BadQuantity):
        count(counted, "盘点")


@cases("who", ["alice", "bob", "erin", "charlie"])
def test_only_a_clerk_counts(request, app, count, who):
    by = request.getfixturevalue(who)
    with pytest.raises(RoleMissing):
        count(5, by=by)


def test_each_counter_has_its_own_pieces(alice, carol, dave, community, town, rice, give, redeem, receive, at):
    with transaction():
        gate = actions.open_counter(by=dave, unit_id=community.id, name="东门兑换点", at=at)
        actions.set_places(by=dave, reward_id=rice.id, counter_ids=[*(each.id for each in rice.counters), gate.id], at=at)
    receive(2, NewBatch(counter_id=gate.id))
    assert stock.left([rice.id], counter_id=gate.id, day=at.date()) == {rice.id: (2, 0)}
    assert rice.stock == 7


def test_a_reward_is_not_had_where_it_is_not_placed(dave, other_community, rice, at):
    with transaction():
        elsewhere = actions.open_counter(by=dave, unit_id=other_community.id, name="月季兑换点", at=at)
    with pytest.raises(rules.CounterNotFound), transaction():
        actions.set_places(by=dave, reward_id=rice.id, counter_ids=[elsewhere.id], at=at)
    with pytest.raises(rules.NotHadHere), transaction():
        actions.receive_stock(
            by=dave, reward_id=rice.id, quantity=1, reason="到货", batch=NewBatch(counter_id=elsewhere.id), at=at
        )


def test_a_streets_reward_is_handed_out_by_a_communitys_clerk(alice, carol, dave, community, give, redeem, at):
    with transaction():
        kettle = actions.add_reward(
            by=dave, new=rules.NewReward(unit_id=community.parent_id, kind="goods", name="水壶", points=300, stock=1), at=at
        )
        desk = actions.open_counter(by=dave, unit_id=community.id, name="便民兑换点", at=at)
        actions.set_places(by=dave, reward_id=kettle.id, counter_ids=[kettle.counters[0].id, desk.id], at=at)
        actions.receive_stock(by=dave, reward_id=kettle.id, quantity=1, reason="调拨", batch=NewBatch(counter_id=desk.id), at=at)
    give(alice, 300)
    assert redeem(carol, alice, kettle).counter_id == desk.id


def test_a_counter_that_was_given_up_hands_nothing_out(alice, carol, dave, rice, give, redeem, at):
    give(alice, 300)
    with transaction():
        actions.close_counter(by=dave, counter_id=rice.counters[0].id, at=at)
    with pytest.raises(rules.CounterClosed):
        redeem(carol, alice, rice)


def test_a_units_counters_have_different_names(dave, community, at):
    with pytest.raises(rules.CounterNameTaken), transaction():
        for _ in range(2):
            actions.open_counter(by=dave, unit_id=community.id, name="东门兑换点", at=at)


def test_no_batch_differs_from_its_movements(alice, carol, rice, give, redeem, receive, count):
    receive(3, OLD)
    give(alice, 1000)
    redeem(carol, alice, rice, 2)
    count(5, "盘亏")
    assert queries.wrong_batches() == []


MOVE = "INSERT INTO stock_movement (batch_id, kind, free, held, redemption_id, moved_at) SELECT id, {}, '2026-10-15' FROM batch"
ATTACKS = {
    "take a piece by hand": "UPDATE batch SET free = free - 1",
    "add a piece by hand": "UPDATE batch SET free = free + 1",
    "put a piece aside by hand": "UPDATE batch SET held = held + 1",
    "say another movement was the last": "UPDATE batch SET last_movement_id = last_movement_id + 1",
    "give a batch to another reward": "UPDATE batch SET reward_id = reward_id + 1",
    "make a batch fresh again": "UPDATE batch SET best_before = '2099-01-01'",
    "throw a batch away": "DELETE FROM batch",
    "open a batch that is full": (
        "INSERT INTO batch (reward_id, counter_id, label, free, held) SELECT reward_id, counter_id, '', 9, 0 FROM batch"
    ),
    "take more than there is": MOVE.format("'written_off', -6, 0, NULL"),
    "hand over what was never put aside": MOVE.format("'handed_over', 0, -1, 1"),
    "receive a negative number": MOVE.format("'received', -1, 0, NULL"),
    "release more than comes free": MOVE.format("'released', 5, -1, 1"),
    "hand over for nobody": MOVE.format("'handed_over', -1, 0, NULL"),
    "rewrite a movement": "UPDATE stock_movement SET free = 9",
    "drop a movement": "DELETE FROM stock_movement",
    "rewrite a price": "UPDATE reward_price SET points = 1",
    "give things away": "INSERT INTO reward_price (reward_id, points, since_at) SELECT id, 0, '2026-10-15' FROM reward",
}
REFUSED = re.compile("append_only|check constraint|foreign key", re.IGNORECASE)


@cases("attack", ATTACKS)
def test_the_database_itself_refuses(rice, attack):
    with pytest.raises(DBAPIError, match=REFUSED), transaction():
        db.session.execute(db.text(ATTACKS[attack]))
    assert rice.stock == 5 and queries.wrong_batches() == []
