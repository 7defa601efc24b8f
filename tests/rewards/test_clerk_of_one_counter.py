"""A clerk may be bound to one counter: sees the unit, and hands out there alone."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from bank.counter.actions import redeem
from bank.counter.models import Redemption
from bank.counter.rules import Wanted
from bank.db import random_key, transaction
from bank.people import actions as people
from bank.people import queries
from bank.people.models import Grant, Person
from bank.people.rules import RoleMissing
from bank.rewards import actions
from bank.rewards.models import Counter, Reward
from bank.rewards.queries import lanes_of
from bank.rewards.rules import CounterClosed, CounterNotFound, NewBatch
from bank.units.models import Unit
from tests.browser import Browser
from tests.rewards.conftest import agree


@pytest.fixture
def east(dave: Person, community: Unit, rice: Reward, at: datetime) -> Counter:
    """A second counter of the community, where rice is had as well."""
    with transaction():
        counter = actions.open_counter(by=dave, unit_id=community.id, name="东门", at=at)
        actions.set_places(by=dave, reward_id=rice.id, counter_ids=[rice.counters[0].id, counter.id], at=at)
        batch = NewBatch(counter_id=counter.id)
        actions.receive_stock(by=dave, reward_id=rice.id, quantity=2, reason="到货", batch=batch, at=at)
    return counter


@pytest.fixture
def bound(dave: Person, carol: Person, east: Counter, at: datetime) -> Grant:
    """Carol is no longer clerk of the community, only of the eastern counter."""
    with transaction():
        for each in queries.grants(carol.id):
            people.revoke_role(by=dave, grant_id=each.id, at=at)
        return actions.post_clerk(by=dave, person_id=carol.id, counter_id=east.id, at=at)


def hand_over(by: Person, person: Person, reward: Reward, counter_id: int, *, at: datetime) -> Redemption:
    wanted = Wanted(person_id=person.id, reward_id=reward.id, quantity=1, counter_id=counter_id)
    with transaction():
        return redeem(by=by, wanted=wanted, agreed=agree(by, person, at=at), key=random_key(), at=at)


def test_a_clerk_of_one_counter_hands_out_there_alone(
    bound: Grant, carol: Person, alice: Person, rice: Reward, east: Counter, give: Callable[..., None], at: datetime
) -> None:
    give(alice, 300)
    other = next(each for each in rice.counters if each.id != east.id)
    with pytest.raises(RoleMissing):
        hand_over(carol, alice, rice, other.id, at=at)
    assert hand_over(carol, alice, rice, east.id, at=at).counter_id == east.id


def test_the_only_lane_is_the_own_counter(bound: Grant, carol: Person, east: Counter) -> None:
    assert [each.id for each in lanes_of(carol)] == [east.id]


def test_stock_of_another_counter_is_not_counted(bound: Grant, carol: Person, rice: Reward, east: Counter, at: datetime) -> None:
    other = next(each for each in rice.counters if each.id != east.id)
    with pytest.raises(RoleMissing), transaction():
        actions.count_stock(by=carol, counter_id=other.id, reward_id=rice.id, counted=5, at=at)


def test_posting_twice_is_one_grant(bound: Grant, dave: Person, carol: Person, east: Counter, at: datetime) -> None:
    with transaction():
        again = actions.post_clerk(by=dave, person_id=carol.id, counter_id=east.id, at=at)
    assert again.id == bound.id
    assert len(queries.grants(carol.id)) == 1


def test_the_whole_unit_is_another_grant(bound: Grant, dave: Person, carol: Person, community: Unit, at: datetime) -> None:
    with transaction():
        people.grant_role(by=dave, person_id=carol.id, role="clerk", unit_id=community.id, at=at)
    assert len(lanes_of(carol)) == 2


def test_only_an_admin_posts_a_clerk(east: Counter, bob: Person, carol: Person, at: datetime) -> None:
    with pytest.raises(RoleMissing), transaction():
        actions.post_clerk(by=bob, person_id=carol.id, counter_id=east.id, at=at)


def test_nobody_is_posted_where_no_counter_is(east: Counter, dave: Person, carol: Person, at: datetime) -> None:
    with pytest.raises(CounterNotFound), transaction():
        actions.post_clerk(by=dave, person_id=carol.id, counter_id=10**9, at=at)
    with transaction():
        actions.close_counter(by=dave, counter_id=east.id, at=at)
    with pytest.raises(CounterClosed), transaction():
        actions.post_clerk(by=dave, person_id=carol.id, counter_id=east.id, at=at)


def test_the_page_binds_a_clerk_to_a_counter(client: FlaskClient, dave: Person, alice: Person, east: Counter) -> None:
    browser = Browser(client).sign_in(dave)
    page = f"/people/{alice.id}/roles/new"
    assert browser.submit(page, to="/roles/new", role="organizer", counter_id=str(east.id)).status_code == 400
    answer = browser.submit(page, to="/roles/new", role="clerk", counter_id=str(east.id))
    assert (answer.status_code, [each.counter_id for each in queries.grants(alice.id)]) == (303, [east.id])
    assert "只在东门" in browser.get(f"/people/{alice.id}").text


def test_the_api_binds_a_clerk_to_a_counter(api: Callable[..., object], dave: Person, alice: Person, east: Counter) -> None:
    answer = api(dave).post(f"/counters/{east.id}/clerks", json={"person_id": alice.id})
    assert (answer.status_code, answer.json["counter_id"]) == (201, east.id)
