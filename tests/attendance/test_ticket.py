"""Codes: good while they are on the screen and a moment longer, for one activity, and for nobody who makes one up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.attendance import ticket
from bank.attendance.rules import CodeExpired, CodeUnknown
from bank.attendance.ticket import Scan

AT = datetime(2026, 10, 15, 1, 0, tzinfo=UTC)  # A code begins at this very second.
SECRET, KEY, OTHER_KEY = "a secret of the bank", "activity-key-1", "activity-key-2"
SECOND = timedelta(seconds=1)


def link(at: datetime = AT, key: str = KEY, number: int = 7) -> str:
    return ticket.link_code(number, key, secret=SECRET, at=at)


def read(code: str, at: datetime, key: str = KEY) -> Scan:
    return ticket.read(code, key, secret=SECRET, at=at)


def right(scanned_at: datetime = AT, way: str = "link", number: int = 7) -> str:
    return ticket.right(number, KEY, secret=SECRET, scan=Scan(scanned_at, way))


def test_the_code_changes_every_15_seconds() -> None:
    assert link(AT) == link(AT + 14 * SECOND) != link(AT + 15 * SECOND)
    assert [ticket.seconds_left(AT + each * SECOND) for each in (0, 14, 15)] == [15, 1, 15]


@pytest.mark.parametrize("age", [-5, 0, 14, 19])
def test_a_code_is_good_for_its_slot_and_five_seconds_more(age: int) -> None:
    assert read(link(), AT + age * SECOND) == Scan(AT + age * SECOND, "link")


@pytest.mark.parametrize("age", [20, 21, 60, 3599, 7 * 3600])
def test_a_code_from_a_photo_comes_too_late(age: int) -> None:
    with pytest.raises(CodeExpired):
        read(link(), AT + age * SECOND)


def test_a_clock_that_was_set_back_makes_nobody_earlier() -> None:
    with pytest.raises(CodeUnknown):
        read(link(), AT - 3600 * SECOND)
    with pytest.raises(CodeExpired):
        read(right(), AT - 3600 * SECOND)


def test_a_code_opens_one_activity() -> None:
    with pytest.raises(CodeUnknown):
        read(link(), AT, key=OTHER_KEY)


def test_a_code_of_another_bank_opens_nothing() -> None:
    foreign = ticket.link_code(7, KEY, secret="another secret", at=AT)
    with pytest.raises(CodeUnknown):
        read(foreign, AT)


def test_a_changed_number_does_not_move_a_code_to_another_activity() -> None:
    moved = link(number=8)
    assert ticket.activity_id(moved) == 8
    with pytest.raises(CodeUnknown):
        read(moved, AT, key=OTHER_KEY)


WRONG = ["", "A", "0O1I", "K7" * 60, "签到", "../..", "1-2-L-3", "7-1790000000-X-" + "A" * 16, "\x00", "' OR 1=1"]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_code_is_refused(wrong: str) -> None:
    with pytest.raises(CodeUnknown):
        read(wrong, AT)


def test_small_letters_and_blanks_are_the_same_code() -> None:
    assert read(f" {link().lower()} ", AT).way == "link"


@pytest.mark.parametrize("age", [0, 59, 60, 119])
def test_a_typed_code_lasts_a_minute_longer_than_it_is_shown(age: int) -> None:
    typed = ticket.typed_code(KEY, secret=SECRET, at=AT)
    assert len(typed) == 6
    assert read(f"{typed[:3]} {typed[3:].lower()}", AT + age * SECOND).way == "typed"
    assert ticket.is_typed(typed, KEY, secret=SECRET, at=AT + age * SECOND)


def test_a_typed_code_ends() -> None:
    typed = ticket.typed_code(KEY, secret=SECRET, at=AT)
    assert not ticket.is_typed(typed, KEY, secret=SECRET, at=AT + 120 * SECOND)
    with pytest.raises(CodeExpired):
        read(typed, AT + 120 * SECOND)


@pytest.mark.parametrize("way", ["link", "typed"])
def test_a_right_keeps_the_instant_of_the_scan_for_five_minutes(way: str) -> None:
    assert read(right(way=way), AT + 300 * SECOND) == Scan(AT, way)


def test_a_right_ends_after_five_minutes() -> None:
    with pytest.raises(CodeExpired):
        read(right(), AT + 301 * SECOND)


def test_a_right_cannot_be_made_earlier() -> None:
    number, second, way, mac = right().split("-")
    for changed in (f"{number}-{int(second) - 60}-{way}-{mac}", f"{number}-{second}-T-{mac}", f"8-{second}-{way}-{mac}"):
        with pytest.raises(CodeUnknown):
            read(changed, AT, key=KEY if changed[0] == "7" else OTHER_KEY)


def test_no_code_has_letters_that_look_alike() -> None:
    assert not set("01OI") & set(link() + ticket.typed_code(KEY, secret=SECRET, at=AT) + ticket.ALPHABET)


def test_the_link_is_short() -> None:
    assert len(link(number=20_000)) == 13


@given(st.integers(min_value=1, max_value=2**63 - 1))
def test_every_number_is_found_in_its_code(number: int) -> None:
    assert ticket.activity_id(link(number=number)) == number
    if number < 10**18:
        assert ticket.activity_id(right(number=number)) == number


@given(st.text(max_size=40))
def test_made_up_codes_open_nothing(text: str) -> None:
    with pytest.raises(CodeUnknown):
        read(text, AT)
