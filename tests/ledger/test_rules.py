"""Decisions about entries need no database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.ledger.rules import (
    AMOUNT_MAX,
    TRANSFERS_MAX,
    BadEntry,
    Expiry,
    NewEntry,
    NewTransfer,
    check,
    due_before,
    expiring,
    fingerprint,
    opposite,
    with_shortfall,
)

ENTRY = NewEntry(
    key="k", kind="deposit", effective_on=date(2026, 10, 5), transfers=(NewTransfer("points", 1, 2, 100),), recorded_by="bob"
)


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1, 1.0, True, "1"])
def test_an_amount_is_a_whole_number_above_zero(amount: object) -> None:
    with pytest.raises(BadEntry):
        check(ENTRY._replace(transfers=(NewTransfer("points", 1, 2, amount),)))  # type: ignore[arg-type]


@pytest.mark.parametrize("transfer", [NewTransfer("points", 1, 1, 1), NewTransfer("yuan", 1, 2, 1)])
def test_a_transfer_has_two_accounts_and_a_known_unit(transfer: NewTransfer) -> None:
    with pytest.raises(BadEntry):
        check(ENTRY._replace(transfers=(transfer,)))


def test_an_entry_without_transfers_is_none() -> None:
    with pytest.raises(BadEntry):
        check(ENTRY._replace(transfers=()))


@pytest.mark.parametrize(("key", "transfer_count"), [("k", 1), ("k" * 100, 1), ("k", TRANSFERS_MAX)])
def test_the_longest_key_and_the_largest_entry_are_fine(key: str, transfer_count: int) -> None:
    check(ENTRY._replace(key=key, transfers=ENTRY.transfers * transfer_count))


@pytest.mark.parametrize(("key", "transfer_count"), [("", 1), ("k" * 101, 1), ("k", TRANSFERS_MAX + 1)])
def test_one_more_is_too_much_and_the_refusal_names_the_key(key: str, transfer_count: int) -> None:
    with pytest.raises(BadEntry) as refused:
        check(ENTRY._replace(key=key, transfers=ENTRY.transfers * transfer_count))
    assert refused.value.details == {"key": key[:100]}


@pytest.mark.parametrize("amount", [1, AMOUNT_MAX])
def test_the_smallest_and_the_largest_amount_are_fine(amount: int) -> None:
    check(ENTRY._replace(transfers=(NewTransfer("minutes", 1, 2, amount),)))


@pytest.mark.parametrize("transfer", [NewTransfer("points", 1, 2, 0), NewTransfer("yuan", 1, 2, 1)])
def test_a_refused_transfer_is_told_by_the_key_of_its_entry(transfer: NewTransfer) -> None:
    with pytest.raises(BadEntry) as refused:
        check(ENTRY._replace(transfers=(*ENTRY.transfers, transfer)))
    assert refused.value.details == {"key": "k"}


def test_fingerprints_stay_what_they_were_in_the_first_release() -> None:
    """They stand in every journal: an old request that is sent again must find its own."""
    full = NewEntry(
        key="k", kind="reversal", effective_on=date(2026, 10, 5), recorded_by="bob", approved_by="dave", reason="记错了",
        rule_version=2, reverses_id=7, transfers=(NewTransfer("points", 1, 2, 100), NewTransfer("minutes", 3, 4, 60)),
    )  # fmt: skip
    assert fingerprint(full) == "c947db6fc8d42d38c4bcdea41a6cf67549dd1ddff87676bc838f99f3e87532eb"
    assert fingerprint(ENTRY) == "115263dcab5781fc5cd672607da3e4463c704567d533fa8ee878a961a475315f"


@pytest.mark.parametrize(
    ("expiry", "day", "bound"),
    [
        (Expiry("never"), date(2026, 10, 31), None),
        (Expiry("year_end"), date(2026, 12, 30), date(2026, 1, 1)),
        (Expiry("year_end"), date(2026, 12, 31), date(2027, 1, 1)),
        (Expiry("months", 1), date(2026, 10, 30), date(2026, 9, 1)),
        (Expiry("months", 1), date(2026, 10, 31), date(2026, 10, 1)),
        (Expiry("months", 10), date(2026, 10, 31), date(2026, 1, 1)),
        (Expiry("months", 11), date(2026, 10, 31), date(2025, 12, 1)),
        (Expiry(), date(2026, 10, 31), date(2023, 11, 1)),
    ],
)
def test_points_earned_before_this_day_have_come_to_their_end(expiry: Expiry, day: date, bound: date | None) -> None:
    assert due_before(day, expiry) == bound


@pytest.mark.parametrize(("preset", "months"), [("weekly", 1), ("months", 0), ("months", -1)])
def test_points_that_would_end_at_once_are_our_mistake(preset: str, months: int) -> None:
    with pytest.raises(AssertionError):
        Expiry(preset, months)


@pytest.mark.parametrize(
    ("earned_due", "left", "lowest", "ending"),
    [(100, 30, 500, 70), (100, 30, 50, 50), (100, 100, 500, 0), (30, 100, 500, 0), (9, 0, 0, 0)],
)
def test_what_expires_is_what_is_due_and_has_not_left(earned_due: int, left: int, lowest: int, ending: int) -> None:
    assert expiring(earned_due=earned_due, left=left, lowest=lowest) == ending


@given(st.tuples(st.none() | st.text(), st.none() | st.text()), st.tuples(st.none() | st.text(), st.none() | st.text()))
def test_two_requests_share_a_fingerprint_only_if_they_are_the_same(one: tuple[str, str], two: tuple[str, str]) -> None:
    first, second = (fingerprint(ENTRY._replace(reason=reason, approved_by=by)) for reason, by in (one, two))
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
