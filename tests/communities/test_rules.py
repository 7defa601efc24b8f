"""Community stars: three shares of a community's own year, each with its threshold."""

import pytest

from bank.communities.rules import Figures, rate
from bank.ratings.rules import RatingRules


def figures(**changed):
    return Figures(**({"services": 48, "timely": 48, "records": 200, "evaluated": 120, "minutes": 12_000} | changed))


@pytest.mark.parametrize(
    ("changed", "stars"),
    [
        ({}, 4),
        ({"services": 96, "timely": 96}, 5),
        ({"services": 5, "timely": 5}, 0),
        ({"evaluated": 79}, 2),
        ({"evaluated": 39}, 0),
        ({"timely": 33}, 2),
        ({"timely": 23}, 0),
    ],
)
def test_each_star_needs_all_three(changed, stars):
    assert rate(figures(**changed)).stars == stars


def test_shares_are_rounded_down():
    found = figures(records=3, evaluated=2, services=3, timely=2)
    assert (found.evaluated_percent, found.timely_percent) == (66, 66)


def test_a_community_without_services_has_no_stars():
    assert rate(Figures()).stars == 0


def test_under_three_ratings_there_are_no_stars_however_good_they_are():
    few = rate(figures(records=2, evaluated=2))
    assert (few.stars, few.has_enough_ratings) == (0, False)


def test_the_steps_say_what_is_not_there():
    third = rate(figures(evaluated=70)).steps[2]
    assert (third.has_services, third.has_evaluated, third.has_timely, third.is_reached) == (True, False, True, False)


def test_thresholds_are_data():
    assert rate(figures(), RatingRules(community_services=(1, 2, 3, 4, 5), community_evaluated=(0, 0, 0, 0, 0))).stars == 5
