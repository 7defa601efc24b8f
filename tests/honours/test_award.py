"""Stars are awarded by the night after the hours, once, and end only with a reversal."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bank.clock import local_day
from bank.db import db, transaction
from bank.honours import queries
from bank.honours.models import Award
from bank.honours.rules import AwardNotFound
from bank.notices.models import Notice
from bank.ratings import actions as ratings


def held(person):
    db.session.rollback()
    return sorted((each.kind, each.level) for each in queries.awards_of(person.id) if each.revocation is None)


def test_a_hundred_hours_are_a_star_by_the_next_night(alice, give_hours, night, at):
    give_hours(alice, 100)
    assert (night().awarded, held(alice)) == (1, [("honour", 1)])
    [award] = queries.awards_of(alice.id)
    assert (award.minutes, award.minutes_min, award.awarded_on) == (6000, 6000, local_day(at))


def test_a_second_night_awards_nothing(alice, give_hours, night):
    give_hours(alice, 700)
    assert [(each.awarded, each.revoked) for each in (night(), night(1))] == [(3, 0), (0, 0)]


def test_whoever_was_given_stars_is_told_once(alice, give_hours, night):
    give_hours(alice, 700)
    night(), night(1)
    [told] = db.session.scalars(db.select(Notice)).all()
    assert (told.person_id, told.kind) == (alice.id, "award_given")


def test_spending_points_takes_no_star(alice, give_hours, night, at):
    give_hours(alice, 100)
    night()
    assert queries.honour_of(alice, at=at).stars == 1
    assert night(1).revoked == 0


def test_a_reversal_takes_the_star_and_new_hours_give_it_back(alice, give_hours, take_back, night):
    entry = give_hours(alice, 100)
    night()
    take_back(entry)
    assert (night(1).revoked, held(alice)) == (1, [])
    give_hours(alice, 150)
    assert (night(2).awarded, held(alice)) == (1, [("honour", 1)])
    assert [each.turn for each in queries.awards_of(alice.id)] == [1, 0]


def test_a_revocation_says_why(alice, give_hours, take_back, night):
    entry = give_hours(alice, 100)
    night()
    take_back(entry)
    night(1)
    [award] = queries.awards_of(alice.id)
    assert (award.revocation.cause, award.revocation.minutes) == ("reversal", 0)


def test_the_passbook_shows_a_star_before_the_night_has_dated_it(alice, give_hours, at):
    give_hours(alice, 300)
    assert queries.honour_of(alice, at=at).stars == 2


def test_harder_rules_take_no_star_that_was_awarded(alice, give_hours, night, dave, at):
    give_hours(alice, 100)
    night()
    with transaction():
        harder = {"honour_hours": (200, 400, 800, 1200, 2000)}
        ratings.add_rules(by=dave, starts_on=date(2026, 11, 1), changed=harder, at=at)
    assert (night(30).revoked, held(alice)) == (0, [("honour", 1)])
    assert queries.honour_of(alice, at=at + timedelta(days=30)).stars == 1


def test_medals_come_with_rules_that_have_them(alice, give_hours, night, dave, at):
    give_hours(alice, 2000)
    night()
    with transaction():
        ratings.add_rules(by=dave, starts_on=date(2026, 11, 1), changed={"medal_hours": (2000, 3000, 5000)}, at=at)
    night(30)
    assert ("medal", 1) in held(alice)


def test_one_sees_ones_own_award_and_staff_those_of_their_unit(alice, bob, erin, charlie, give_hours, night):
    give_hours(alice, 100)
    night()
    [award] = queries.awards_of(alice.id)
    assert {queries.award(by=each, award_id=award.id).id for each in (alice, bob, erin)} == {award.id}
    with pytest.raises(AwardNotFound):
        queries.award(by=charlie, award_id=award.id)


def test_the_database_lets_nobody_change_an_award(alice, give_hours, night):
    give_hours(alice, 100)
    night()
    for statement in (db.update(Award).values(level=5), db.delete(Award)):
        with pytest.raises(DBAPIError):
            db.session.execute(statement)
        db.session.rollback()
