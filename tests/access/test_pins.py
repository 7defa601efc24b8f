"""PINs as people write them."""

from random import Random

import pytest

from bank.access import rules


@pytest.mark.parametrize(
    "pin", ["123456", "654321", "111111", "890123", "121212", "112211", "520131", "12345", "1234567", "abcdef", "", "12345６７"]
)
def test_a_pin_anybody_would_try_is_refused(pin):
    with pytest.raises(rules.WeakPin):
        rules.clean_pin(pin)


def test_a_pin_may_be_typed_in_full_width():
    assert rules.clean_pin("２４６８１０") == "246810"


def test_a_random_pin_is_none_that_is_refused():
    chance = Random(1)
    assert all(rules.clean_pin(rules.random_pin(chance)) for _ in range(1000))
