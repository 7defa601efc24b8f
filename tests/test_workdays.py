"""Working days: holidays, weekends worked in their stead, and years that nobody has announced yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank import workdays
from bank.workdays import is_workday, workday_after, workdays_between

days = st.dates(date(2010, 1, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("day", "is_work"),
    [
        (date(2026, 10, 1), False),  # National day, a Thursday.
        (date(2026, 10, 10), True),  # A Saturday worked for it.
        (date(2026, 10, 17), False),
        (date(2026, 10, 19), True),
    ],
)
def test_holidays_and_days_worked_for_them(day, is_work):
    assert is_workday(day) is is_work


def test_three_working_days_reach_over_the_national_holiday():
    assert workday_after(date(2026, 9, 29), 3) == date(2026, 10, 9)


def test_a_weekend_does_not_count():
    assert workday_after(date(2026, 10, 15), 3) == date(2026, 10, 20)


def test_without_a_calendar_weekends_are_free_and_the_log_says_so_once(caplog):
    workdays._warn.cache_clear()
    assert [is_workday(date(2090, 10, day)) for day in (1, 2, 3)] == [False, True, True]
    assert [each.message for each in caplog.records] == [
        "The holidays of 2090 are not known here; only weekends count as days off."
    ]


def test_this_year_is_known():
    assert workdays.is_known(2026) and not workdays.is_known(2090)


@given(days, st.integers(1, 30))
def test_counting_there_and_back_agrees(day, count):
    there = workday_after(day, count)
    assert is_workday(there) and workdays_between(day, there) == count


@given(days, st.integers(0, 60))
def test_no_day_is_counted_twice(day, length):
    middle, end = day + timedelta(days=length // 2), day + timedelta(days=length)
    assert workdays_between(day, end) == workdays_between(day, middle) + workdays_between(middle, end)


def test_nothing_lies_between_a_day_and_an_earlier_one():
    assert workdays_between(date(2026, 10, 15), date(2026, 10, 1)) == 0
