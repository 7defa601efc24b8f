"""What may follow what, who may take an order, colours and due times; without a database."""

from datetime import datetime, timedelta, timezone

import pytest

from bank.orders import clocks, rules
from bank.orders.clocks import Clock
from bank.orders.rules import MOVES, STATES, Taker

CHINA = timezone(timedelta(hours=8))
THURSDAY = datetime(2026, 10, 15, 9, 0, tzinfo=CHINA)
FREE = Taker(is_volunteer=True, is_minor=False, is_near_asker=False, is_reached=True, taken=0)


@pytest.mark.parametrize(("urgent", "important", "colour"), [(1, 1, "red"), (1, 0, "yellow"), (0, 1, "yellow"), (0, 0, "green")])
def test_colours(urgent, important, colour):
    assert rules.colour(is_urgent=bool(urgent), is_important=bool(important)) == colour


def test_red_is_due_in_fifteen_minutes_and_yellow_in_a_day_at_any_hour():
    night = THURSDAY.replace(hour=23)
    assert clocks.answer_due_at("red", night, Clock()) == night + timedelta(minutes=15)
    assert clocks.answer_due_at("yellow", night, Clock()) == night + timedelta(days=1)


def test_green_counts_the_hours_of_work_over_a_weekend():
    # Thursday and Friday have 8.5 hours each, so 7 of the 24 are left for Monday.
    assert clocks.answer_due_at("green", THURSDAY, Clock()) == datetime(2026, 10, 19, 16, 0, tzinfo=CHINA)


def test_green_begins_when_the_office_opens():
    clock = Clock(green_minutes=60)
    saturday = datetime(2026, 10, 17, 12, 0, tzinfo=CHINA)
    assert clocks.answer_due_at("green", saturday, clock) == datetime(2026, 10, 19, 10, 0, tzinfo=CHINA)


def test_a_holiday_is_no_work():
    before_national_day = datetime(2025, 9, 30, 17, 0, tzinfo=CHINA)
    due = clocks.answer_due_at("green", before_national_day, Clock(green_minutes=60))
    assert due == datetime(2025, 10, 9, 9, 30, tzinfo=CHINA)


def test_what_is_wanted_later_is_due_a_day_after_that():
    wanted = THURSDAY + timedelta(days=10)
    assert clocks.done_due_at(THURSDAY, wanted, Clock()) == wanted + timedelta(days=1)
    assert clocks.done_due_at(THURSDAY, None, Clock()) == THURSDAY + timedelta(days=3)


@pytest.mark.parametrize("bad", [{"red_minutes": 0}, {"opens_minute": 1050}, {"closes_minute": 1441}, {"done_days": 0}])
def test_a_clock_that_cannot_be_meant_is_refused(bad):
    with pytest.raises(clocks.BadOrderClock):
        Clock(**bad)


@pytest.mark.parametrize("step", MOVES)
def test_each_step_follows_its_states_and_no_other(step):
    sources, target = MOVES[step]
    for state in STATES:
        if state in sources:
            assert rules.next_state(step, state) == target
        else:
            with pytest.raises((rules.OrderElsewhere, rules.OrderTaken)):
                rules.next_state(step, state)


@pytest.mark.parametrize("state", rules.ENDED)
def test_nothing_follows_the_end(state):
    assert [step for step, (sources, _) in MOVES.items() if state in sources] == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"is_near_asker": True}, rules.OwnOrder),
        ({"is_minor": True}, rules.OrderNotForYou),
        ({"is_volunteer": False}, rules.OrderNotForYou),
        ({"is_reached": False}, rules.OrderNotForYou),
        ({"taken": 3}, rules.TooManyOrders),
    ],
)
def test_who_may_not_take_an_order(change, refusal):
    rules.check_taker(FREE)
    with pytest.raises(refusal):
        rules.check_taker(Taker(**(vars(FREE) | change)))


@pytest.mark.parametrize(
    ("kind", "level", "by_unit", "refusal"),
    [
        ("matter", None, False, rules.NotPaidWithPoints),
        ("project", "key", False, rules.ForUnitsOnly),
        ("project", "flagship", False, rules.ForUnitsOnly),
        ("project", "basic", True, rules.ForUnitsOnly),
        ("wish", None, True, rules.ForUnitsOnly),
    ],
)
def test_matters_are_answered_and_projects_claimed_on_their_level(kind, level, by_unit, refusal):
    with pytest.raises(refusal):
        rules.check_servable(kind=kind, level=level, by_unit=by_unit)


@pytest.mark.parametrize("words", ["", "嗯", "x" * 301, "有\x00零"])
def test_words_that_say_nothing_or_too_much(words):
    with pytest.raises(rules.WordsMissing):
        rules.clean_words(words)
