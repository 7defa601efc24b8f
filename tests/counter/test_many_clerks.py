"""Real threads, each with its own connection: nothing is handed over twice and nothing is spent twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bank.counter.actions import redeem, undo
from bank.counter.models import Redemption
from bank.counter.rules import AlreadyUndone, Wanted
from bank.db import db, random_key, transaction
from bank.errors import BankError
from bank.ledger.queries import balance, trial_balance
from bank.ledger.rules import BalanceTooLow
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.rewards import actions, rules
from bank.rewards.models import Reward
from tests.rewards.conftest import agree

AT_ONCE = 10  # As many as SQLAlchemy's pool gives at once; the other clerks queue behind them.


@pytest.fixture
def together(app, carol, at):
    """Call `work(clerk, number)` in so many threads and count what came of it: "done", or the refusal's name."""
    carol_id = carol.id
    db.session.commit()

    def run(times, work):
        barrier = Barrier(AT_ONCE)

        def one(number):
            with app.app_context():
                if number < AT_ONCE:
                    barrier.wait()
                try:
                    with transaction():
                        work(db.session.get_one(Person, carol_id), number)
                except BankError as refused:
                    return refused.code
                return "done"

        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcome = Counter(pool.map(one, range(times)))
        db.session.rollback()
        return outcome

    return run


@pytest.fixture
def hand_over(at):
    """Hand over with a fresh consent, inside the transaction of `together`."""

    def work(clerk, person_id, reward_id, quantity):
        agreed = agree(clerk, db.session.get_one(Person, person_id), at=at)
        wanted = Wanted(person_id=person_id, reward_id=reward_id, quantity=quantity)
        redeem(by=clerk, wanted=wanted, agreed=agreed, key=random_key(), at=at)

    return work


@pytest.fixture
def crowd(dave, community, give, at):
    """Fifty members with ten points each."""
    new = [NewPerson(name="储户", phone=f"139000000{number:02}", unit_id=community.id) for number in range(50)]
    with transaction():
        ids = people.enrol_all(by=dave, new=new, at=at)
    for person_id in ids:
        give(db.session.get_one(Person, person_id), 1000)
    return ids


def test_fifty_clerks_and_the_last_piece_are_one_success(dave, rice, crowd, together, hand_over, at):
    with transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=4, reason="盘亏", at=at)
    rice_id = rice.id

    def work(clerk, number):
        hand_over(clerk, crowd[number], rice_id, 1)

    assert together(50, work) == {"done": 1, rules.OutOfStock.code: 49}
    assert db.session.get_one(Reward, rice_id).stock == 0
    assert db.session.query(Redemption).count() == 1
    assert trial_balance() == {"points": 0}


def test_points_for_one_and_twenty_redemptions_are_one_success(alice, haircut, give, together, hand_over):
    give(alice, 200)
    alice_id, haircut_id, account_id = alice.id, haircut.id, alice.points_account_id

    def work(clerk, number):
        hand_over(clerk, alice_id, haircut_id, 1)

    assert together(20, work) == {"done": 1, BalanceTooLow.code: 19}
    assert balance(account_id) == 0


def test_points_for_one_of_many_different_rewards_are_one_success(dave, alice, community, give, together, hand_over, at):
    with transaction():
        shelf = [
            actions.add_reward(
                by=dave, new=rules.NewReward(unit_id=community.id, kind="goods", name=name, points=200, stock=9), at=at
            ).id
            for name in "米面油盐酱醋茶糖碗筷"
        ]
    give(alice, 200)
    alice_id, account_id = alice.id, alice.points_account_id

    def work(clerk, number):
        hand_over(clerk, alice_id, shelf[number % 10], 1)

    assert together(20, work) == {"done": 1, BalanceTooLow.code: 19}
    assert balance(account_id) == 0
    assert sum(db.session.scalars(db.select(Reward.stock).where(Reward.id.in_(shelf)))) == 89


def test_the_monthly_limit_holds_against_twenty_at_once(alice, rice, give, together, hand_over):
    give(alice, 10000)
    alice_id, rice_id = alice.id, rice.id

    def work(clerk, number):
        hand_over(clerk, alice_id, rice_id, 1)

    assert together(20, work) == {"done": 2, rules.MonthlyLimitReached.code: 18}
    assert db.session.get_one(Reward, rice_id).stock == 3


def test_undo_and_redeem_by_turns_neither_wait_for_ever_nor_lose_a_piece(
    alice, carol, rice, give, redeem, together, hand_over, at
):
    give(alice, 600)
    redemption_id = redeem(carol, alice, rice, 2).id
    alice_id, rice_id, account_id = alice.id, rice.id, alice.points_account_id

    def work(clerk, number):
        if number % 2:
            undo(by=clerk, redemption_id=redemption_id, reason="拿错了", at=at)
        else:
            hand_over(clerk, alice_id, rice_id, 2)

    outcome = together(20, work)
    again = outcome["done"] - 1
    assert outcome[AlreadyUndone.code] == 9 and again in (0, 1)
    assert db.session.get_one(Reward, rice_id).stock == 5 - 2 * again
    assert balance(account_id) == 600 - 600 * again
