"""A home-help hour bought with points: held, served, rated, handed over; or not met, and back with its age. Always zero-sum."""

from datetime import timedelta

import pytest

from bank.counter import actions as counter
from bank.counter import holds, pickup, services
from bank.counter.models import Redemption
from bank.counter.rules import ServedByOrder, Wanted
from bank.db import db, random_key, transaction
from bank.ledger import actions as ledger
from bank.ledger.queries import balance, system_account, trial_balance
from bank.ledger.rules import Expiry, NewEntry, NewTransfer
from bank.orders import actions, dispatch, menu, queries
from bank.orders import code as codes
from bank.orders.models import Order
from bank.orders.rules import OwnOrder
from bank.rewards import actions as rewards
from bank.rewards.rules import NewReward
from tests.browser import Browser
from tests.orders.conftest import LOOK, MINUTE, PHONE
from tests.rewards.conftest import agree, give

__all__ = ["give"]


@pytest.fixture
def help_hour(dave, community, at):
    """An hour of help at home for 2.00 points, which opens an order."""
    new = NewReward(unit_id=community.id, kind="service", name="家政一小时", points=200, stock=3, number="301")
    with transaction():
        item = menu.add_item(
            by=dave, unit_id=community.id, name="家政保洁", category="elder_care", way="home", usual_minutes=60
        )  # fmt: skip
        reward = rewards.add_reward(by=dave, new=new, at=at)
        services.link_menu(by=dave, reward_id=reward.id, menu_item_id=item.id)
        return reward


@pytest.fixture
def buy(carol, dave, help_hour, give, at):
    """Dave lives here, has 5.00 points and redeems at carol's counter."""

    def redeem(by=carol, person=dave):
        wanted = Wanted(person_id=person.id, reward_id=help_hour.id)
        with transaction():
            agreed = agree(by, person, at=at)
            redemption = counter.redeem(by=by, wanted=wanted, agreed=agreed, key=random_key(), at=at)
        return redemption, services.order_of_entry(redemption.entry_id)

    give(dave, 500)
    return redeem


def held():
    return balance(system_account("reserved", "points"))


def zero():
    assert trial_balance().get("points") == 0


def test_from_the_redeemed_hour_to_the_helpers_deposit(alice, bob, dave, erin, buy, accept, serve, post, at):
    redemption, order = buy()
    zero()
    assert (redemption.state, held(), balance(dave.points_account_id)) == ("reserved", 200, 300)
    assert (order.kind, order.is_paid, order.contact.phone) == ("service", True, dave.phone)
    with transaction():
        dispatch.look(by=bob, order_id=order.id, look=LOOK, at=at)
    with transaction():
        dispatch.hang(by=bob, order_id=order.id, at=at)
    with pytest.raises(OwnOrder):
        accept(dave, order)
    serve(alice, accept(alice, order), minutes=55)
    zero()
    with transaction():
        services.rate(link=queries.link_of(order), mark=5, device=PHONE, by=None, at=at + 60 * MINUTE)
    zero()
    assert (redemption.state, held(), balance(system_account("redeemed", "points"))) == ("handed_over", 0, 200)
    with transaction():
        services.post(by=bob, order_id=order.id, at=at + 90 * MINUTE)
    zero()
    assert (balance(alice.minutes_account_id), balance(alice.points_account_id)) == (55, 91)
    trail = services.trail(order)
    assert trail.redemption.id == redemption.id and trail.record.person_id == alice.id
    entries = (redemption.entry_id, redemption.hand_over_entry_id, trail.record.entry_id)
    assert {services.order_of_entry(each).id for each in entries} == {order.id}


@pytest.mark.parametrize("way", ["not_met", "refused", "cancelled"])
def test_what_is_not_met_gives_the_points_back_once(bob, dave, buy, way, at):
    redemption, order = buy()
    with transaction():
        dispatch.look(by=bob, order_id=order.id, look=LOOK, at=at)
    with transaction():
        if way == "cancelled":
            services.cancel(link=queries.link_of(order), at=at)
        else:
            deed = services.not_met if way == "not_met" else services.refuse
            deed(by=bob, order_id=order.id, words="今年排满了", at=at)
    zero()
    assert (redemption.state, balance(dave.points_account_id), held()) == ("cancelled", 500, 0)


def test_points_that_come_back_are_as_old_as_they_were(bob, dave, community, buy, at):
    _, order = buy()
    with transaction():
        dispatch.look(by=bob, order_id=order.id, look=LOOK, at=at)
        services.not_met(by=bob, order_id=order.id, words="今年排满了", at=at)
    young = NewTransfer("points", community.issued_account_id, dave.points_account_id, 100)
    later = at + timedelta(days=31)
    with transaction():
        entry = NewEntry(key="young", kind="deposit", effective_on=later.date(), transfers=(young,), recorded_by="test")
        ledger.post([entry], at=later)
    due = (at + timedelta(days=46)).date().replace(day=30)
    with transaction():
        ledger.expire(on=due, expiry=Expiry("months", 1), at=at + timedelta(days=48))
    assert balance(dave.points_account_id) == 100


def test_neither_the_counter_nor_the_clock_settles_what_an_order_decides(carol, dave, buy, at):
    redemption, _ = buy()
    for deed in (
        lambda: holds.cancel(by=dave, redemption_id=redemption.id, at=at),
        lambda: holds.collect(by=carol, code=pickup.code(redemption.key, 0), at=at),
    ):
        with pytest.raises(ServedByOrder), transaction():
            deed()
    with transaction():
        assert holds.end_holds(at=at + timedelta(days=60)) == (0, 0)
    assert db.session.get_one(Redemption, redemption.id, populate_existing=True).state == "reserved"


def test_reserved_at_home_it_opens_an_order_as_well(dave, give, help_hour, at):
    give(dave, 500)
    with transaction():
        redemption = holds.reserve(by=dave, wanted=Wanted(person_id=dave.id, reward_id=help_hour.id), key="k", at=at)
    assert services.order_of_entry(redemption.entry_id).asker_id == dave.id
    with transaction():
        again = holds.reserve(by=dave, wanted=Wanted(person_id=dave.id, reward_id=help_hour.id), key="k", at=at)
    assert again.id == redemption.id and db.session.query(Order).count() == 1


def test_codes_of_the_order_work_for_what_was_bought(alice, bob, buy, accept, at):
    _, order = buy()
    with transaction():
        dispatch.look(by=bob, order_id=order.id, look=LOOK, at=at)
        dispatch.hang(by=bob, order_id=order.id, at=at)
    accept(alice, order)
    with transaction():
        actions.start(by=alice, order_id=order.id, code=codes.service_code(order.key, "start"), at=at)
    assert order.micro_hour.minutes_max == 60


def test_an_auditor_walks_from_either_entry_to_the_order_and_on(app, erin, alice, bob, buy, accept, serve, at):
    redemption, order = buy()
    with transaction():
        dispatch.look(by=bob, order_id=order.id, look=LOOK, at=at)
        dispatch.hang(by=bob, order_id=order.id, at=at)
    serve(alice, accept(alice, order))
    with transaction():
        services.rate(link=queries.link_of(order), mark=5, device=PHONE, by=None, at=at + 60 * MINUTE)
        services.post(by=bob, order_id=order.id, at=at + 90 * MINUTE)
    auditor, card = Browser(app.test_client()).sign_in(erin), f"/orders/board/{order.id}"
    deposit_id = services.trail(order).record.entry_id
    for entry_id in (redemption.entry_id, redemption.hand_over_entry_id, deposit_id):
        assert card in auditor.get(f"/ledger/entries/{entry_id}").text
        assert f"/ledger/entries/{entry_id}" in auditor.get(card).text
