"""Boards rank what was earned in a period, of those who agreed, masked, without minors."""

from datetime import date, time

import pytest

from bank.boards import queries as boards
from bank.clock import local_instant
from bank.statements.rules import parse_period
from bank.units.rules import UnitNotFound
from tests.statements.test_statement import take_back

NOW = local_instant(date(2026, 10, 20), time(12))
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def board(town):
    """The bank's board of a period: `board("2026-10")`."""
    return lambda label="2026-10", **asked: boards.board(**{"period": parse_period(label), "unit_id": town.id, "at": NOW} | asked)


def places(board):
    return [(row.rank, row.name, row.points) for row in board.rows]


def test_most_earned_first_and_masked(board, alice, carol, serve, consent):
    consent(alice, carol)
    serve(alice, 60, date(2026, 10, 3))
    serve(carol, 90, date(2026, 10, 3))
    assert places(board()) == [(1, "柯**", 150), (2, "安*", 100)]


def test_redeeming_changes_no_place(board, alice, carol, serve, redeem, consent):
    consent(alice, carol)
    serve(alice, 120, date(2026, 10, 3))
    serve(carol, 90, date(2026, 10, 3))
    redeem(alice, 200, date(2026, 10, 9))
    assert places(board()) == [(1, "安*", 200), (2, "柯**", 150)]


def test_what_was_taken_back_is_not_earned(board, alice, serve, consent):
    consent(alice)
    serve(alice, 60, date(2026, 10, 3))
    take_back(serve(alice, 120, date(2026, 10, 4)), date(2026, 10, 5))
    assert places(board()) == [(1, "安*", 100)]


def test_only_who_consents_now_is_shown(board, alice, carol, serve, consent):
    consent(alice)
    for person in (alice, carol):
        serve(person, 60, date(2026, 10, 3))
    assert places(board()) == [(1, "安*", 100)]
    consent(alice, is_given=False)
    assert places(board()) == []


def test_no_minors(board, enrol, serve, consent):
    young, just_of_age = enrol("13900000001", born_on=date(2008, 10, 21)), enrol("13900000002", born_on=date(2008, 10, 20))
    consent(young, just_of_age)
    for person in (young, just_of_age):
        serve(person, 60, date(2026, 10, 16))
    assert len(board().rows) == 1
    assert board(by=young).own is None and board(by=just_of_age).own is not None


def test_equal_points_share_a_rank_and_the_earlier_stands_first(board, alice, carol, dave, bob, serve, consent):
    consent(alice, carol, bob)
    serve(alice, 60, date(2026, 10, 9))
    serve(carol, 60, date(2026, 10, 3))
    serve(bob, 30, date(2026, 10, 3))
    assert places(board()) == [(1, "柯**", 100), (1, "安*", 100), (3, "包*", 50)]


@pytest.mark.parametrize("closed", [None, date(2026, 8, 1), SEPTEMBER])
def test_a_period_is_counted_alike_before_and_after_its_months_close(board, alice, serve, issue, consent, closed):
    consent(alice)
    for minutes, day in ((60, date(2026, 8, 3)), (120, date(2026, 9, 30)), (240, date(2026, 10, 1))):
        serve(alice, minutes, day)
    if closed:
        issue(closed)
    points = {"2026-08": 100, "2026-Q3": 300, "2026-Q4": 400, "2026-H2": 700, "2026": 700}
    assert {label: board(label).rows[0].points for label in points} == points


def test_a_unit_shows_its_own_and_all_below_it(board, alice, charlie, community, town, serve, consent):
    consent(alice, charlie)
    for person in (alice, charlie):
        serve(person, 60, date(2026, 10, 3))
    assert len(board(unit_id=town.id).rows) == 2
    assert places(board(unit_id=community.id)) == [(1, "安*", 100)]


def test_a_member_finds_the_own_place_beyond_the_shown_rows(board, alice, bob, carol, serve, consent):
    consent(alice, bob, carol)
    for person, minutes in ((alice, 30), (bob, 60), (carol, 90)):
        serve(person, minutes, date(2026, 10, 3))
    found = board(by=alice, limit=2)
    assert len(found.rows) == 2
    assert (found.own.rank, found.own.points, found.own.is_own) == (3, 50, True)


def test_who_earned_nothing_is_on_no_board(board, alice, consent):
    consent(alice)
    assert (board(by=alice).rows, board(by=alice).own) == ([], None)


def test_an_unknown_unit_has_no_board(board):
    with pytest.raises(UnitNotFound):
        board(unit_id=999_999)
