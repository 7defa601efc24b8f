"""Sheets for the home unit: only with consent, seen first, held back whenever the member wants."""

from datetime import date, time, timedelta

import pytest

from bank.clock import local_instant
from bank.consents import actions as consents
from bank.db import db, transaction
from bank.feedback import actions, queries
from bank.feedback.models import FeedbackSheet
from bank.feedback.rules import AlreadyHeldBack, SheetNotFound, following_quarter
from bank.notices.models import Notice
from bank.people import organisation as units
from bank.people.models import Person
from tests.ratings.conftest import mark, serve

__all__ = ["mark", "serve"]

QUARTER = date(2026, 10, 1)
SHOWN_AT = local_instant(date(2027, 1, 12), time(5))  # A Tuesday.
LEAVES_AT = local_instant(date(2027, 1, 18), time(3))  # The Monday after three whole working days.


@pytest.fixture
def office(town, at):
    """Where alice works."""
    with transaction():
        return units.add_unit(by=None, name="市图书馆", kind="home_unit", parent_id=town.id, at=at)


@pytest.fixture
def member(alice, office, serve):
    """Alice in service, with four services in the quarter and one before it."""
    with transaction():
        person = db.session.get_one(Person, alice.id)
        person.is_in_service, person.home_unit_id = True, office.id
    for number, marks in enumerate([(5, 4, 5), (4, 4, 4), (None, 3, 4), (None, None, None)]):
        serve(alice, 60, QUARTER + timedelta(days=number), marks)
    serve(alice, 480, QUARTER - timedelta(days=1), (1, 1, 1))
    return alice


@pytest.fixture
def agree(member, at):
    """The member decides about the home unit: `agree(False)`."""

    def decide(is_given=True, *, days=0):
        with transaction():
            asked = {"person_id": member.id, "purpose": "home_unit", "is_given": is_given}
            consents.decide_consent(by=member, at=at + timedelta(days=days), **asked)

    return decide


def prepare(at=SHOWN_AT):
    with transaction():
        return actions.prepare(quarter=QUARTER, at=at)


def send(at=LEAVES_AT):
    with transaction():
        return actions.send_due(at=at)


def only_sheet():
    db.session.rollback()
    return db.session.scalars(db.select(FeedbackSheet)).one()


def test_without_consent_there_is_no_sheet(member):
    assert prepare() == 0


def test_a_sheet_holds_the_quarter_and_nothing_else(agree):
    agree()
    assert prepare() == 1
    content = queries.content_of(only_sheet())
    assert (content.services, content.minutes, content.rated, content.score) == (4, 240, 3, 80)
    assert [(each.category, each.minutes) for each in content.kinds] == [("environment", 240)]


def test_preparing_twice_makes_one_sheet(agree):
    agree()
    assert [prepare(), prepare(SHOWN_AT + timedelta(days=1))] == [1, 0]


def test_the_member_is_told_once_of_the_sheet_and_when_it_leaves(agree, member):
    agree()
    prepare(), prepare(SHOWN_AT + timedelta(days=1))
    [told] = db.session.scalars(db.select(Notice).where(Notice.kind == "feedback_shown")).all()
    assert (told.person_id, told.facts) == (member.id, {"leaves_on": "2027-01-18"})


def test_under_three_ratings_no_score_is_said(agree, serve, member):
    agree()
    with transaction():
        actions.prepare(quarter=date(2026, 7, 1), at=SHOWN_AT)
    assert queries.content_of(only_sheet()).score is None


def test_a_sheet_leaves_after_three_whole_working_days(agree):
    agree()
    prepare()
    assert only_sheet().leaves_on == date(2027, 1, 18)
    assert [send(LEAVES_AT - timedelta(hours=4)), send(), send()] == [0, 1, 0]


def test_a_sheet_that_was_held_back_never_leaves(agree, member):
    agree()
    prepare()
    with transaction():
        actions.hold_back(by=member, sheet_id=only_sheet().id, at=SHOWN_AT + timedelta(hours=1))
    assert send() == 0


def test_a_withdrawn_consent_keeps_the_sheet_for_good(agree):
    agree()
    prepare()
    agree(False, days=1)
    assert send() == 0
    agree(days=2)
    assert send(LEAVES_AT + timedelta(days=9)) == 0


def test_before_it_leaves_only_the_member_reads_it(agree, member, dave, charlie):
    agree()
    prepare()
    sheet_id = only_sheet().id
    assert queries.sheet(by=member, sheet_id=sheet_id).person_id == member.id
    for each in (dave, charlie):
        with pytest.raises(SheetNotFound):
            queries.sheet(by=each, sheet_id=sheet_id)


def test_once_it_has_left_the_home_units_admin_reads_it(agree, dave, bob, charlie):
    agree()
    prepare()
    send()
    sheet_id = only_sheet().id
    assert queries.sheet(by=dave, sheet_id=sheet_id).id == sheet_id
    assert [len(queries.outside(by=each)) for each in (dave, bob, charlie)] == [1, 0, 0]
    with pytest.raises(SheetNotFound):
        queries.sheet(by=bob, sheet_id=sheet_id)


@pytest.mark.parametrize("way", ["consent", "sheet"])
def test_a_sheet_outside_is_closed_again_when_the_member_wants(agree, member, dave, way):
    agree()
    prepare()
    send()
    sheet_id = only_sheet().id
    if way == "consent":
        agree(False, days=100)
    else:
        with transaction():
            actions.hold_back(by=member, sheet_id=sheet_id, at=LEAVES_AT + timedelta(days=1))
    with pytest.raises(SheetNotFound):
        queries.sheet(by=dave, sheet_id=sheet_id)
    assert queries.outside(by=dave) == []


def test_nobody_holds_back_anothers_sheet_nor_ones_own_twice(agree, member, dave):
    agree()
    prepare()
    for by, refusal in ((dave, SheetNotFound), (member, None), (member, AlreadyHeldBack)):
        if refusal is None:
            with transaction():
                actions.hold_back(by=by, sheet_id=only_sheet().id, at=SHOWN_AT)
        else:
            with pytest.raises(refusal), transaction():
                actions.hold_back(by=by, sheet_id=only_sheet().id, at=SHOWN_AT)


def test_quarters_follow_each_other():
    assert [following_quarter(date(2026, month, 1)) for month in (1, 4, 7)] == [date(2026, month, 1) for month in (4, 7, 10)]
    assert following_quarter(QUARTER) == date(2027, 1, 1)
