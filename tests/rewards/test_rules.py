"""Decisions about rewards need no database."""

from dataclasses import replace

import pytest

from bank.errors import Invalid
from bank.ledger.rules import BalanceTooLow
from bank.rewards import rules
from bank.rewards.rules import (
    NewReward,
    Terms,
    check_quantity,
    check_reason,
    check_reward,
    meaning,
    quantity_in,
    refusal,
    scanned,
)

SOAP = Terms(points=300, stock=5, monthly_limit=2, is_offered=True)
NEW_SOAP = NewReward(unit_id=1, kind="goods", name="肥皂", points=300, stock=5)


def test_nothing_stands_in_the_way_of_the_last_pieces_for_the_last_points():
    assert refusal(replace(SOAP, stock=2), quantity=2, taken=0, available=600) is None


@pytest.mark.parametrize(
    ("terms", "quantity", "taken", "available", "refused"),
    [
        (replace(SOAP, is_offered=False), 1, 0, 300, rules.RewardNotOffered),
        (replace(SOAP, stock=1), 2, 0, 600, rules.OutOfStock),
        (replace(SOAP, stock=0), 1, 0, 300, rules.OutOfStock),
        (SOAP, 1, 2, 300, rules.MonthlyLimitReached),
        (SOAP, 3, 0, 900, rules.MonthlyLimitReached),
        (SOAP, 1, 0, 299, BalanceTooLow),
        (SOAP, 2, 0, 599, BalanceTooLow),
    ],
)
def test_each_hindrance_has_its_name(terms, quantity, taken, available, refused):
    assert type(refusal(terms, quantity=quantity, taken=taken, available=available)) is refused


def test_what_cannot_be_cured_today_is_said_before_what_can():
    refused = refusal(replace(SOAP, stock=0), quantity=1, taken=9, available=0)
    assert type(refused) is rules.OutOfStock


def test_too_few_points_say_how_many_are_missing():
    refused = refusal(SOAP, quantity=2, taken=0, available=450)
    assert refused.details == {"available_points": 450, "missing_points": 150}


def test_what_does_not_run_out_and_has_no_limit_is_bounded_by_points_alone():
    endless = replace(SOAP, stock=None, monthly_limit=None)
    assert refusal(endless, quantity=99, taken=1000, available=99 * 300) is None


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**30, 1.0, 1.5, "1", True, None])
def test_a_quantity_that_cannot_be_meant_is_refused(quantity):
    with pytest.raises(rules.BadQuantity):
        check_quantity(quantity)


@pytest.mark.parametrize("quantity", [1, 99])
def test_one_to_ninety_nine_pieces_may_be_asked_for(quantity):
    check_quantity(quantity)


@pytest.mark.parametrize("text", ["", "0", "-1", "100", "1.5", "二", "1e1", "9" * 50])
def test_a_typed_quantity_that_cannot_be_meant_is_refused(text):
    with pytest.raises(rules.BadQuantity):
        quantity_in(text)


def test_a_typed_quantity_may_be_full_width():
    assert quantity_in("１２ ") == 12


@pytest.mark.parametrize("reason", ["", "  ", "\t", "字" * 201])
def test_a_reason_says_something_and_not_too_much(reason):
    with pytest.raises(rules.ReasonMissing):
        check_reason(reason)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "1"),
        ("number", "123456789"),
        ("number", "12a"),
        ("number", "１２"),
        ("kind", "cash"),
        ("name", ""),
        ("name", " 肥皂"),
        ("name", "肥\n皂"),
        ("name", "字" * 61),
        ("points", 0),
        ("points", -1),
        ("points", 1.0),
        ("points", 10**30),
        ("stock", -1),
        ("stock", 1_000_001),
        ("monthly_limit", 0),
        ("monthly_limit", 1000),
    ],
)
def test_a_reward_that_cannot_be_meant_names_its_field(field, value):
    with pytest.raises(Invalid) as refused:
        check_reward(replace(NEW_SOAP, **{field: value}))
    assert refused.value.details == {"field": field}


@pytest.mark.parametrize("text", ["10023", "１００２３", " 10023\r\n", "\t10023", "10023\x1d", "１００２３\u3000"])
def test_a_gun_behind_a_chinese_keyboard_still_means_its_digits(text):
    assert scanned(text) == "10023"


@pytest.mark.parametrize(
    ("text", "has_member", "meant"),
    [
        ("", True, "nothing"),
        ("1000000004", False, "card"),
        ("1000000004", True, "card"),
        ("13800138000", True, "card"),
        ("101", True, "reward"),
        ("8000", False, "search"),
        ("张伟", True, "search"),
        ("1000-0000", True, "search"),
    ],
)
def test_one_field_takes_cards_rewards_and_names(text, has_member, meant):
    assert meaning(text, has_member=has_member) == meant
