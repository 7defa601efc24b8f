"""Decisions about redemptions need no database."""

from datetime import date, datetime, timedelta

import pytest

from bank.counter import rules

NINE = datetime.fromisoformat("2026-10-15T09:00:00+08:00")
TODAY = date(2026, 10, 15)


def test_a_counter_undoes_within_fifteen_minutes():
    assert rules.may_counter_undo(handed_over_at=NINE, at=NINE + timedelta(minutes=15))
    assert not rules.may_counter_undo(handed_over_at=NINE, at=NINE + timedelta(minutes=15, seconds=1))
    assert not rules.may_counter_undo(handed_over_at=NINE, at=NINE - timedelta(seconds=1))


def test_a_hold_lasts_thirty_days():
    assert rules.hold_ends_on(TODAY) == date(2026, 11, 14)
    rules.check_collectable("reserved", hold_ends_on=TODAY, day=TODAY)
    with pytest.raises(rules.HoldEnded):
        rules.check_collectable("reserved", hold_ends_on=TODAY, day=TODAY + timedelta(days=1))


@pytest.mark.parametrize("state", ["handed_over", "return_asked", "undone", "returned"])
def test_what_was_fetched_is_not_fetched_again(state):
    with pytest.raises(rules.AlreadyHandedOver):
        rules.check_collectable(state, hold_ends_on=TODAY, day=TODAY)


@pytest.mark.parametrize("state", ["cancelled", "expired"])
def test_what_was_given_up_is_not_fetched(state):
    with pytest.raises(rules.HoldEnded):
        rules.check_collectable(state, hold_ends_on=TODAY, day=TODAY)


@pytest.mark.parametrize(("days", "performer"), [(-2, "李师傅"), (367, "李师傅"), (1, ""), (1, "  "), (1, "李" * 61)])
def test_an_appointment_that_cannot_be_meant_is_refused(days, performer):
    with pytest.raises(rules.BadAppointment):
        rules.check_appointment(agreed_for=NINE + timedelta(days=days), performer=performer, at=NINE)
