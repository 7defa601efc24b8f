"""Phone numbers, card numbers and birthdays as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.people import rules


@pytest.mark.parametrize(
    "phone",
    ["13812345678", "138 1234 5678", "138-1234-5678", "+86 138 1234 5678", "+8613812345678", "008613812345678", "8613812345678",
     "１３８１２３４５６７８", "　138 1234　5678 ", "(138)1234.5678"],
)  # fmt: skip
def test_a_phone_is_one_number_however_it_is_typed(phone):
    assert rules.clean_phone(phone) == "13812345678"


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "1381234567",
        "138123456789",
        "12812345678",
        "03812345678",
        "138123x5678",
        "+1 3812345678",
        "١٣٨١٢٣٤٥٦٧٨",
        "138\0001234567",
        "\ud800",
    ],
)
def test_what_is_no_mobile_number_is_refused(phone):
    with pytest.raises(rules.BadPhone):
        rules.clean_phone(phone)


@given(st.integers(100_000_000, 999_999_999), st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_never_makes_another_card(number, place, digit):
    card = rules.card_number(number)
    slip = card[:place] + str(digit) + card[place + 1 :]
    assert rules.is_card_number(card)
    assert slip == card or not rules.is_card_number(slip)


def test_a_birthday_on_the_29th_of_february_comes_on_the_first_of_march():
    assert rules.years_old(date(2008, 2, 29), on=date(2026, 2, 28)) == 17
    assert rules.years_old(date(2008, 2, 29), on=date(2026, 3, 1)) == 18


@pytest.mark.parametrize("born_on", [date(1899, 12, 31), date(2026, 10, 16)])
def test_nobody_was_born_before_1900_or_tomorrow(born_on):
    with pytest.raises(rules.BadBirthDate):
        rules.check_birth_date(born_on, on=date(2026, 10, 15))


@pytest.mark.parametrize("text", ["", "王", "123", "a b c", "\0\0\0\0", "王 ", "%%%%", "____"])
def test_a_search_must_name_somebody(text):
    with pytest.raises(rules.SearchTooShort):
        rules.search_text(text)
