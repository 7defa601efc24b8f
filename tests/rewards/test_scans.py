"""What a scan at the desk means: numbers are told apart by their length, quantities by the times sign."""

import pytest

from bank.rewards.rules import BadQuantity
from bank.rewards.scans import Scan, read


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "nothing"),
        (" \t\r", "nothing"),
        ("1234567890", "card"),
        ("13800000001", "card"),
        ("１３８０００００００１", "card"),
        ("12345678", "pick_up"),
        ("0001", "search"),
        ("101", "search"),
        ("安丽", "search"),
        ("123456789012", "search"),
    ],
)
def test_with_nobody_at_hand_numbers_name_members(text, kind):
    assert read(text, has_member=False).kind == kind


@pytest.mark.parametrize("text", ["101", "１０１", "10", "1234567", "\x02101\r"])
def test_with_a_member_at_hand_short_numbers_name_rewards(text):
    assert read(text, has_member=True).kind == "reward"


def test_a_card_is_a_card_whoever_is_at_hand():
    assert read("1234567890", has_member=True, has_reward=True) == Scan(kind="card", text="1234567890")


@pytest.mark.parametrize("text", ["3*101", "3x101", "3×101", "３＊１０１", "03*101"])
def test_three_times_a_number_are_three_pieces(text):
    assert read(text, has_member=True) == Scan(kind="reward", text="101", quantity=3)


@pytest.mark.parametrize("text", ["*3", "×3", "3", "＊３"])
def test_before_the_last_look_a_single_digit_is_a_quantity(text):
    assert read(text, has_member=True, has_reward=True) == Scan(kind="quantity", quantity=3)


@pytest.mark.parametrize("text", ["*0", "0", "*100", "0*101", "100*101", "*" + "9" * 40])
def test_a_quantity_that_cannot_be_meant_is_refused(text):
    with pytest.raises(BadQuantity):
        read(text, has_member=True, has_reward=True)


@pytest.mark.parametrize("text", ["²", "①", "٣", "3**101", "*", "x", "-3", "3*1", "'; --"])
def test_what_looks_like_a_number_and_is_none_is_only_searched_for(text):
    assert read(text, has_member=True).kind == "search"
