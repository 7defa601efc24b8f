"""Decisions about rewards need no database."""

from dataclasses import replace
from datetime import date

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
    quantity_in,
    refusal,
    scanned,
    unmet,
)

TODAY = date(2026, 10, 15)
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
    ("field", "value"),
    [
        ("about", "字" * 201),
        ("stars_min", 6),
        ("stars_min", -1),
        ("age_min", 151),
        ("age_min", -1),
        ("age_max", 151),
        ("offered_until", date(2026, 9, 30)),
    ],
)
def test_conditions_that_cannot_be_meant_name_their_field(field, value):
    soap = replace(NEW_SOAP, offered_from=date(2026, 10, 1))
    with pytest.raises(rules.BadReward) as refused:
        check_reward(replace(soap, **{field: value}))
    assert refused.value.details == {"field": field}


def test_a_greatest_age_below_the_least_cannot_be_meant():
    with pytest.raises(rules.BadReward):
        check_reward(replace(NEW_SOAP, age_min=60, age_max=59))


@pytest.mark.parametrize(
    ("condition", "minutes", "age", "refused"),
    [
        ({"offered_from": date(2026, 10, 16)}, 0, 30, rules.NotOfferedYet),
        ({"offered_until": date(2026, 10, 14)}, 0, 30, rules.NoLongerOffered),
        ({"offered_from": TODAY, "offered_until": TODAY}, 0, None, type(None)),
        ({"stars_min": 1}, 5999, 30, rules.StarsMissing),
        ({"stars_min": 1}, 6000, 30, type(None)),
        ({"stars_min": 5}, 89_999, 30, rules.StarsMissing),
        ({"stars_min": 5}, 90_000, 30, type(None)),
        ({"age_min": 60}, 0, 59, rules.AgeNotFit),
        ({"age_min": 60}, 0, 60, type(None)),
        ({"age_max": 14}, 0, 15, rules.AgeNotFit),
        ({"age_max": 14}, 0, 14, type(None)),
        ({"age_max": 14}, 0, None, rules.AgeNotFit),
    ],
)
def test_each_condition_has_its_name(condition, minutes, age, refused):
    assert type(unmet(replace(SOAP, **condition), minutes=minutes, age=age, day=TODAY)) is refused


def test_missing_hours_are_rounded_up():
    refused = unmet(replace(SOAP, stars_min=1), minutes=5939, age=30, day=TODAY)
    assert refused.details == {"stars": 1, "missing_hours": 2}


def test_old_pieces_are_named_when_they_are_what_is_left():
    refused = refusal(replace(SOAP, stock=1, outdated=4), quantity=2, taken=0, available=600)
    assert (type(refused), refused.details) == (rules.BatchOutdated, {"stock": 1, "outdated": 4})
    assert type(refusal(replace(SOAP, stock=1, outdated=0), quantity=2, taken=0, available=600)) is rules.OutOfStock


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"\x89PNG\r\n\x1a\n", "image/gif"), (b"<svg>", "image/png"), (b"", "image/jpeg"), (b"RIFF" + b"x" * 2**20, "image/webp")],
)
def test_what_is_no_picture_is_refused(content, media_type):
    with pytest.raises(rules.BadPicture):
        rules.check_picture(content, media_type)


@pytest.mark.parametrize("name", ["", "东", " 东 ", "东\n门", "东" * 61])
def test_a_counter_needs_a_name(name):
    with pytest.raises(rules.BadCounter):
        rules.check_counter_name(name)
