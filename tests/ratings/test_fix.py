"""A year is fixed once, on 31 January of the next, and then stays as it is, with the lines it was reckoned from."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bank.clock import local_instant
from bank.db import db, transaction
from bank.ratings import actions, nightly, queries
from bank.ratings.explain import explanation
from bank.ratings.models import MicroResult, MicroStanding
from bank.ratings.rules import YearNotOver

END_OF_JANUARY = local_instant(date(2027, 1, 31), time(4))


@pytest.fixture
def year(in_service, serve):
    """Three services of eight hours that everybody liked."""
    return [serve(in_service, 480, date(2026, 10, 3 + number), (5, 5, 4)) for number in range(3)]


def fix(at=END_OF_JANUARY):
    with transaction():
        return nightly.fix(year=2026, at=at)


def test_a_year_is_fixed_with_its_lines(year, in_service):
    assert fix() == 1
    found = queries.result(in_service.id, 2026)
    assert (found.minutes, found.rated, found.score, found.stars) == (1440, 3, 96, 4)
    assert found.lines == [[record_id, 480, 5, 5, 4] for record_id in year]


def test_fixing_twice_fixes_once(year, in_service):
    fix()
    kept = queries.result(in_service.id, 2026).fixed_at
    assert fix(END_OF_JANUARY + timedelta(days=1)) == 0
    assert db.session.get_one(MicroResult, (2026, in_service.id), populate_existing=True).fixed_at == kept


def test_a_year_is_not_fixed_before_the_last_day_of_january(year):
    with pytest.raises(YearNotOver):
        fix(END_OF_JANUARY - timedelta(days=1))


def test_a_fixed_year_has_no_standings_and_gets_none(year, in_service):
    fix()
    with transaction():
        assert nightly.recompute(year=2026, at=END_OF_JANUARY + timedelta(days=1)) == 0
    assert db.session.get(MicroStanding, (2026, in_service.id)) is None


def test_what_is_taken_back_later_changes_no_fixed_year(year, in_service, take_back):
    fix()
    take_back(year[0])
    told = explanation(person=in_service, year=2026, at=END_OF_JANUARY + timedelta(days=9))
    assert (told.rating.stars, len(told.lines), told.left_out) == (4, 3, ())


def test_a_record_that_came_later_is_named_and_does_not_count(year, in_service, serve):
    fix()
    serve(in_service, 60, date(2026, 12, 1), at=END_OF_JANUARY + timedelta(days=2))
    told = explanation(person=in_service, year=2026, at=END_OF_JANUARY + timedelta(days=9))
    assert [each.why for each in told.left_out] == ["later"]


def test_new_rules_rewrite_no_past_year(year, in_service, dave, at):
    fix()
    with transaction():
        harder = {"micro_minutes": (2000, 3000, 4000, 5000, 6000)}
        actions.add_rules(by=dave, starts_on=date(2027, 3, 1), changed=harder, at=END_OF_JANUARY)
    told = explanation(person=in_service, year=2026, at=END_OF_JANUARY + timedelta(days=99))
    assert (told.rules.version, told.rating.stars) == (1, 4)


def test_the_database_lets_nobody_change_a_result(year, in_service):
    fix()
    with pytest.raises(DBAPIError):
        db.session.execute(db.update(MicroResult).values(stars=5))
    db.session.rollback()
