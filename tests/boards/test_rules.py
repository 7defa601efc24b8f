"""Ranks and places, from plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.boards.rules import Asked, BadBoard, Steps, groups_shown, ranks
from bank.statements.rules import parse_period

values = st.lists(st.integers(1, 30), min_size=1, max_size=40)


def test_equal_values_share_a_rank_and_the_next_counts_them():
    assert ranks([90, 60, 60, 10]) == [1, 2, 2, 4]


@given(values, st.integers(1, 31))
def test_a_place_is_one_more_than_those_above_it(values, own):
    rank, to_next = Steps.of((each, values.count(each)) for each in set(values)).place(own)
    above = [each for each in values if each > own]
    assert rank == 1 + len(above)
    assert to_next == (min(above) - own if above else None)


@given(values)
def test_ranks_and_places_agree(values):
    falling = sorted(values, reverse=True)
    steps = Steps.of((each, values.count(each)) for each in set(values))
    assert [steps.place(each)[0] for each in falling] == ranks(falling)


@pytest.mark.parametrize(("count", "shown"), [(0, 3), (3, 3), (6, 3), (9, 5), (200, 50)])
def test_groups_have_no_bottom_list(count, shown):
    assert groups_shown(count) == shown


@pytest.mark.parametrize("asked", [{"subject": "workplaces"}, {"measure": "balance"}])
def test_other_boards_there_are_none(asked):
    with pytest.raises(BadBoard):
        Asked(unit_id=1, period=parse_period("2026"), **asked)
