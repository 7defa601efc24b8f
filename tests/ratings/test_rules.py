"""Star honours and micro-hour stars: worked examples, and what holds for any numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.ratings.rules import BadMark, RatedService, micro_stars, service_score, star_honour, year_score

marks = st.integers(1, 5)
services = st.lists(st.builds(RatedService, st.integers(1, 600), st.none() | st.integers(20, 100)), max_size=12)


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


@pytest.mark.parametrize(("recipient", "leader", "completion", "score"), [(5, 4, 5, 94), (4, 4, 4, 80), (None, 3, 4, 68)])
def test_score_of_a_service(recipient, leader, completion, score):
    assert service_score(recipient=recipient, leader=leader, completion=completion) == score


@pytest.mark.parametrize("mark", [0, 6, -1, 4.0, True])
def test_a_mark_is_a_whole_number_from_1_to_5(mark):
    with pytest.raises(BadMark):
        service_score(recipient=mark, leader=3, completion=3)


def test_year_of_the_domain_vector():
    year = [RatedService(60, 94), RatedService(90, 80), RatedService(30, 68)]
    assert (year_score(year), micro_stars(year)) == (82, 0)


@pytest.mark.parametrize(
    ("minutes", "score", "stars"),
    [
        (239, 100, 0),
        (240, 60, 1),
        (240, 59, 0),
        (480, 60, 2),
        (720, 69, 2),
        (720, 70, 3),
        (1440, 80, 4),
        (3000, 89, 4),
        (3000, 90, 5),
    ],
)
def test_micro_stars_need_time_and_quality(minutes, score, stars):
    assert micro_stars([RatedService(minutes - 2, score), RatedService(1, score), RatedService(1, score)]) == stars


def test_with_two_rated_services_two_stars_are_the_most():
    assert micro_stars([RatedService(2000, 100), RatedService(2000, 100), RatedService(2000, None)]) == 2


def test_unrated_minutes_count_as_time_but_not_as_quality():
    assert year_score([RatedService(60, 90), RatedService(6000, None)]) == 90


@given(st.none() | marks, marks, marks)
def test_a_score_is_between_20_and_100(recipient, leader, completion):
    assert 20 <= service_score(recipient=recipient, leader=leader, completion=completion) <= 100


@given(services)
def test_the_mean_lies_between_worst_and_best(year):
    scores = [each.score for each in year if each.score is not None]
    assert min(scores, default=0) <= year_score(year) <= max(scores, default=0)


@given(services, st.integers(1, 600))
def test_a_perfect_service_more_never_takes_a_star(year, minutes):
    assert micro_stars([*year, RatedService(minutes, 100)]) >= micro_stars(year)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_minutes_never_mean_fewer_stars(minutes, more):
    assert star_honour(minutes + more).stars >= star_honour(minutes).stars


@given(st.integers(0, 10**6))
def test_what_is_missing_is_exactly_what_is_missing(minutes):
    honour = star_honour(minutes)
    if honour.minutes_missing is not None:
        just_before, there = (star_honour(minutes + honour.minutes_missing - short, is_fifth_decided=True) for short in (1, 0))
        assert (just_before.stars, there.stars) == (honour.stars, honour.stars + 1)
