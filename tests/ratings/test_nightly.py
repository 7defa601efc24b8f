"""Standings are what the rules say of the records, every night the same, for everybody at once."""

import random
from datetime import date, timedelta

import pytest

from bank.db import db, transaction
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.ratings import nightly, queries, rules
from bank.ratings.models import MicroStanding

DAY = date(2026, 10, 3)
LATER = timedelta(days=30)


@pytest.fixture
def night(at):
    """Reckon a year some weeks later, when every mark may be seen: answers how many standings changed."""

    def run(year=2026, *, at=at + LATER):
        with transaction():
            return nightly.recompute(year=year, at=at)

    return run


def standing(person, year=2026):
    db.session.rollback()
    return db.session.get(MicroStanding, (year, person.id))


def test_the_domain_vector_comes_out_of_the_records(in_service, serve, night):
    for minutes, marks in ((60, (5, 4, 5)), (90, (4, 4, 4)), (30, (None, 3, 4))):
        serve(in_service, minutes, DAY + timedelta(days=minutes // 30), marks)
    night()
    found = standing(in_service)
    assert (found.services, found.minutes, found.rated, found.weighted, found.score, found.stars) == (3, 180, 3, 14880, 82, 0)


def test_the_second_run_of_a_night_changes_nothing(in_service, serve, night):
    serve(in_service, 60, DAY, (5, 5, 5))
    assert (night(), night()) == (1, 0)


def test_only_members_in_service_are_rated(alice, serve, night):
    serve(alice, 60, DAY, (5, 5, 5))
    assert (night(), standing(alice)) == (0, None)


def test_who_leaves_service_stands_nowhere(in_service, serve, night):
    serve(in_service, 60, DAY, (5, 5, 5))
    night()
    with transaction():
        db.session.get_one(Person, in_service.id).is_in_service = False
    assert (night(), standing(in_service)) == (1, None)


def test_a_reversed_record_does_not_count(in_service, serve, take_back, night):
    first, second = serve(in_service, 60, DAY, (5, 5, 5)), serve(in_service, 90, DAY + timedelta(days=1), (1, 1, 1))
    night()
    take_back(second)
    assert night() == 1
    assert (standing(in_service).minutes, standing(in_service).score) == (60, 100)
    take_back(first)
    assert (night(), standing(in_service)) == (1, None)


def test_a_year_begins_on_1_january_and_ends_on_31_december(in_service, serve, night, at):
    in_2027 = at.replace(year=2027, month=3)
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)):
        serve(in_service, 60, day, at=in_2027)
    assert [night(year, at=in_2027) for year in (2025, 2026, 2027)] == [1, 1, 1]
    assert [standing(in_service, year).minutes for year in (2025, 2026, 2027)] == [60, 120, 60]


def test_a_mark_counts_once_it_may_be_seen(in_service, serve, mark, night, at):
    serve(in_service, 60, DAY, (None, 4, 4), at=at)
    night(at=at + timedelta(days=6))
    assert standing(in_service).rated == 0
    night(at=at + timedelta(days=7))
    assert (standing(in_service).rated, standing(in_service).score) == (1, 80)


def test_with_both_sides_a_mark_counts_at_once(in_service, serve, night, at):
    serve(in_service, 60, DAY, (5, 4, 5), at=at)
    night(at=at + timedelta(hours=2))
    assert standing(in_service).score == 94


def test_the_year_before_is_kept_up_until_it_is_fixed(in_service, serve, at):
    january = at.replace(year=2027, month=1)
    serve(in_service, 60, date(2026, 12, 30), at=january)
    serve(in_service, 60, date(2027, 1, 2), at=january)
    with transaction():
        assert nightly.recompute_open(at=january) == 2


@pytest.fixture
def crowd(community, at):
    """Eight in-service members."""
    people_ids = []
    with transaction():
        for number in range(8):
            new = NewPerson(name="钱多多", phone=f"1390000000{number}", unit_id=community.id, is_in_service=True)
            people_ids.append(people.enrol(by=None, new=new, at=at).id)
    return [db.session.get_one(Person, each) for each in people_ids]


def test_a_night_equals_the_rules_on_a_random_bank(crowd, serve, take_back, night, at):
    chance = random.Random(20)
    for number in range(60):
        good = chance.choice([1, 3, 4, 5])
        marks = tuple(chance.choice([None, *range(good, 6)]) for _ in range(3))
        person = chance.choice(crowd[: 1 + number // 8])
        record = serve(person, chance.choice([30, 95, 240, 480]), date(2026, 1, 5) + timedelta(days=number), marks)
        if chance.random() < 0.1:
            take_back(record)
    night()
    lines = queries.lines_of(2026, [each.id for each in crowd], at=at + LATER)
    for each in crowd:
        expected = rules.rate(rules.sums_of(line.rated_by(rules.DEFAULTS) for line in lines[each.id]))
        found = standing(each)
        assert (found is None) == (not lines[each.id])
        if found:
            assert (found.minutes, found.rated, found.weighted) == (
                expected.sums.minutes,
                expected.sums.rated,
                expected.sums.weighted,
            )
            assert (found.score, found.stars) == (expected.sums.score, expected.stars)
