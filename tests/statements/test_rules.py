"""Periods, running balances, codes and ages, from plain values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.statements.codes import code
from bank.statements.rules import BadPeriod, adult_born_until, months_after, parse_month, parse_period, period_of, tidy_code

days = st.dates(date(2001, 1, 1), date(2098, 12, 31))
kinds = st.sampled_from(["week", "month", "quarter", "half", "year"])


@pytest.mark.parametrize(
    ("label", "starts_on", "ends_on"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-W43", date(2026, 10, 19), date(2026, 10, 26)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
    ],
)
def test_a_label_names_a_period(label, starts_on, ends_on):
    period = parse_period(label)
    assert (period.starts_on, period.ends_on, period.label) == (starts_on, ends_on, label)


@pytest.mark.parametrize(
    "label",
    ["", "2026-13", "2026-Q5", "2026-H3", "2025-W53", "2026-W00", "26-10", "2026-1", "2026-10-01", "２０２６-10", "2026\n"],
)
def test_anything_else_is_no_period(label):
    with pytest.raises(BadPeriod):
        parse_period(label)


def test_a_quarter_is_no_month():
    with pytest.raises(BadPeriod):
        parse_month("2026-Q4")


@given(kinds, days)
def test_a_period_holds_its_day_and_meets_its_neighbours(kind, day):
    period = period_of(kind, day)
    assert period.starts_on <= day < period.ends_on
    assert parse_period(period.label) == period
    assert (period.before.ends_on, period.after.starts_on) == (period.starts_on, period.ends_on)


@given(days, st.integers(-200, 200))
def test_months_there_and_back(day, count):
    assert months_after(months_after(day, count), -count) == day.replace(day=1)


@pytest.mark.parametrize(
    ("day", "until"),
    [(date(2026, 10, 15), date(2008, 10, 15)), (date(2028, 2, 29), date(2010, 2, 28)), (date(2026, 3, 1), date(2008, 3, 1))],
)
def test_of_age_at_eighteen(day, until):
    assert adult_born_until(day) == until


def test_a_code_depends_on_member_month_and_secret_and_on_nothing_else():
    october = code(person_key="a", month=date(2026, 10, 1), secret=b"s")
    assert october == code(person_key="a", month=date(2026, 10, 1), secret=b"s") and len(october) == 16
    others = {
        code(person_key="b", month=date(2026, 10, 1), secret=b"s"),
        code(person_key="a", month=date(2026, 11, 1), secret=b"s"),
        code(person_key="a", month=date(2026, 10, 1), secret=b"t"),
    }
    assert len(others | {october}) == 4


def test_a_code_may_be_typed_as_people_type():
    assert tidy_code(" 8E88-489C 342d-54ba ") == "8e88489c342d54ba"
