"""Star honours and medals: what minutes alone give, what needs a decision, and what a reversal takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.honours import rules
from bank.honours.rules import HONOUR, MEDAL, BadProposal, Held, Level, star_honour
from bank.ratings.rules import DEFAULTS, RatingRules

WITH_MEDALS = RatingRules(medal_hours=(2000, 3000, 5000))
FIFTH = Level(HONOUR, 5)
minutes = st.integers(0, 400_000)


def star(number, *, hours):
    return Held(Level(HONOUR, number), hours * 60)


def due(hours, *, rules_=DEFAULTS, held=(), decided=(), withdrawn=()):
    levels = rules.to_award(hours * 60, rules=rules_, held=held, decided=decided, withdrawn=withdrawn)
    return [(each.kind, each.number) for each in levels]


@pytest.mark.parametrize(
    ("hours", "stars"), [(0, 0), (99, 0), (100, 1), (299, 1), (300, 2), (600, 3), (999, 3), (1000, 4), (1499, 4), (1500, 4)]
)
def test_honour_follows_hours(hours, stars):
    assert star_honour(hours * 60).stars == stars


def test_a_minute_short_is_short():
    honour = star_honour(100 * 60 - 1)
    assert (honour.stars, honour.minutes_missing) == (0, 1)


def test_the_fifth_star_waits_for_its_decision():
    waiting, decided = star_honour(1500 * 60), star_honour(1500 * 60, is_fifth_decided=True)
    assert (waiting.stars, waiting.is_waiting, waiting.minutes_missing) == (4, True, None)
    assert (decided.stars, decided.is_waiting) == (5, False)


def test_a_decision_gives_no_star_without_the_hours():
    assert star_honour(1000 * 60, is_fifth_decided=True).stars == 4


def test_rules_may_give_the_fifth_star_by_hours_alone():
    assert star_honour(1500 * 60, rules=RatingRules(fifth_by_decision=0)).stars == 5


def test_later_rules_that_ask_for_more_take_no_star():
    harder = RatingRules(version=2, honour_hours=(200, 400, 800, 1200, 2000))
    assert star_honour(150 * 60, rules=harder, held={1}).stars == 1
    assert star_honour(150 * 60, rules=harder).stars == 0


def test_a_star_withdrawn_takes_those_above_it():
    assert star_honour(700 * 60, withdrawn={2}).stars == 1


def test_all_stars_that_are_due_are_awarded_together():
    assert due(700) == [(HONOUR, 1), (HONOUR, 2), (HONOUR, 3)]


def test_what_is_held_is_not_awarded_again():
    assert due(300, held=[star(1, hours=100)]) == [(HONOUR, 2)]


def test_the_fifth_is_awarded_once_it_is_decided():
    four = [star(number, hours=1) for number in (1, 2, 3, 4)]
    assert (due(1500, held=four), due(1500, held=four, decided=[FIFTH])) == ([], [(HONOUR, 5)])


def test_what_was_withdrawn_is_not_awarded_by_the_clock_nor_what_rests_on_it():
    assert due(700, withdrawn=[Level(HONOUR, 2)]) == [(HONOUR, 1)]


def test_medals_are_off_until_the_rules_have_them():
    assert (MEDAL, 1) not in due(3000)
    assert due(3000, rules_=WITH_MEDALS)[-2:] == [(MEDAL, 1), (MEDAL, 2)]


def test_a_star_is_lost_when_its_own_minutes_are_gone():
    held = [star(1, hours=100), star(2, hours=300)]
    assert rules.to_revoke(299 * 60, held) == [Level(HONOUR, 2)]
    assert rules.to_revoke(300 * 60, held) == []


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_a_reason_says_something_short(reason):
    with pytest.raises(BadProposal):
        rules.clean_reason(reason)


@given(minutes, minutes)
def test_more_minutes_never_mean_fewer_stars(some, more):
    assert star_honour(some + more).stars >= star_honour(some).stars


@given(minutes)
def test_what_is_missing_is_exactly_what_is_missing(some):
    honour = star_honour(some)
    if honour.minutes_missing is not None:
        just_before, there = (star_honour(some + honour.minutes_missing - short, is_fifth_decided=True) for short in (1, 0))
        assert (just_before.stars, there.stars) == (honour.stars, honour.stars + 1)


@given(minutes, st.booleans())
def test_what_is_awarded_is_what_is_shown(some, is_decided):
    awarded = rules.to_award(some, rules=DEFAULTS, held=[], decided=[FIFTH] if is_decided else [], withdrawn=[])
    assert len(awarded) == star_honour(some, is_fifth_decided=is_decided).stars
