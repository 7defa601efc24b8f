"""A community's year in numbers: what counts as served, rated and in time, and its fixing."""

from datetime import date, time, timedelta

import pytest

from bank.clock import local_instant
from bank.communities import actions, queries
from bank.db import db, transaction
from bank.people import organisation as units
from bank.ratings.rules import NotRated, YearNotOver
from tests.ratings.conftest import mark, serve, take_back

__all__ = ["mark", "serve", "take_back"]

THURSDAY = date(2026, 10, 15)
LATER = local_instant(date(2026, 12, 1), time(3))
JANUARY = local_instant(date(2027, 1, 31), time(4))


def night(at=LATER, year=2026):
    with transaction():
        return actions.recompute(year=year, at=at)


def figures(unit, year=2026):
    db.session.rollback()
    rating = queries.explained(unit.id, year).rating
    row = rating.figures
    return (row.services, row.timely, row.records, row.evaluated, row.minutes, rating.stars)


def test_services_records_ratings_and_minutes_are_counted(alice, serve, community):
    serve(alice, 60, THURSDAY, (5, 4, 5))
    serve(alice, 90, THURSDAY + timedelta(days=1))
    assert (night(), figures(community)) == (1, (2, 2, 2, 1, 150, 0))


def test_a_service_confirmed_on_the_third_working_day_is_in_time(alice, serve, community):
    serve(alice, 60, THURSDAY, at=local_instant(date(2026, 10, 20), time(23)))
    serve(alice, 60, date(2026, 10, 16), at=local_instant(date(2026, 10, 22), time(1)))
    night()
    assert figures(community)[:2] == (2, 1)


def test_services_of_grids_and_teams_are_the_communitys(alice, serve, community, dave, at):
    with transaction():
        grid = units.add_unit(by=None, name="第一网格", kind="grid", parent_id=community.id, at=at)
    serve(alice, 60, THURSDAY, unit_id=grid.id)
    night()
    assert figures(community)[0] == 1


def test_another_communitys_services_are_its_own(alice, charlie, serve, community, other_community):
    serve(alice, 60, THURSDAY)
    serve(charlie, 30, THURSDAY)
    night()
    assert [figures(each)[4] for each in (community, other_community)] == [60, 30]


def test_what_was_reversed_does_not_count(alice, serve, take_back, community):
    take_back(serve(alice, 60, THURSDAY))
    night()
    with pytest.raises(NotRated):
        figures(community)


def test_a_second_night_changes_nothing_and_a_new_record_one(alice, serve, community):
    serve(alice, 60, THURSDAY)
    assert [night(), night()] == [1, 0]
    serve(alice, 60, THURSDAY + timedelta(days=1))
    assert [night(), figures(community)[0]] == [1, 2]


def test_a_year_is_fixed_on_31_january_and_stays(alice, serve, take_back, community):
    record = serve(alice, 60, THURSDAY)
    with pytest.raises(YearNotOver), transaction():
        actions.fix(year=2026, at=JANUARY - timedelta(days=1))
    with transaction():
        assert actions.fix(year=2026, at=JANUARY) == 1
    take_back(record)
    assert night(JANUARY + timedelta(days=1)) == 0
    with transaction():
        assert actions.fix(year=2026, at=JANUARY + timedelta(days=1)) == 0
    assert figures(community)[0] == 1


def test_the_list_is_in_the_order_of_the_town_and_not_by_stars(alice, charlie, serve, community, other_community):
    serve(charlie, 60, THURSDAY)
    serve(alice, 60, THURSDAY)
    night()
    assert [each.unit_id for each in queries.rated(2026)] == sorted([community.id, other_community.id])
    assert queries.years() == [2026]
