"""Rules of rating change by a new version that begins on a day to come."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.people.rules import RoleMissing
from bank.ratings import actions, queries
from bank.ratings.models import RatingRulesVersion
from bank.ratings.rules import BadRatingRules, RulesBeginTooEarly, RulesBeginTwice
from tests.cases import cases

EASIER = {"micro_minutes": (120, 240, 360, 720, 1500)}


@pytest.fixture
def add(dave, at):
    def run(starts_on=date(2027, 6, 1), by=dave, **changed):
        with transaction():
            return actions.add_rules(by=by, starts_on=starts_on, changed=changed or EASIER, at=at)

    return run


def test_a_new_bank_has_the_first_rules(app):
    assert [(each.version, each.starts_on) for each in queries.all_rules()] == [(1, date(2000, 1, 1))]


def test_a_new_version_keeps_what_it_does_not_name(add):
    add()
    new = queries.rules_on(date(2027, 6, 1))
    assert (new.version, new.micro_minutes[0], new.micro_scores) == (2, 120, (60, 60, 70, 80, 90))


def test_a_year_goes_by_the_rules_of_its_first_day(add):
    add()
    assert [queries.rules_of_year(year).version for year in (2026, 2027, 2028)] == [1, 1, 2]


def test_a_version_builds_on_the_one_before_its_first_day(add):
    add(starts_on=date(2028, 1, 1), rated_min=5)
    add(starts_on=date(2027, 1, 1), recipient_weight=6)
    assert queries.rules_on(date(2027, 1, 1)).rated_min == 3
    assert queries.rules_on(date(2028, 1, 1)).recipient_weight == 5


def test_rules_begin_on_a_day_to_come(add, at):
    for day in (date(2026, 10, 15), date(2020, 1, 1)):
        with pytest.raises(RulesBeginTooEarly):
            add(starts_on=day)


def test_a_day_begins_one_version(add):
    add()
    with pytest.raises(RulesBeginTwice):
        add()


def test_rules_that_cannot_be_meant_are_refused(add):
    with pytest.raises(BadRatingRules):
        add(micro_scores=(90, 80, 70, 60, 60))


@cases("who", ["alice", "bob", "carol", "erin", "charlie"])
def test_only_the_banks_admin_adds_rules(add, request, who):
    with pytest.raises(RoleMissing):
        add(by=request.getfixturevalue(who))


def test_the_database_lets_nobody_change_a_version(add):
    with pytest.raises(DBAPIError):
        db.session.execute(db.update(RatingRulesVersion).values(starts_on=date(2001, 1, 1)))
    db.session.rollback()
