"""A redemption is undone by opposite records, on a short leash."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bank.counter import actions, rules
from bank.counter.queries import may_undo
from bank.db import db, transaction
from bank.ledger.models import JournalEntry
from bank.ledger.queries import balance, history, trial_balance
from bank.people import actions as people
from bank.people.rules import RoleMissing
from bank.privacy import actions as privacy
from bank.rewards.queries import movements
from bank.rewards.rules import ReasonMissing
from tests import cast

QUARTER = timedelta(minutes=15)


@pytest.fixture
def redemption(alice, carol, rice, give, redeem):
    """Two bags of rice for alice, who had ten points."""
    give(alice, 1000)
    return redeem(carol, alice, rice, 2)


@pytest.fixture
def undo(redemption, at):
    """Undo it: `undo(carol, after=QUARTER)`."""

    def take_back(by, *, after=timedelta(), reason="拿错了"):
        with transaction():
            return actions.undo(by=by, redemption_id=redemption.id, reason=reason, at=at + after)

    return take_back


def test_points_and_pieces_come_back(alice, carol, rice, undo):
    undo(carol, after=QUARTER)
    assert balance(alice.points_account_id) == 1000
    assert rice.stock == 5
    assert trial_balance() == {"points": 0}


def test_both_entries_stay_and_name_each_other(alice, carol, redemption, undo):
    undone = undo(carol)
    last = history(alice.points_account_id)[-1]
    assert (last.entry_id, last.amount, last.reverses_id, last.reason) == (
        undone.undo_entry_id,
        600,
        redemption.entry_id,
        "undone",
    )
    assert undone.undone_by_id == carol.id


def test_a_name_that_was_typed_as_reason_goes_with_the_person(alice, carol, dave, redemption, undo, at):
    name = alice.name
    undo(carol, reason=f"{name}拿错了")
    assert name in redemption.steps[-1].reason
    with transaction():
        privacy.erase(by=dave, person_id=alice.id, at=at)
    db.session.expire_all()
    typed = [each.reason for each in redemption.steps] + list(db.session.scalars(select(JournalEntry.reason)))
    assert [each for each in typed if each and name in each] == []


def test_the_pieces_return_by_a_movement_of_their_own(carol, rice, redemption, undo):
    undo(carol)
    moved = sorted((each.kind, each.quantity) for each in movements(rice.id))
    assert moved == [("handed_over", -2), ("received", 5), ("returned", 2)]


def test_what_was_undone_does_not_count_for_the_limit(alice, carol, rice, undo, redeem):
    undo(carol)
    redeem(carol, alice, rice, 2)
    assert rice.stock == 3


def test_twice_is_refused(alice, carol, rice, undo):
    undo(carol)
    with pytest.raises(rules.AlreadyUndone):
        undo(carol)
    assert balance(alice.points_account_id) == 1000
    assert rice.stock == 5


def test_after_fifteen_minutes_the_clerk_is_too_late(alice, carol, undo):
    with pytest.raises(rules.UndoTooLate):
        undo(carol, after=QUARTER + timedelta(seconds=1))
    assert balance(alice.points_account_id) == 400


def test_after_fifteen_minutes_an_admin_still_may(alice, dave, undo):
    undo(dave, after=timedelta(days=3))
    assert balance(alice.points_account_id) == 1000


def test_another_clerk_of_the_same_counter_may_as_long(alice, bob, community, undo):
    with transaction():
        people.grant_role(by=None, person_id=bob.id, role="clerk", unit_id=community.id, at=cast.AT)
    with pytest.raises(rules.UndoTooLate):
        undo(bob, after=QUARTER + timedelta(seconds=1))
    undo(bob, after=QUARTER)
    assert balance(alice.points_account_id) == 1000


def test_a_clerk_of_another_counter_may_not(charlie, other_community, undo):
    with transaction():
        people.grant_role(by=None, person_id=charlie.id, role="clerk", unit_id=other_community.id, at=cast.AT)
    with pytest.raises(RoleMissing):
        undo(charlie)


@pytest.mark.parametrize("who", ["bob", "erin", "charlie"])
def test_who_has_no_counter_may_not(request, app, who, undo):
    by = request.getfixturevalue(who)
    with pytest.raises(RoleMissing):
        undo(by)


def test_nobody_takes_back_their_own(alice, community, undo):
    with transaction():
        people.grant_role(by=None, person_id=alice.id, role="admin", unit_id=community.id, at=cast.AT)
    with pytest.raises(rules.NotForYourself):
        undo(alice)


@pytest.mark.parametrize("reason", ["", "   ", "字" * 201])
def test_a_reason_is_needed(carol, undo, reason):
    with pytest.raises(ReasonMissing):
        undo(carol, reason=reason)


def test_an_unknown_redemption_is_not_found(carol, at):
    with pytest.raises(rules.RedemptionNotFound), transaction():
        actions.undo(by=carol, redemption_id=10**9, reason="拿错了", at=at)


def test_the_page_offers_to_undo_only_what_may_be_undone(alice, carol, dave, redemption, undo, at):
    late = at + timedelta(hours=1)
    assert may_undo(carol, redemption, at=at) and may_undo(dave, redemption, at=late)
    assert not may_undo(carol, redemption, at=late) and not may_undo(alice, redemption, at=at)
    undo(carol)
    assert not may_undo(dave, redemption, at=late)
