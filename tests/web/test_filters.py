"""How numbers and times are written for people."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from bank.app import create_app
from bank.web import filters
from tests.server import SECRET

AT = datetime(2026, 10, 14, 16, 30, tzinfo=UTC)  # Already the 15th where the bank is.


@pytest.fixture(scope="module")
def app() -> Flask:
    """A bank of which nobody asks anything."""
    return create_app({"SECRET_KEY": SECRET})


@pytest.fixture(autouse=True)
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("hundredths", "written"), [(0, "0.00"), (5, "0.05"), (190, "1.90"), (123456, "1,234.56"), (-190, "−1.90")]
)
def test_points(hundredths: int, written: str) -> None:
    assert filters.points(hundredths) == written


@pytest.mark.parametrize(("hundredths", "written"), [(190, "+1.90"), (-190, "−1.90"), (0, "0.00")])
def test_signed_points(hundredths: int, written: str) -> None:
    assert filters.signed_points(hundredths) == written


@pytest.mark.parametrize(
    ("whole", "chinese", "english"),
    [
        (0, "0 分钟", "0 min"),
        (59, "59 分钟", "59 min"),
        (60, "1 小时", "1 h"),
        (95, "1 小时 35 分", "1 h 35 min"),
        (-95, "−1 小时 35 分", "−1 h 35 min"),
        (90000, "1,500 小时", "1,500 h"),
    ],
)
def test_minutes(whole: int, chinese: str, english: str) -> None:
    assert filters.minutes(whole) == chinese
    with force_locale("en"):
        assert filters.minutes(whole) == english


def test_one_person_is_not_people() -> None:
    assert [filters.people(count) for count in (0, 1)] == ["0 人", "1 人"]
    with force_locale("en"):
        assert [filters.people(count) for count in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_instants_are_shown_by_the_banks_clock() -> None:
    assert filters.clock_time(AT) == "00:30"
    assert filters.moment(AT) == "2026-10-15 00:30"
    assert filters.day(AT) == "2026年10月15日"
    assert filters.weekday(AT) == "10月15日 星期四"
    assert filters.for_input(AT) == "2026-10-15T00:30"


def test_days_in_english() -> None:
    with force_locale("en"):
        assert filters.day(date(2026, 10, 15)) == "Oct 15, 2026"
        assert filters.month(date(2026, 10, 1)) == "October 2026"
