"""A community service is agreed, done, or not done and paid back."""

from datetime import timedelta

import pytest

from bank.counter import actions, appointments, queries, rules
from bank.db import transaction
from bank.ledger.queries import balance
from bank.people.rules import RoleMissing
from bank.rewards.rules import ReasonMissing

DAY = timedelta(days=1)


@pytest.fixture
def asked(alice, carol, haircut, give, redeem):
    """Alice redeemed a haircut for two of her ten points."""
    give(alice, 1000)
    return redeem(carol, alice, haircut).appointment


@pytest.fixture
def agree(asked, at):
    """Agree on tomorrow: `agree(carol)`."""

    def on_a_day(by, after=DAY, performer="王师傅"):
        with transaction():
            return appointments.agree(
                by=by, appointment_id=asked.id, agreed_for=at + after, performer=performer, note="上午", at=at
            )

    return on_a_day


def test_a_redeemed_service_asks_for_an_appointment(asked):
    assert (asked.state, [each.state for each in asked.steps]) == ("asked", ["asked"])


def test_goods_ask_for_none(alice, carol, rice, give, redeem):
    give(alice, 300)
    assert redeem(carol, alice, rice).appointment is None


def test_the_day_and_who_does_it_are_agreed_and_changed(carol, asked, agree, at):
    agree(carol)
    agree(carol, after=2 * DAY, performer="李师傅")
    assert (asked.state, asked.agreed_for, asked.performer) == ("agreed", at + 2 * DAY, "李师傅")
    assert [(each.state, each.by_id) for each in asked.steps][1:] == [("agreed", carol.id)] * 2


def test_an_organizer_agrees_too(bob, asked, agree):
    assert agree(bob).state == "agreed"


@pytest.mark.parametrize("who", ["erin", "alice"])
def test_who_has_no_work_there_agrees_nothing(request, agree, who):
    with pytest.raises(RoleMissing):
        agree(request.getfixturevalue(who))


def test_a_stranger_finds_no_appointment(charlie, agree):
    with pytest.raises(rules.AppointmentNotFound):
        agree(charlie)


def test_done_it_is_over(carol, asked, agree, at):
    agree(carol)
    with transaction():
        appointments.finish(by=carol, appointment_id=asked.id, note="很满意", at=at + DAY)
    with pytest.raises(rules.AppointmentSettled):
        agree(carol)
    assert (asked.state, asked.steps[-1].note) == ("done", "很满意")


def test_not_done_the_points_come_back(alice, carol, asked, agree, at):
    agree(carol)
    with transaction():
        appointments.give_up(by=carol, appointment_id=asked.id, reason="师傅生病", at=at + DAY)
    assert (asked.state, asked.redemption.state) == ("not_done", "returned")
    assert balance(alice.points_account_id) == 1000


def test_not_done_needs_a_reason(alice, carol, asked, at):
    with pytest.raises(ReasonMissing), transaction():
        appointments.give_up(by=carol, appointment_id=asked.id, reason="", at=at)
    assert balance(alice.points_account_id) == 800


def test_paid_back_once(alice, carol, asked, at):
    with transaction():
        appointments.give_up(by=carol, appointment_id=asked.id, reason="师傅生病", at=at)
    with pytest.raises(rules.AppointmentSettled), transaction():
        appointments.give_up(by=carol, appointment_id=asked.id, reason="师傅生病", at=at)
    assert balance(alice.points_account_id) == 1000


def test_an_undone_redemption_is_not_agreed(carol, asked, agree, at):
    with transaction():
        actions.undo(by=carol, redemption_id=asked.redemption_id, reason="点错了", at=at)
    with pytest.raises(rules.AppointmentSettled):
        agree(carol)


def test_staff_list_what_is_to_be_done(alice, carol, bob, charlie, asked, agree):
    agree(carol)
    assert queries.appointments(carol) == queries.appointments(bob) == [asked]
    assert queries.appointments(charlie) == queries.appointments(alice) == []
