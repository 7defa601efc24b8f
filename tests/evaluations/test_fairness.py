"""Auditors see who rates far from the rest, who rates whom in turn, and which phone used many codes."""

import pytest

from bank.db import db
from bank.evaluations import fairness, rules
from bank.evaluations.fairness import Wanted
from bank.evaluations.rules import Device, Favour, Mean, Rater
from bank.hours.queries import records_of_service
from tests.cases import cases

YEAR = 2026


def rater(own, others, *, person_id=1):
    return Rater(person_id, 7, Mean(*own), Mean(*others))


def test_others_are_all_but_oneself():
    given = {(1, 7): Mean(2, 10), (2, 7): Mean(3, 9), (3, 8): Mean(1, 5)}
    assert rules.raters(given) == [
        Rater(1, 7, Mean(2, 10), Mean(3, 9)), Rater(2, 7, Mean(3, 9), Mean(2, 10)), Rater(3, 8, Mean(1, 5), Mean(0, 0)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("own", "others", "is_listed"),
    [
        ((10, 50), (10, 40), True),  # 5.00 beside 4.00
        ((10, 49), (10, 40), False),  # 4.90 beside 4.00
        ((10, 30), (10, 40), True),
        ((9, 45), (10, 40), False),
        ((10, 50), (9, 36), False),
        ((10, 50), (0, 0), False),
    ],
)
def test_an_outlier_lies_a_whole_mark_away_over_ten_marks(own, others, is_listed):
    assert bool(rules.outliers([rater(own, others)])) == is_listed


def test_the_farthest_comes_first():
    near, far = rater((10, 50), (10, 40), person_id=1), rater((10, 20), (10, 45), person_id=2)
    assert rules.outliers([near, far]) == [far, near]


def test_an_outlier_is_found_in_the_books(serve, rate, neighbour, bob, carol, erin):
    everybody = [neighbour() for _ in range(5)]
    rate(bob, serve(*everybody), 5, 5)
    rate(carol, serve(*everybody, leader=carol), 2, 3)
    found = [(each.person.id, each.rater.own, each.rater.others) for each in fairness.outliers(erin, year=YEAR)]
    assert found == [(bob.id, Mean(10, 50), Mean(10, 25)), (carol.id, Mean(10, 25), Mean(10, 50))]


def test_another_year_is_another_list(serve, rate, neighbour, bob, carol, erin):
    everybody = [neighbour() for _ in range(5)]
    rate(bob, serve(*everybody), 5, 5)
    rate(carol, serve(*everybody, leader=carol), 2, 3)
    assert fairness.outliers(erin, year=YEAR - 1) == []


def test_those_who_rate_each_other_are_a_pair(serve, rate, alice, carol, erin):
    rate(alice, serve(carol, leader=alice), 5, 5)
    rate(carol, serve(alice, leader=carol), 4, 5)
    [pair] = fairness.mutual_pairs(erin, year=YEAR)
    assert (pair.one.id, pair.there.gave, pair.other.id, pair.back.gave) == (alice.id, Mean(2, 10), carol.id, Mean(2, 9))


def test_a_pair_is_shown_beside_what_others_give(serve, rate, alice, carol, bob, erin):
    rate(alice, serve(carol, leader=alice), 5, 5)
    rate(carol, serve(alice, leader=carol), 5, 5)
    rate(bob, serve(alice, carol), 3, 4)
    [pair] = fairness.mutual_pairs(erin, year=YEAR)
    assert (pair.there.others_gave, pair.there.distance, rules.mutual_favour(pair.there, pair.back)) == (Mean(2, 7), 150, 150)


@pytest.mark.parametrize(
    ("there", "back", "favour"),
    [(((2, 10), (2, 7)), ((2, 9), (2, 8)), 50), (((2, 10), (0, 0)), ((2, 10), (2, 8)), 0)],
)
def test_favour_is_the_lesser_of_the_two(there, back, favour):
    one, other = (Favour(Mean(*gave), Mean(*rest)) for gave, rest in (there, back))
    assert rules.mutual_favour(one, other) == favour


def test_one_mark_in_return_is_no_pair(serve, rate, alice, carol, erin):
    rate(alice, serve(carol, leader=alice), 5, 5)
    rate(carol, serve(alice, leader=carol), 4, None)
    assert fairness.mutual_pairs(erin, year=YEAR) == []


def test_one_phone_with_five_codes_is_listed(serve, invite, rate_by_code, neighbour, erin):
    records = records_of_service(serve(*(neighbour() for _ in range(6))).id)
    for each in records[:5]:
        rate_by_code(invite(each), 5)
    rate_by_code(invite(records[5]), 4, device=Device("c" * 20))
    [phone] = fairness.phones(erin, year=YEAR)
    assert (phone.device, phone.member_count, phone.given) == ("a" * 20, 5, Mean(5, 25))


def test_a_list_leads_to_its_rows(serve, rate, alice, carol, bob, erin):
    rate(bob, serve(alice, carol), 5, None)
    rate(carol, serve(alice, leader=carol), 4, 4)
    rows = [rows_of(erin, Wanted(year=YEAR, given_by_id=bob.id)), rows_of(erin, Wanted(year=YEAR, member_id=alice.id))]
    assert [sorted(each.mark for each in found) for found in rows] == [[5, 5], [4, 4, 5]]


def test_withdrawn_marks_are_in_no_list(serve, rate, withdraw, alice, carol, bob, dave, erin):
    rate(bob, serve(alice), 5, None)
    [given] = rows_of(erin, Wanted(year=YEAR))
    withdraw(bob, dave, given)
    assert rows_of(erin, Wanted(year=YEAR)) == []


@cases("who", ["alice", "bob", "dave", "charlie"])
def test_who_audits_nothing_sees_nothing(who, serve, rate, request, carol, bob):
    rate(bob, serve(carol), 5, 5)
    assert rows_of(request.getfixturevalue(who), Wanted(year=YEAR)) == []


def rows_of(by, wanted):
    return list(db.session.scalars(fairness.rows(by, wanted)).unique())
