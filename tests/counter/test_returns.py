"""What was handed over comes back when a second person agrees; the points come back as old as they were."""

from datetime import timedelta

import pytest

from bank.counter import actions, queries, rules
from bank.db import db, transaction
from bank.ledger.models import JournalEntry
from bank.ledger.queries import balance, trial_balance
from bank.people import actions as people
from bank.people.rules import RoleMissing
from bank.rewards.queries import movements, wrong_batches
from bank.rewards.rules import ReasonMissing
from tests import cast

WEEK = timedelta(days=7)


@pytest.fixture
def redemption(alice, carol, rice, give, redeem):
    """Two bags of rice for alice, who had ten points."""
    give(alice, 1000)
    return redeem(carol, alice, rice, 2)


@pytest.fixture
def ask(redemption, at):
    """Bring it back a week later: `ask(carol)`."""

    def bring(by, reason="米里有虫"):
        with transaction():
            return actions.ask_return(by=by, redemption_id=redemption.id, reason=reason, at=at + WEEK)

    return bring


@pytest.fixture
def approve(redemption, at):
    """Agree: `approve(dave)`."""

    def agree(by, *, is_usable=True):
        with transaction():
            return actions.approve_return(by=by, redemption_id=redemption.id, is_usable=is_usable, at=at + WEEK)

    return agree


def test_asking_alone_moves_nothing(alice, carol, rice, ask):
    assert ask(carol).state == "return_asked"
    assert (balance(alice.points_account_id), rice.stock) == (400, 3)


def test_approved_by_another_everything_is_back(alice, carol, dave, rice, ask, approve):
    ask(carol)
    done = approve(dave)
    assert (done.state, balance(alice.points_account_id), rice.stock) == ("returned", 1000, 5)
    assert trial_balance() == {"points": 0} and wrong_batches() == []


def test_the_opposite_entry_names_both_and_the_way_back(carol, dave, redemption, ask, approve):
    ask(carol)
    entry = db.session.get_one(JournalEntry, approve(dave).undo_entry_id)
    assert (entry.reverses_id, entry.recorded_by, entry.approved_by) == (redemption.entry_id, carol.key, dave.key)
    assert entry.reason == "returned"
    assert redemption.steps[-1].reason == "米里有虫"
    assert [each.kind for each in redemption.steps] == ["handed_over", "return_asked", "returned"]


def test_what_cannot_be_given_again_is_written_off(alice, carol, dave, rice, ask, approve):
    ask(carol)
    approve(dave, is_usable=False)
    assert (balance(alice.points_account_id), rice.stock) == (1000, 3)
    assert sorted(each.kind for each in movements(rice.id)) == ["handed_over", "received", "returned", "written_off"]


def test_who_asked_does_not_approve(dave, ask, approve):
    ask(dave)
    with pytest.raises(rules.ReturnNeedsSecond):
        approve(dave)


@pytest.mark.parametrize("who", ["carol", "bob", "erin", "charlie"])
def test_only_an_admin_approves(request, carol, ask, approve, who):
    ask(carol)
    with pytest.raises(RoleMissing):
        approve(request.getfixturevalue(who))


def test_nobody_approves_their_own(alice, carol, community, ask, approve):
    ask(carol)
    with transaction():
        people.grant_role(by=None, person_id=alice.id, role="admin", unit_id=community.id, at=cast.AT)
    with pytest.raises(rules.NotForYourself):
        approve(alice)


def test_refused_it_stays_handed_over_and_may_be_asked_again(alice, carol, dave, redemption, ask, at):
    ask(carol)
    with transaction():
        actions.refuse_return(by=dave, redemption_id=redemption.id, reason="已经开封", at=at + WEEK)
    assert (redemption.state, balance(alice.points_account_id)) == ("handed_over", 400)
    assert ask(carol).state == "return_asked"


def test_a_return_that_nobody_asked_for_is_not_settled(dave, approve):
    with pytest.raises(rules.ReturnNotAsked):
        approve(dave)


def test_it_is_settled_once(carol, dave, ask, approve):
    ask(carol)
    approve(dave)
    with pytest.raises(rules.ReturnNotAsked):
        approve(dave)


def test_what_was_undone_is_not_returned(carol, redemption, ask, at):
    with transaction():
        actions.undo(by=carol, redemption_id=redemption.id, reason="拿错了", at=at)
    with pytest.raises(rules.NotHandedOver):
        ask(carol)


def test_a_return_needs_a_reason(carol, ask):
    with pytest.raises(ReasonMissing):
        ask(carol, reason=" ")


def test_admins_and_auditors_see_what_waits(alice, carol, dave, erin, charlie, redemption, ask):
    ask(carol)
    assert queries.returns_asked(dave) == queries.returns_asked(erin) == [redemption]
    assert queries.returns_asked(carol) == queries.returns_asked(charlie) == []
