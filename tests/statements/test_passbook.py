"""The passbook: balances now, the open months' lines newest first, one month when asked, stars."""

from datetime import date, time

import pytest

from bank.clock import local_instant
from bank.people.rules import PersonNotFound
from bank.statements import queries
from bank.statements.rules import Balances

SEPTEMBER = date(2026, 9, 1)
NOW = local_instant(date(2026, 10, 20), time(12))


def test_newest_first_with_the_balance_after_each(alice, serve, redeem):
    serve(alice, 120, date(2026, 10, 3))
    redeem(alice, 50, date(2026, 10, 9))
    book = queries.passbook(person_id=alice.id, at=NOW)
    assert [(line.what, line.points_after) for line in book.lines] == [("毛巾", 150), ("清扫楼道", 200)]
    assert book.balances == Balances(points=150, minutes=120)


def test_all_open_months_are_shown_and_closed_ones_are_not(alice, serve, issue):
    for day in (date(2026, 8, 3), date(2026, 9, 3), date(2026, 10, 3)):
        serve(alice, 60, day)
    issue(date(2026, 8, 1))
    book = queries.passbook(person_id=alice.id, at=NOW)
    assert [line.effective_on for line in book.lines] == [date(2026, 10, 3), date(2026, 9, 3)]
    assert [line.points_after for line in book.lines] == [300, 200]


@pytest.mark.parametrize(("month", "after"), [(date(2026, 8, 1), 100), (date(2026, 9, 1), 200), (date(2026, 10, 1), 300)])
def test_one_month_closed_or_open(alice, serve, issue, month, after):
    for day in (date(2026, 8, 3), date(2026, 9, 3), date(2026, 10, 3)):
        serve(alice, 60, day)
    issue(date(2026, 8, 1))
    book = queries.passbook(person_id=alice.id, month=month, at=NOW)
    assert [(line.effective_on.month, line.points_after) for line in book.lines] == [(month.month, after)]


def test_months_to_choose_from_reach_back_to_the_first(alice, serve, issue):
    serve(alice, 60, date(2026, 8, 3))
    issue(date(2026, 8, 1))
    book = queries.passbook(person_id=alice.id, at=NOW)
    assert book.months == [date(2026, 10, 1), date(2026, 9, 1), date(2026, 8, 1)]


def test_the_trend_has_a_point_for_each_months_end_and_now(alice, serve, issue):
    for day in (date(2026, 8, 3), date(2026, 9, 3), date(2026, 10, 3)):
        serve(alice, 60, day)
    issue(SEPTEMBER)
    assert queries.passbook(person_id=alice.id, at=NOW).trend == [
        (date(2026, 8, 1), 100), (date(2026, 9, 1), 200), (date(2026, 10, 1), 300)]  # fmt: skip


def test_redeeming_takes_no_star_away(alice, serve, redeem):
    for day in range(1, 26):
        serve(alice, 240, date(2026, 9, day))
    redeem(alice, 9000, date(2026, 10, 9))
    honour = queries.passbook(person_id=alice.id, at=NOW).honour
    assert (honour.stars, honour.minutes, honour.minutes_missing) == (1, 6000, 12000)


def test_an_empty_passbook_says_so(charlie):
    book = queries.passbook(person_id=charlie.id, at=NOW)
    assert (book.lines, book.balances) == ([], Balances(0, 0))


def test_nobodys_passbook_is_not_found(app):
    with pytest.raises(PersonNotFound):
        queries.passbook(person_id=999_999, at=NOW)
