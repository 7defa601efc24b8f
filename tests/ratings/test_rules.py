"""Micro-hour stars: worked examples, an oracle that reckons in fractions, and what holds for any year."""

import random
from datetime import date
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.evaluations.rules import BadMark
from bank.ratings import rules
from bank.ratings.rules import (
    DEFAULTS,
    BadRatingRules,
    Line,
    NoRatingRules,
    RatedService,
    RatingRules,
    RulesBeginTooEarly,
    RulesBeginTwice,
    micro_stars,
    rate,
    service_score,
    sums_of,
)

marks = st.integers(1, 5)
services = st.lists(st.builds(RatedService, st.integers(1, 600), st.none() | st.integers(20, 100)), max_size=12)


@pytest.mark.parametrize(("recipient", "leader", "completion", "score"), [(5, 4, 5, 94), (4, 4, 4, 80), (None, 3, 4, 68)])
def test_score_of_a_service(recipient, leader, completion, score):
    assert service_score(recipient=recipient, leader=leader, completion=completion) == score


@pytest.mark.parametrize("mark", [0, 6, -1, 4.0, True, "5"])
def test_a_mark_is_a_whole_number_from_1_to_5(mark):
    with pytest.raises(BadMark):
        service_score(recipient=mark, leader=3, completion=3)


def test_without_the_leaders_marks_a_service_has_no_score():
    assert rules.score_of(5, None, 4, DEFAULTS) is None
    assert rules.score_of(5, 4, None, DEFAULTS) is None


def test_year_of_the_domain_vector():
    year = sums_of([RatedService(60, 94), RatedService(90, 80), RatedService(30, 68)])
    assert (year.minutes, year.weighted, year.score, rate(year).stars) == (180, 14880, 82, 0)


@pytest.mark.parametrize(
    ("minutes", "score", "stars"),
    [
        (239, 100, 0),
        (240, 60, 1),
        (240, 59, 0),
        (480, 60, 2),
        (480, 59, 0),
        (720, 69, 2),
        (720, 70, 3),
        (1440, 79, 3),
        (1440, 80, 4),
        (3000, 89, 4),
        (2999, 90, 4),
        (3000, 90, 5),
    ],
)
def test_stars_need_time_and_quality(minutes, score, stars):
    assert micro_stars([RatedService(minutes - 2, score), RatedService(1, score), RatedService(1, score)]) == stars


def test_with_two_rated_services_two_stars_are_the_most():
    assert micro_stars([RatedService(2000, 100), RatedService(2000, 100), RatedService(2000, None)]) == 2


def test_unrated_minutes_count_as_time_but_not_as_quality():
    assert sums_of([RatedService(60, 90), RatedService(6000, None)]).score == 90


def test_what_is_missing_to_the_next_star_is_said():
    following = rate(sums_of([RatedService(300, 65), RatedService(250, 65)])).next
    assert (following.star, following.minutes_missing, following.score_missing, following.rated_missing) == (3, 170, 5, 1)


def test_with_five_stars_nothing_is_missing():
    assert rate(sums_of([RatedService(1000, 95)] * 3)).next is None


def test_the_rules_of_a_day_are_the_latest_begun():
    first, later = RatingRules(), RatingRules(version=2, starts_on=date(2027, 1, 1))
    assert [
        rules.in_force([first, later], date(2026, 12, 31)).version,
        rules.in_force([later, first], date(2027, 1, 1)).version,
    ] == [1, 2]
    with pytest.raises(NoRatingRules):
        rules.in_force([later], date(2026, 12, 31))


@pytest.mark.parametrize(
    "changed",
    [
        {"micro_minutes": (240, 480, 720, 1440)},
        {"micro_minutes": (480, 240, 720, 1440, 3000)},
        {"micro_minutes": (0, 240, 720, 1440, 3000)},
        {"micro_scores": (60, 60, 70, 80, 101)},
        {"micro_scores": (60.0, 60, 70, 80, 90)},
        {"leader_weight": 0},
        {"recipient_weight": -1},
        {"rated_min": True},
        {"medal_hours": (2000, 3000, 4000, 5000)},
        {"few_rated_stars_max": 6},
        {"timely_workdays": 0},
    ],
)
def test_rules_that_cannot_be_meant_are_refused(changed):
    with pytest.raises(BadRatingRules):
        RatingRules(**changed)


def test_rules_survive_the_table():
    mine = RatingRules(version=3, starts_on=date(2030, 1, 1), medal_hours=(2000, 3000, 5000))
    assert RatingRules.from_json(mine.to_json(), version=3, starts_on=date(2030, 1, 1)) == mine


def test_an_unknown_rule_is_refused():
    with pytest.raises(BadRatingRules):
        RatingRules.from_json({"quota": 50}, version=2, starts_on=date(2030, 1, 1))


def test_rules_begin_on_a_day_to_come_that_is_free():
    today = date(2026, 10, 15)
    rules.check_first_day(date(2026, 10, 16), today=today, taken=[])
    with pytest.raises(RulesBeginTooEarly):
        rules.check_first_day(today, today=today, taken=[])
    with pytest.raises(RulesBeginTwice):
        rules.check_first_day(date(2027, 1, 1), today=today, taken=[date(2027, 1, 1)])


def oracle(lines, rule_set):
    """The stars, reckoned slowly in fractions from the marks, from the top star down."""
    scored = []
    for line in lines:
        if line.leader is None or line.completion is None:
            continue
        given = [(line.leader, rule_set.leader_weight), (line.completion, rule_set.completion_weight)]
        given += [(line.recipient, rule_set.recipient_weight)] if line.recipient is not None else []
        best = sum(5 * weight for _, weight in given)
        scored.append((line.minutes, floor(Fraction(100 * sum(mark * weight for mark, weight in given), best))))
    time = sum(minutes for minutes, _ in scored)
    mean = floor(Fraction(sum(minutes * score for minutes, score in scored), time)) if time else 0
    minutes = sum(line.minutes for line in lines)
    for star in (5, 4, 3, 2, 1):
        if star > rule_set.few_rated_stars_max and len(scored) < rule_set.rated_min:
            continue
        if minutes >= rule_set.micro_minutes[star - 1] and mean >= rule_set.micro_scores[star - 1]:
            return star, mean
    return 0, mean


def random_year(chance):
    good = chance.choice([1, 2, 3, 4, 5])
    mark = lambda: chance.choice([None, *range(good, 6)])  # noqa: E731
    count = chance.choice([0, 1, 2, 3, 8, 20])
    return [Line(number, chance.choice([15, 60, 95, 240, 480]), mark(), mark(), mark()) for number in range(count)]


def random_rules(chance):
    if chance.random() < 0.5:
        return DEFAULTS
    weights = {name: chance.randint(1, 9) for name in ("recipient_weight", "leader_weight", "completion_weight")}
    minutes, scores = (tuple(sorted(chance.sample(range(1, top), 5))) for top in (3000, 100))
    return RatingRules(micro_minutes=minutes, micro_scores=scores, rated_min=chance.randint(0, 6), **weights)


def test_ten_thousand_random_years_equal_an_oracle_in_fractions():
    chance, seen = random.Random(7), set()
    for _ in range(10_000):
        lines, rule_set = random_year(chance), random_rules(chance)
        rating = rate(sums_of(each.rated_by(rule_set) for each in lines), rule_set)
        assert (rating.stars, rating.sums.score) == oracle(lines, rule_set)
        seen.add(rating.stars)
    assert seen == {0, 1, 2, 3, 4, 5}


@given(st.none() | marks, marks, marks)
def test_a_score_is_between_20_and_100(recipient, leader, completion):
    assert 20 <= service_score(recipient=recipient, leader=leader, completion=completion) <= 100


@given(services)
def test_the_mean_lies_between_worst_and_best(year):
    scores = [each.score for each in year if each.score is not None]
    assert min(scores, default=0) <= sums_of(year).score <= max(scores, default=0)


@given(services, st.integers(1, 600), st.integers(0, 100))
def test_a_service_no_worse_than_the_year_so_far_never_takes_a_star(year, minutes, better):
    score = min(100, sums_of(year).score + better)
    assert micro_stars([*year, RatedService(minutes, score)]) >= micro_stars(year)


@given(services, st.integers(1, 600))
def test_a_service_that_nobody_rated_never_takes_a_star(year, minutes):
    assert micro_stars([*year, RatedService(minutes, None)]) >= micro_stars(year)


@given(services, st.randoms())
def test_the_order_of_the_records_does_not_matter(year, chance):
    assert rate(sums_of(chance.sample(year, len(year)))) == rate(sums_of(year))


@given(services)
def test_the_next_step_is_reached_exactly_when_nothing_is_missing(year):
    rating = rate(sums_of(year))
    assert [each.is_reached for each in rating.steps] == [star <= rating.stars for star in range(1, 6)]
