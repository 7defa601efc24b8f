"""A one-time code from the desk sets a PIN once; it runs out, can be ended, and gives nobody more than the desk may give."""

from datetime import timedelta

import pytest

from bank.access import actions, queries, rules
from bank.access.models import Invitation
from bank.db import db, transaction
from bank.people import changes
from bank.people.actions import enrol, grant_role
from bank.people.models import Change
from bank.people.rules import NewPerson, PersonNotFound, RoleMissing
from tests import cast
from tests.cases import cases


@pytest.fixture
def newcomer(app, community, at):
    with transaction():
        return enrol(by=None, new=NewPerson(name="曾国强", phone="13812345678", unit_id=community.id), at=at)


def invite(by, person, at):
    with transaction():
        return actions.invite(by=by, person_id=person.id, at=at)


def activate(code, at, pin="975310"):
    with transaction():
        return actions.activate(code=code, pin=pin, at=at)


def test_who_has_the_code_sets_the_pin_and_signs_in(dave, newcomer, at):
    _, code = invite(dave, newcomer, at)
    assert activate(code, at) == newcomer
    assert queries.sign_in(login="13812345678", pin="975310") == newcomer


@pytest.mark.parametrize("typed", ["{0} {1} {2}", "{0}-{1}-{2}", " {0}{1}{2} "])
def test_the_code_may_be_typed_in_groups_and_small_letters(typed, dave, newcomer, at):
    _, code = invite(dave, newcomer, at)
    groups = rules.shown_code(code).lower().split()
    assert activate(typed.format(*groups), at) == newcomer


def test_a_code_counts_once(dave, newcomer, at):
    _, code = invite(dave, newcomer, at)
    activate(code, at)
    with pytest.raises(rules.InvitationOver):
        activate(code, at, pin="864209")
    assert queries.sign_in(login="13812345678", pin="975310") == newcomer


def test_a_code_runs_out_after_a_week(dave, newcomer, at):
    _, code = invite(dave, newcomer, at)
    with pytest.raises(rules.InvitationOver):
        activate(code, at + timedelta(days=7))
    activate(code, at + timedelta(days=7, seconds=-1))


def test_a_new_code_ends_the_old_one(dave, newcomer, at):
    (_, old), (_, new) = invite(dave, newcomer, at), invite(dave, newcomer, at)
    with pytest.raises(rules.InvitationOver):
        activate(old, at)
    activate(new, at)


def test_a_code_can_be_ended(dave, newcomer, at):
    _, code = invite(dave, newcomer, at)
    with transaction():
        actions.revoke_invitation(by=dave, person_id=newcomer.id, at=at)
    assert queries.open_invitation(newcomer.id, at) is None
    with pytest.raises(rules.InvitationOver):
        activate(code, at)


def test_a_weak_pin_leaves_the_code_as_it_is(dave, newcomer, at):
    _, code = invite(dave, newcomer, at)
    with pytest.raises(rules.WeakPin):
        activate(code, at, pin="123456")
    activate(code, at)


@cases("code", ["", "x", "0" * 12, "A" * 12, "\0", "\ud800", "' OR 1=1 --", "A" * 100_000])
def test_a_made_up_code_is_unknown(code, app, at):
    with pytest.raises(rules.InvitationNotFound):
        activate(code, at)


def test_the_database_keeps_no_code(dave, newcomer, at):
    made, code = invite(dave, newcomer, at)
    assert code not in made.code_hash
    assert len(made.code_hash) == 64


def test_until_the_code_is_used_the_old_pin_counts(dave, alice, at):
    _, code = invite(dave, alice, at)
    assert queries.sign_in(login=alice.phone, pin=cast.PIN) == alice
    activate(code, at)
    with pytest.raises(rules.SignInRefused):
        queries.sign_in(login=alice.phone, pin=cast.PIN)


def test_setting_a_pin_at_the_desk_ends_the_code_that_is_out(dave, alice, at):
    _, code = invite(dave, alice, at)
    with transaction():
        actions.set_pin(by=dave, person_id=alice.id, pin="975310", at=at)
    with pytest.raises(rules.InvitationOver):
        activate(code, at)


def test_only_who_holds_power_over_all_that_a_person_may_do_invites(frank, charlie, alice, dave, at):
    invite(frank, charlie, at)
    with pytest.raises(PersonNotFound):
        invite(frank, alice, at)
    with transaction():
        grant_role(by=dave, person_id=charlie.id, role="organizer", unit_id=alice.unit_id, at=at)
    with pytest.raises(RoleMissing):
        invite(frank, charlie, at)


def test_nobody_takes_a_way_round_the_own_old_pin(dave, at):
    with pytest.raises(rules.ByAnother):
        invite(dave, dave, at)
    with pytest.raises(rules.ByAnother), transaction():
        actions.set_pin(by=dave, person_id=dave.id, pin="975310", at=at)


def test_every_step_is_recorded_without_a_secret(dave, newcomer, at):
    made, code = invite(dave, newcomer, at)
    activate(code, at)
    with transaction():
        actions.set_pin(by=dave, person_id=newcomer.id, pin="864209", at=at)
    wanted = changes.seen_by(dave).where(Change.person_id == newcomer.id, Change.what != "enrol").order_by(Change.id)
    rows = db.session.scalars(wanted).all()
    assert [(row.what, row.changed_by_id) for row in rows] == [
        ("invite", dave.id), ("activate", newcomer.id), ("set_pin", dave.id)
    ]  # fmt: skip
    assert not any(
        secret in str((row.before, row.after)) for row in rows for secret in (code, made.code_hash, "975310", "864209")
    )


def test_one_code_sent_by_two_phones_lets_one_through(dave, newcomer, at):
    made, code = invite(dave, newcomer, at)
    activate(code, at)
    assert db.session.get_one(Invitation, made.id).used_at == at
