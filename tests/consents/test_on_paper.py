"""A consent on paper is written down at the desk with who did it; for a child under 14 the guardian decides."""

from datetime import date

import pytest
from sqlalchemy import select

from bank.consents import actions, queries, rules
from bank.db import db, transaction
from bank.people import actions as people
from bank.people.models import Change
from bank.people.rules import NewGuardian, NewPerson, OnlyForYourself, PersonNotFound, RoleMissing

MOTHER = NewGuardian(name="曾妈妈", phone="13812340000")


@pytest.fixture
def child(dave, community, at):
    """Eleven years old, with a guardian."""
    new = NewPerson(name="曾小明", phone="13812345678", unit_id=community.id, born_on=date(2015, 1, 1), guardian=MOTHER)
    with transaction():
        return people.enrol(by=dave, new=new, at=at)


def paper(by, person, at, purpose="board", is_given=True):
    with transaction():
        return actions.record_paper(by=by, person_id=person.id, purpose=purpose, is_given=is_given, at=at)


def test_the_desk_writes_down_what_was_signed_and_who_did_so(dave, alice, at):
    consent = paper(dave, alice, at)
    assert (consent.manner, consent.recorded_by_id, consent.is_by_guardian) == ("paper", dave.id, False)
    assert queries.has_consent(alice.id, "board")
    change = db.session.scalars(select(Change).where(Change.what == "consent_on_paper")).one()
    assert (change.person, change.after["purpose"]) == (alice, "board")


def test_the_member_takes_it_back_by_a_tap(dave, alice, at):
    paper(dave, alice, at)
    with transaction():
        actions.decide_consent(by=alice, person_id=alice.id, purpose="board", is_given=False, at=at)
    assert not queries.has_consent(alice.id, "board")


def test_only_the_units_admin_writes_it_down_and_never_his_own(carol, frank, dave, alice, at):
    for by, refusal in ((carol, RoleMissing), (frank, PersonNotFound)):
        with pytest.raises(refusal):
            paper(by, alice, at)
    with pytest.raises(OnlyForYourself):
        paper(dave, dave, at)


def test_a_child_does_not_consent_but_may_withdraw(child, dave, at):
    paper(dave, child, at)
    with transaction():
        actions.decide_consent(by=child, person_id=child.id, purpose="board", is_given=False, at=at)
    with pytest.raises(rules.GuardianDecides), transaction():
        actions.decide_consent(by=child, person_id=child.id, purpose="board", is_given=True, at=at)


def test_a_guardian_consents_for_a_child_on_paper(child, dave, at):
    assert queries.lacks_guardians_consent(child, at.date())
    assert paper(dave, child, at, purpose="minor").is_by_guardian
    assert not queries.lacks_guardians_consent(child, at.date())


def test_an_adult_lacks_no_guardians_consent(alice, at):
    assert not queries.lacks_guardians_consent(alice, at.date())


def test_nobody_consents_for_a_child_without_a_guardian(dave, alice, at):
    with pytest.raises(rules.NoGuardian):
        paper(dave, alice, at, purpose="minor")


def test_an_old_text_no_longer_counts_once_the_text_asks_for_more(dave, alice, at, monkeypatch):
    paper(dave, alice, at)
    monkeypatch.setitem(rules.OLDEST_VALID, "board", 2)
    assert not queries.has_consent(alice.id, "board")
    assert db.session.scalars(queries.consenting("board")).all() == []
