"""A reward's price, words, conditions and picture change; what was redeemed before keeps what it cost."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bank.counter.choices import choices
from bank.db import transaction
from bank.ledger import actions as ledger
from bank.ledger.queries import balance
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people.rules import RoleMissing
from bank.rewards import actions, queries, rules
from bank.rewards.rules import NewReward
from tests.cases import cases

PNG = b"\x89PNG\r\n\x1a\n and the rest"


@pytest.fixture
def change(dave, community, rice, at):
    """Change the rice: `change(points=400)`."""
    terms = NewReward(unit_id=community.id, kind="goods", name="大米", points=300, stock=5)

    def write(by=None, after=timedelta(), **other):
        with transaction():
            return actions.change_reward(by=by or dave, reward_id=rice.id, new=replace(terms, **other), at=at + after)

    return write


def serve(person, minutes, at):
    """Credit lifetime minutes."""
    served = ledger.open_account(code=f"test/{person.key}", unit="minutes", has_floor=False, at=at)
    move = NewTransfer("minutes", served, person.minutes_account_id, minutes)
    entry = NewEntry(key="served", kind="deposit", effective_on=at.date(), transfers=(move,), recorded_by="test")
    ledger.post([entry], at=at)


def test_a_new_price_counts_from_now_on_and_never_before(alice, carol, rice, give, redeem, change, at):
    give(alice, 1000)
    before = redeem(carol, alice, rice)
    change(points=400, after=timedelta(hours=1))
    after = redeem(carol, alice, rice)
    assert (before.points, after.points, rice.points) == (300, 400, 400)
    assert (queries.price_at(rice.id, at), queries.price_at(rice.id, at + timedelta(hours=2))) == (300, 400)
    assert [each.points for each in queries.prices(rice.id)] == [400, 300]
    assert balance(alice.points_account_id) == 300


def test_the_same_price_again_is_no_new_row(rice, change):
    change(name="东北大米")
    assert rice.name == "东北大米" and len(queries.prices(rice.id)) == 1


def test_number_unit_kind_and_stock_stay(rice, change):
    change(kind="honour", stock=99, number="999")
    assert (rice.number, rice.kind, rice.stock) == ("101", "goods", 5)


@cases("who", ["alice", "bob", "carol", "erin", "charlie"])
def test_only_an_admin_changes(request, app, change, who):
    by = request.getfixturevalue(who)
    with pytest.raises(RoleMissing):
        change(by=by)


def test_outside_its_days_a_reward_is_refused(alice, carol, rice, give, redeem, change):
    give(alice, 300)
    change(offered_from=date(2026, 10, 16))
    with pytest.raises(rules.NotOfferedYet):
        redeem(carol, alice, rice)
    change(offered_until=date(2026, 10, 14))
    with pytest.raises(rules.NoLongerOffered):
        redeem(carol, alice, rice)
    change(offered_from=date(2026, 10, 15), offered_until=date(2026, 10, 15))
    redeem(carol, alice, rice)


def test_stars_are_lifetime_minutes_whatever_was_redeemed(alice, carol, rice, give, redeem, change, at):
    give(alice, 300)
    change(stars_min=1)
    with transaction():
        serve(alice, 5999, at)
    with pytest.raises(rules.StarsMissing):
        redeem(carol, alice, rice)
    change(stars_min=0)
    redeem(carol, alice, rice)


def test_a_hundred_hours_are_the_first_star(alice, carol, rice, give, redeem, change, at):
    give(alice, 300)
    change(stars_min=1)
    with transaction():
        serve(alice, 6000, at)
    redeem(carol, alice, rice)
    assert rice.stock == 4


def test_an_age_is_asked_for_on_the_day(alice, carol, rice, give, redeem, change):
    give(alice, 300)  # Born on 1 May 1990: 36 years old.
    change(age_min=37)
    with pytest.raises(rules.AgeNotFit):
        redeem(carol, alice, rice)
    change(age_min=36, age_max=36)
    redeem(carol, alice, rice)


def test_the_member_sees_why_not(alice, rice, give, change, at):
    give(alice, 300)
    change(stars_min=2)
    [choice] = choices(alice, at=at)
    assert (choice.refusal.code, choice.left) == ("stars_missing", 5)


def test_a_picture_takes_the_place_of_the_one_before(dave, rice, at):
    for content in (PNG, PNG + b" of another"):
        with transaction():
            actions.set_picture(by=dave, reward_id=rice.id, content=content, media_type="image/png", at=at)
    assert queries.picture(rice.id).content == PNG + b" of another"
    assert queries.pictured([rice.id]) == {rice.id}


def test_a_clerk_sets_no_picture(carol, rice, at):
    with pytest.raises(RoleMissing), transaction():
        actions.set_picture(by=carol, reward_id=rice.id, content=PNG, media_type="image/png", at=at)
