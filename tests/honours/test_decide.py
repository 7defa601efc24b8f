"""The fifth star, and taking a star away, need a proposal and the answer of a second person."""

import pytest
from sqlalchemy.exc import DBAPIError

from bank.db import db, random_key, transaction
from bank.honours import queries
from bank.honours.models import AwardAnswer, AwardProposal
from bank.honours.rules import (
    HONOUR,
    AlreadyAnswered,
    AlreadyProposed,
    BadProposal,
    Level,
    NotAboutYourself,
    NothingToDecide,
    NotTheSecondPerson,
    ProposalNotFound,
)
from bank.people.models import Change, Household, HouseholdMember
from bank.people.rules import PersonNotFound, RoleMissing

SECOND = Level(HONOUR, 2)


@pytest.fixture
def veteran(alice, give_hours, night):
    """Alice with 1,500 hours and four stars."""
    give_hours(alice, 1500)
    night()
    return alice


def stars(person, at):
    db.session.rollback()
    return queries.honour_of(person, at=at).stars


def test_an_agreed_proposal_gives_the_fifth_star_at_once(veteran, propose, answer, at):
    assert stars(veteran, at) == 4
    answer(propose(veteran))
    assert stars(veteran, at) == 5
    fifth = queries.awards_of(veteran.id)[0]
    assert (fifth.level, fifth.proposal_id is not None) == (5, True)


def test_a_refused_proposal_gives_nothing(veteran, propose, answer, at, night):
    answer(propose(veteran), is_agreed=False)
    night(1)
    assert stars(veteran, at) == 4


def test_a_decision_is_on_the_record_of_changes(veteran, propose, answer, dave):
    answer(propose(veteran))
    [change] = db.session.scalars(db.select(Change).where(Change.what == "award_star"))
    assert change.changed_by_id == dave.id


def test_whoever_proposes_does_not_answer(veteran, propose, answer, dave, second_admin, at):
    proposal = propose(veteran, by=dave)
    with pytest.raises(NotTheSecondPerson):
        answer(proposal, by=dave)
    answer(proposal, by=second_admin)
    assert stars(veteran, at) == 5


def test_nobody_decides_about_themselves(bob, dave, give_hours, night, propose, answer, second_admin):
    for each in (bob, second_admin):
        give_hours(each, 1500)
    night()
    with pytest.raises(NotAboutYourself):
        propose(bob, by=bob)
    proposal = propose(second_admin, by=bob)
    with pytest.raises(NotAboutYourself):
        answer(proposal, by=second_admin)


def test_nobody_decides_about_their_household(veteran, dave, bob, propose, answer, at):
    proposal = propose(veteran)
    with transaction():
        home = Household(key=random_key(), formed_at=at)
        db.session.add(home)
        db.session.flush()
        db.session.add_all(HouseholdMember(household_id=home.id, person_id=each.id, joined_at=at) for each in (veteran, dave))
    with pytest.raises(NotAboutYourself):
        answer(proposal)
    with pytest.raises(NotAboutYourself):
        propose(veteran, by=dave, level=SECOND, is_given=False)


def test_a_proposal_is_answered_once(veteran, propose, answer):
    proposal = propose(veteran)
    answer(proposal)
    with pytest.raises(AlreadyAnswered):
        answer(proposal, is_agreed=False)


def test_the_same_is_not_proposed_twice_at_a_time(veteran, propose):
    propose(veteran)
    with pytest.raises(AlreadyProposed):
        propose(veteran)


def test_without_the_hours_there_is_nothing_to_decide(alice, give_hours, propose):
    give_hours(alice, 1499)
    with pytest.raises(NothingToDecide):
        propose(alice)


def test_stars_that_hours_give_need_no_proposal(alice, give_hours, propose):
    give_hours(alice, 300)
    with pytest.raises(NothingToDecide):
        propose(alice, level=SECOND)


def test_a_star_is_taken_with_those_above_it_and_stays_away(veteran, propose, answer, night, at):
    answer(propose(veteran, level=SECOND, is_given=False, reason="时长系伪造"))
    assert (stars(veteran, at), night(1).awarded) == (1, 0)
    assert {each.revocation.reason for each in queries.awards_of(veteran.id) if each.revocation} == {"时长系伪造"}


def test_a_star_that_was_taken_can_be_given_again(veteran, propose, answer, at):
    answer(propose(veteran, level=SECOND, is_given=False, reason="待查"))
    answer(propose(veteran, level=SECOND, reason="查无此事"))
    assert stars(veteran, at) == 4


def test_a_star_that_is_not_held_cannot_be_taken(alice, propose):
    with pytest.raises(NothingToDecide):
        propose(alice, level=SECOND, is_given=False)


@pytest.mark.parametrize(("level", "reason"), [(Level(HONOUR, 6), "好"), (Level("medal", 1), "好"), (SECOND, " ")])
def test_what_there_is_not_cannot_be_proposed(veteran, propose, level, reason):
    with pytest.raises(BadProposal):
        propose(veteran, level=level, reason=reason)


def test_who_may_propose_and_who_may_answer(veteran, propose, answer, alice, bob, carol, erin, charlie):
    for each, refusal in ((carol, RoleMissing), (erin, RoleMissing), (charlie, PersonNotFound)):
        with pytest.raises(refusal):
            propose(veteran, by=each)
    proposal = propose(veteran)
    for each in (alice, carol, erin, charlie):
        with pytest.raises(RoleMissing):
            answer(proposal, by=each)


def test_an_unknown_proposal_is_not_found(dave, answer):
    with pytest.raises(ProposalNotFound):
        answer(AwardProposal(id=99))


def test_the_list_is_for_those_of_the_unit(veteran, propose, dave, erin, bob, charlie):
    propose(veteran)
    assert [len(queries.proposals(by=each)) for each in (bob, dave, erin, charlie)] == [1, 1, 1, 0]


def test_who_waits_for_a_proposal_is_listed_until_there_is_one(veteran, propose, dave, charlie, at):
    assert [len(queries.candidates(by=each, at=at)) for each in (dave, charlie)] == [1, 0]
    propose(veteran)
    assert queries.candidates(by=dave, at=at) == []


def test_the_database_itself_wants_a_second_person(veteran, propose, bob, at):
    proposal = propose(veteran)
    same = AwardAnswer(
        proposal_id=proposal.id,
        proposed_by_id=bob.id,
        person_id=veteran.id,
        is_agreed=True,
        answered_at=at,
        answered_by_id=bob.id,
    )
    db.session.add(same)
    with pytest.raises(DBAPIError):
        db.session.flush()
    db.session.rollback()
