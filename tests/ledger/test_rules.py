"""Decisions about entries need no database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.ledger.rules import AMOUNT_MAX, BadEntry, NewEntry, NewTransfer, check, fingerprint, opposite, with_shortfall

ENTRY = NewEntry(
    key="k", kind="deposit", effective_on=date(2026, 10, 5), transfers=(NewTransfer("points", 1, 2, 100),), recorded_by="bob"
)


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1, 1.0, True, "1"])
def test_an_amount_is_a_whole_number_above_zero(amount: object) -> None:
    with pytest.raises(BadEntry):
        check(replace(ENTRY, transfers=(NewTransfer("points", 1, 2, amount),)))  # type: ignore[arg-type]


@pytest.mark.parametrize("transfer", [NewTransfer("points", 1, 1, 1), NewTransfer("yuan", 1, 2, 1)])
def test_a_transfer_has_two_accounts_and_a_known_unit(transfer: NewTransfer) -> None:
    with pytest.raises(BadEntry):
        check(replace(ENTRY, transfers=(transfer,)))


def test_an_entry_without_transfers_is_none() -> None:
    with pytest.raises(BadEntry):
        check(replace(ENTRY, transfers=()))


@given(st.tuples(st.none() | st.text(), st.none() | st.text()), st.tuples(st.none() | st.text(), st.none() | st.text()))
def test_two_requests_share_a_fingerprint_only_if_they_are_the_same(one: tuple[str, str], two: tuple[str, str]) -> None:
    first, second = (fingerprint(replace(ENTRY, reason=reason, approved_by=by)) for reason, by in (one, two))
    assert (first == second) == (one == two)


def test_opposite_twice_is_the_same() -> None:
    assert opposite(opposite(ENTRY.transfers)) == ENTRY.transfers


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (500, [(2, 100)]),
        (100, [(2, 100)]),
        (40, [(2, 40), (9, 60)]),
        (0, [(9, 100)]),
    ],
)
def test_shortfall_stands_for_what_an_account_does_not_hold(held: int, expected: list[tuple[int, int]]) -> None:
    parts = with_shortfall(opposite(ENTRY.transfers), held={2: held}, shortfall_id=9)
    assert [(each.debit_id, each.amount) for each in parts] == expected
    assert {each.credit_id for each in parts} == {1}


def test_two_transfers_share_what_one_account_holds() -> None:
    parts = with_shortfall([NewTransfer("points", 2, 1, 60), NewTransfer("points", 2, 3, 60)], held={2: 100}, shortfall_id=9)
    assert [(each.debit_id, each.credit_id, each.amount) for each in parts] == [(2, 1, 60), (2, 3, 40), (9, 3, 20)]


def test_only_points_of_accounts_with_a_floor_fall_short() -> None:
    transfers = [NewTransfer("minutes", 2, 1, 60), NewTransfer("points", 5, 1, 60), NewTransfer("points", 5, 3, 60)]
    assert list(with_shortfall(transfers, held={2: 0}, shortfall_id=9)) == transfers
