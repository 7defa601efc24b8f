"""Numbers, days and instants at the border: strict in JSON, forgiving in forms."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from marshmallow import ValidationError
from marshmallow.fields import Field

from bank.fields import Day, Flag, Instant, Month, Points, StrictInt, Text

# Read as numbers, the second would take a minute and the third break the reader.
LONG = ["9" * 5000, "1e900000", "1e999999999", "1e-999999999", "0" * 5000 + "1", "1." + "0" * 40 + "1"]


@pytest.mark.parametrize("value", [5, 5.0])
def test_whole_number_is_taken_as_json_means_it(value: object) -> None:
    assert StrictInt().deserialize(value) == 5


@pytest.mark.parametrize("value", ["5", 5.7, True, None, [], float("nan"), float("inf"), 2**53, -1])
def test_what_is_not_a_whole_number_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        StrictInt().deserialize(value)


@pytest.mark.parametrize(
    ("typed", "hundredths"), [("1", 100), ("1.9", 190), ("1.90", 190), ("0.05", 5), (" 2 ", 200), ("１．５", 150), (".5", 50)]
)
def test_points_typed_by_people(typed: str, hundredths: int) -> None:
    assert Points().from_text(typed) == hundredths


@pytest.mark.parametrize("typed", ["1.905", "一百", "1,5", "NaN", "Infinity", "", ".", "1e5", *LONG])
def test_points_that_cannot_be_meant_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Points().deserialize(Points().from_text(typed))


@pytest.mark.parametrize(("typed", "meant"), [("12", 12), ("007", 7), ("-3", "-3"), ("1.5", "1.5"), ("٣", "٣")])
def test_whole_numbers_typed_by_people(typed: str, meant: object) -> None:
    assert StrictInt().from_text(typed) == meant


@pytest.mark.parametrize("typed", LONG)
def test_a_number_longer_than_any_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        StrictInt().deserialize(StrictInt().from_text(typed))


@pytest.mark.parametrize("typed", ["a", "1\0", "9" * 400])
def test_a_box_is_ticked_or_not_and_nothing_else(typed: str) -> None:
    with pytest.raises(ValidationError):
        Flag().deserialize(Flag().from_text(typed))


def test_form_time_is_meant_in_the_banks_zone() -> None:
    typed = Instant().from_text("2026-10-15T09:00")
    assert Instant().deserialize(typed) == datetime(2026, 10, 15, 1, 0, tzinfo=UTC)


def test_instant_is_written_in_utc() -> None:
    at = datetime.fromisoformat("2026-10-15T09:00:00+08:00")
    assert Instant().serialize("at", {"at": at}) == "2026-10-15T01:00:00Z"


def test_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        Instant().deserialize("2026-10-15T09:00:00")


def test_month_is_its_first_day() -> None:
    assert Month().deserialize("2026-10") == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Day(), "15.10.2026"),
        (Month(), "2026-13"),
        (Flag(), 1),
        (Flag(), "yes"),
        (Text(high=5), "x" * 6),
        (Text(low=1, high=5), "  "),
        (Text(high=5), "a\x00b"),
    ],
)
def test_what_cannot_be_meant_is_refused(field: Field[Any], value: object) -> None:
    with pytest.raises(ValidationError):
        field.deserialize(value)


def test_text_loses_the_blanks_around_it() -> None:
    assert Text(high=10).deserialize("  安丽 ") == "安丽"
