"""Points that come back are as old as they were: they expire when they would have."""

from datetime import date, time, timedelta

import pytest

from bank.clock import local_instant
from bank.counter import actions, holds, queries
from bank.counter.rules import Wanted
from bank.db import transaction
from bank.ledger import actions as ledger
from bank.ledger.queries import balance
from bank.ledger.rules import Expiry, NewEntry, NewTransfer
from bank.rewards import actions as rewards
from bank.rewards.rules import NewReward
from tests.rewards.conftest import agree

EARNED = date(2026, 9, 10)
THREE_MONTHS = Expiry("months", 3)
LAST_DAY = date(2026, 12, 31)  # What was earned in September ends when December is over.
AFTER = local_instant(date(2027, 1, 1), time(1))
DECEMBER = local_instant(date(2026, 12, 20), time(9))
MINUTES = timedelta(minutes=5)


@pytest.fixture
def earned(alice):
    """Alice earned ten points in September and five in December."""
    issued = alice.unit.issued_account_id
    with transaction():
        for day, points in ((EARNED, 1000), (date(2026, 12, 1), 500)):
            move = NewTransfer("points", issued, alice.points_account_id, points)
            entry = NewEntry(key=f"test:{day}", kind="deposit", effective_on=day, transfers=(move,), recorded_by="test")
            ledger.post([entry], at=local_instant(day, time(12)))


@pytest.fixture
def tea(dave, community, at):
    """Tea at 6.00 points, without end."""
    with transaction():
        return rewards.add_reward(
            by=dave, new=NewReward(unit_id=community.id, kind="goods", name="茶叶", points=600, stock=9), at=at
        )


def expire():
    with transaction():
        ledger.expire(on=LAST_DAY, expiry=THREE_MONTHS, at=AFTER)


def spend(carol, alice, tea):
    wanted = Wanted(person_id=alice.id, reward_id=tea.id)
    with transaction():
        agreed = agree(carol, alice, at=DECEMBER)
        return actions.redeem(by=carol, wanted=wanted, agreed=agreed, key="tea", at=DECEMBER)


def reserve(alice, tea):
    with transaction():
        return holds.reserve(by=alice, wanted=Wanted(person_id=alice.id, reward_id=tea.id), key="tea", at=DECEMBER)


def test_what_is_spent_is_the_oldest(alice, carol, earned, tea):
    spend(carol, alice, tea)
    expire()
    assert balance(alice.points_account_id) == 500  # 10 + 5 - 6 = 9, of which the 4 left from September end.


def test_undone_in_time_the_old_points_end_with_the_others(alice, carol, earned, tea):
    done = spend(carol, alice, tea)
    with transaction():
        actions.undo(by=carol, redemption_id=done.id, reason="拿错了", at=DECEMBER + MINUTES)
    expire()
    assert balance(alice.points_account_id) == 500


def test_cancelled_in_time_the_old_points_end_with_the_others(alice, earned, tea):
    held = reserve(alice, tea)
    with transaction():
        holds.cancel(by=alice, redemption_id=held.id, at=DECEMBER + MINUTES)
    expire()
    assert balance(alice.points_account_id) == 500


def test_held_points_do_not_end_while_they_wait(alice, carol, earned, tea):
    held = reserve(alice, tea)
    expire()
    with transaction():
        holds.collect(by=carol, code=queries.pickup_code(held), at=AFTER)
    assert (held.state, balance(alice.points_account_id)) == ("handed_over", 500)


def test_released_after_their_day_they_end_at_the_next(alice, earned, tea):
    reserve(alice, tea)
    expire()
    late = local_instant(date(2027, 1, 25), time(1))
    with transaction():
        holds.end_holds(at=late)
    assert balance(alice.points_account_id) == 1100
    with transaction():
        ledger.expire(on=date(2027, 1, 31), expiry=THREE_MONTHS, at=local_instant(date(2027, 2, 1), time(1)))
    assert balance(alice.points_account_id) == 500


def test_returned_weeks_later_the_points_are_as_old_as_they_were(alice, carol, dave, earned, tea):
    done = spend(carol, alice, tea)
    later = DECEMBER + timedelta(days=7)
    with transaction():
        actions.ask_return(by=carol, redemption_id=done.id, reason="受潮", at=later)
    with transaction():
        actions.approve_return(by=dave, redemption_id=done.id, is_usable=False, at=later)
    assert balance(alice.points_account_id) == 1500
    expire()
    assert balance(alice.points_account_id) == 500


def test_undone_after_it_was_fetched_the_points_are_old_too(alice, carol, earned, tea):
    held = reserve(alice, tea)
    with transaction():
        holds.collect(by=carol, code=queries.pickup_code(held), at=DECEMBER + MINUTES)
    with transaction():
        actions.undo(by=carol, redemption_id=held.id, reason="拿错了", at=DECEMBER + 2 * MINUTES)
    expire()
    assert balance(alice.points_account_id) == 500
