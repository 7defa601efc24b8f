"""Decisions about entries need no database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.ledger.rules import AMOUNT_MAX, BadEntry, NewEntry, NewTransfer, check, fingerprint, opposite

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
