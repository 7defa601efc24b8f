"""A consent is decided by the person alone, row after row, and the latest counts."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bank.consents import actions, queries, rules
from bank.consents.models import Consent
from bank.db import db, transaction
from bank.people.rules import OnlyForYourself


def decide(person, purpose, is_given, at):
    with transaction():
        return actions.decide_consent(by=person, person_id=person.id, purpose=purpose, is_given=is_given, at=at)


def test_nobody_has_consented_to_anything_at_first(alice):
    assert not queries.has_consent(alice.id, "board")
    assert db.session.scalars(queries.consenting("board")).all() == []


def test_the_latest_decision_counts_and_all_are_kept(alice, at):
    for hours, is_given in enumerate((True, False, True)):
        decide(alice, "board", is_given, at + timedelta(hours=hours))
        assert queries.has_consent(alice.id, "board") is is_given
    assert db.session.scalars(queries.consenting("board")).all() == [alice.id]
    assert db.session.query(Consent).count() == 3


def test_two_decisions_of_one_instant_count_in_their_order(alice, at):
    decide(alice, "board", True, at)
    decide(alice, "board", False, at)
    assert not queries.has_consent(alice.id, "board")
    assert db.session.scalars(queries.consenting("board")).all() == []


def test_one_purpose_is_not_another(alice, bob, at):
    decide(alice, "board", True, at)
    decide(bob, "contact", True, at)
    assert not queries.has_consent(alice.id, "contact")
    assert db.session.scalars(queries.consenting("board")).all() == [alice.id]


def test_nobody_decides_for_another(alice, dave, at):
    with pytest.raises(OnlyForYourself), transaction():
        actions.decide_consent(by=dave, person_id=alice.id, purpose="board", is_given=True, at=at)


def test_there_is_no_consent_to_anything_else(alice, at):
    with pytest.raises(rules.BadPurpose):
        decide(alice, "everything", True, at)


@pytest.mark.parametrize("statement", ["UPDATE consent SET is_given = NOT is_given", "DELETE FROM consent"])
def test_a_decision_is_never_changed_or_removed(statement, alice, at):
    decide(alice, "board", True, at)
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(db.text(statement))
