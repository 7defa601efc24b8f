"""Boards rank what was earned in a period, of those who agreed, masked, without minors."""

from datetime import date, time, timedelta

import pytest

from bank.boards import persons
from bank.boards import queries as boards
from bank.boards.kept import forget
from bank.boards.rules import Asked, NotRanked
from bank.clock import local_instant
from bank.db import transaction
from bank.honours import actions as honours
from bank.people.belonging import join_team
from bank.people.organisation import add_unit
from bank.privacy.actions import close_account
from bank.statements.rules import parse_period
from bank.units.rules import UnitNotFound
from tests.statements.test_statement import take_back

NOW = local_instant(date(2026, 10, 20), time(12))
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def board(town):
    """The bank's board of a period, asked anew: `board("2026-10", measure="minutes", by=alice)`."""

    def of(label="2026-10", *, by=None, at=NOW, is_kept=False, **asked):
        if not is_kept:
            forget()
        wanted = Asked(**{"period": parse_period(label), "unit_id": town.id} | asked)
        return boards.board(asked=wanted, by=by, at=at)

    return of


def places(board):
    return [(row.rank, row.name, row.value) for row in board.rows]


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
    assert not board(by=young).own.is_shown and board(by=just_of_age).own.is_shown


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
    assert {label: board(label).rows[0].value for label in points} == points


def test_a_unit_shows_its_own_and_all_below_it(board, alice, charlie, community, town, serve, consent):
    consent(alice, charlie)
    for person in (alice, charlie):
        serve(person, 60, date(2026, 10, 3))
    assert len(board(unit_id=town.id).rows) == 2
    assert places(board(unit_id=community.id)) == [(1, "安*", 100)]


def test_a_member_sees_the_own_place_and_the_distance_even_when_not_on_the_board(board, alice, bob, carol, serve, consent):
    consent(bob, carol)
    for person, minutes in ((alice, 45), (bob, 60), (carol, 90)):
        serve(person, minutes, date(2026, 10, 3))
    found = board(by=alice)
    assert len(found.rows) == 2
    assert (found.own.rank, found.own.value, found.own.to_next, found.own.is_shown) == (3, 75, 25, False)
    assert (board(by=carol).own.rank, board(by=carol).own.to_next) == (1, None)


def test_who_earned_nothing_is_on_no_board(board, alice, consent):
    consent(alice)
    assert (board(by=alice).rows, board(by=alice).own) == ([], None)


def test_an_unknown_unit_has_no_board(board):
    with pytest.raises(UnitNotFound):
        board(unit_id=999_999)


def test_a_week_runs_from_monday_to_sunday(board, alice, serve, consent):
    consent(alice)
    for day in (11, 12, 18, 19):
        serve(alice, 60, date(2026, 10, day))
    assert places(board("2026-W42")) == [(1, "安*", 200)]


def test_minutes_rank_by_time_and_count_what_was_taken_back(board, alice, carol, serve, consent):
    consent(alice, carol)
    take_back(serve(alice, 120, date(2026, 10, 4)), date(2026, 10, 5))
    serve(alice, 30, date(2026, 10, 6))
    serve(carol, 60, date(2026, 10, 4))
    assert places(board(measure="minutes")) == [(1, "柯**", 60), (2, "安*", 30)]


def test_newcomers_are_those_who_came_in_the_period(board, alice, enrol, serve, consent):
    new = enrol("13900000003", enrolled_at=local_instant(date(2026, 10, 2), time(9)))
    consent(alice, new)
    for person in (alice, new):
        serve(person, 60, date(2026, 10, 3))
    assert places(board(measure="newcomers")) == [(1, "钱**", 60)]


def test_stars_rank_those_who_rose(board, alice, serve, consent):
    consent(alice)
    for day in range(1, 13):
        serve(alice, 480, date(2026, 9, day))
    serve(alice, 480, date(2026, 10, 1))
    at = local_instant(date(2026, 10, 2), time(3))
    with transaction():
        honours.award_due(at=at)
    assert places(board(measure="stars")) == [(1, "安*", 1)]


def test_groups_show_sums_without_names_and_only_when_three_are_behind_them(board, enrol, alice, bob, carol, charlie, serve):
    for person in (alice, bob, charlie):
        serve(person, 60, date(2026, 10, 3))
    assert board(subject="communities").rows == []
    serve(carol, 30, date(2026, 10, 3))
    [row] = board(subject="communities", by=alice).rows
    assert (row.rank, row.name, row.value, row.people, row.is_own) == (1, "向阳社区", 250, 3, True)


def test_teams_count_their_members_of_now(board, alice, bob, carol, dave, community, serve):
    with transaction():
        team = add_unit(by=dave, name="红马甲服务队", kind="team", parent_id=community.id, at=NOW)
        for person in (alice, bob, carol):
            join_team(by=dave, person_id=person.id, unit_id=team.id, at=NOW)
    for person in (alice, bob, carol):
        serve(person, 60, date(2026, 10, 3))
    assert places(board(subject="teams")) == [(1, "红马甲服务队", 300)]
    assert [row.value for row in board(unit_id=team.id).rows] == []  # Nobody of them agreed to be named.
    assert board(unit_id=team.id, by=alice).own.value == 100


def test_a_workplace_is_not_ranked(board, dave, town):
    with transaction():
        office = add_unit(by=dave, name="税务局", kind="home_unit", parent_id=town.id, at=NOW)
    with pytest.raises(NotRanked):
        board(unit_id=office.id)


def test_what_is_kept_is_five_seconds_old_at_most(board, alice, serve, consent):
    consent(alice)
    serve(alice, 60, date(2026, 10, 3))
    board()
    serve(alice, 60, date(2026, 10, 4))
    later = board(is_kept=True, at=NOW + timedelta(seconds=4.9))
    assert (later.rows[0].value, later.as_of) == (100, NOW)
    fresh = board(is_kept=True, at=NOW + timedelta(seconds=5))
    assert (fresh.rows[0].value, fresh.as_of) == (200, NOW + timedelta(seconds=5))


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_who_withdraws_or_closes_is_gone_at_once_and_others_move_up(board, alice, carol, serve, consent, end):
    consent(alice, carol)
    serve(alice, 90, date(2026, 10, 3))
    serve(carol, 60, date(2026, 10, 3))
    assert [row.rank for row in board().rows] == [1, 2]
    if end == "withdraw":
        consent(alice, is_given=False)
    else:
        with transaction():
            close_account(by=alice, person_id=alice.id, at=NOW)
    assert places(board(is_kept=True)) == [(1, "柯**", 100)]


def test_only_the_first_of_thousands_are_read_but_ties_are_never_cut(board, enrol, serve, consent, monkeypatch):
    monkeypatch.setattr(persons, "FIRST_READ", 2)
    monkeypatch.setattr(persons, "CHUNK", 1)
    monkeypatch.setattr(persons, "ROWS_MAX", 2)
    members = [enrol(f"1390000001{number}") for number in range(4)]
    consent(*members)
    for number, person in enumerate(members):
        serve(person, 60, date(2026, 10, 9 - number))
    assert [row.id for row in board().rows] == [members[3].id, members[2].id]
