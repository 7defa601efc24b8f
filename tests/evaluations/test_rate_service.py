"""A leader rates a whole service at once: defaults, exceptions, and never oneself."""

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from bank.db import db
from bank.evaluations import queries, rules
from bank.evaluations.models import Evaluation
from bank.evaluations.rules import Marks
from bank.hours.queries import records_of_service
from tests.cases import cases


def marks(service):
    given = queries.marks_of([each.id for each in records_of_service(service.id)])
    return [given.get(each.id, Marks()) for each in records_of_service(service.id)]


def test_defaults_go_to_everybody(serve, rate, alice, carol, bob):
    service = serve(alice, carol)
    assert rate(bob, service, 4, 5).mark_count == 4
    assert marks(service) == [Marks(None, 4, 5)] * 2


def test_an_exception_goes_before_the_default(serve, rate, alice, carol, bob):
    service = serve(alice, carol)
    first, _ = records_of_service(service.id)
    rate(bob, service, 4, 5, (first, "leader", 2))
    assert marks(service) == [Marks(None, 2, 5), Marks(None, 4, 5)]


def test_a_default_can_be_left_out(serve, rate, alice, bob):
    service = serve(alice)
    rate(bob, service, None, 3)
    assert marks(service) == [Marks(None, None, 3)]


def test_the_same_again_changes_nothing(serve, rate, alice, bob):
    service = serve(alice)
    rate(bob, service, 4, 5)
    assert rate(bob, service, 4, 5).mark_count == 0
    assert db.session.query(Evaluation).count() == 2


def test_defaults_leave_alone_what_stands(serve, rate, alice, carol, bob):
    service = serve(alice, carol)
    first, _ = records_of_service(service.id)
    rate(bob, service, None, None, (first, "leader", 2))
    rate(bob, service, 5, None)
    assert [each.leader for each in marks(service)] == [2, 5]


def test_the_leaders_own_record_is_left_out(serve, rate, alice, bob):
    service = serve(alice, bob)
    own = next(each for each in records_of_service(service.id) if each.person_id == bob.id)
    assert rate(bob, service, 5, 5).left_out_ids == (own.id,)
    assert queries.marks_of([own.id]) == {}


def test_nobody_rates_themselves_by_exception(serve, rate, alice, bob):
    service = serve(alice, bob)
    own = next(each for each in records_of_service(service.id) if each.person_id == bob.id)
    with pytest.raises(rules.NotYourOwnRating):
        rate(bob, service, 5, 5, (own, "leader", 5))
    assert marks(service) == [Marks()] * 2


def test_a_leader_needs_no_role(serve, rate, alice, carol):
    service = serve(alice, leader=carol)
    assert rate(carol, service, 4, 4).mark_count == 2


@cases("who", ["alice", "carol", "charlie", "erin"])
def test_nobody_else_rates(who, record, rate, request):
    with pytest.raises(rules.ServiceRecordNotFound):
        rate(request.getfixturevalue(who), record.service, 5, 5)


def test_a_mark_of_a_posted_record_stands(record, rate, bob):
    rate(bob, record.service, 4, 5)
    with pytest.raises(rules.MarkIsFinal):
        rate(bob, record.service, None, None, (record, "leader", 5))


def test_until_posted_the_giver_changes_a_mark(serve, rate, alice, bob):
    service = serve(alice, minutes=20)  # Too short to be credited, so it was not posted.
    [record] = records_of_service(service.id)
    rate(bob, service, 4, 5)
    rate(bob, service, None, None, (record, "leader", 3))
    assert marks(service) == [Marks(None, 3, 5)]
    assert db.session.query(Evaluation).count() == 3


def test_nobody_changes_the_mark_of_another(serve, rate, alice, bob, dave):
    service = serve(alice, minutes=20)
    [record] = records_of_service(service.id)
    rate(bob, service, 4, 5)
    with pytest.raises(rules.MarkOfAnother):
        rate(dave, service, None, None, (record, "leader", 5))


@cases(("leader", "completion"), [(0, 5), (6, 5), (5, -1), (True, 5), (5, "5")])
def test_a_mark_out_of_range_changes_nothing(leader, completion, record, rate, bob):
    with pytest.raises(rules.BadMark):
        rate(bob, record.service, leader, completion)
    assert queries.marks_of([record.id]) == {}


def test_the_recipients_mark_is_no_exception_of_a_leader(record, rate, bob):
    with pytest.raises(rules.BadMark):
        rate(bob, record.service, 5, 5, (record, "recipient", 5))


def test_a_record_of_another_service_is_refused(record, serve, rate, alice, bob):
    with pytest.raises(rules.ServiceRecordNotFound):
        rate(bob, serve(alice), 5, 5, (record, "leader", 5))


def test_the_database_lets_no_mark_be_changed(record, rate, bob):
    rate(bob, record.service, 4, 5)
    with pytest.raises(DatabaseError):
        db.session.execute(db.update(Evaluation).values(mark=5))


def test_the_database_takes_one_first_mark(record, rate, bob, at):
    rate(bob, record.service, 4, None)
    twin = {
        "service_record_id": record.id,
        "role": "leader",
        "mark": 5,
        "way": "signed_in",
        "given_by_id": bob.id,
        "given_at": at,
    }
    with pytest.raises(IntegrityError):
        db.session.execute(db.insert(Evaluation).values(twin))


def test_the_database_keeps_a_chain_within_its_record(serve, rate, alice, bob, at):
    one, other = serve(alice), serve(alice)
    rate(bob, one, 4, None)
    [given] = db.session.scalars(db.select(Evaluation)).all()
    [record] = records_of_service(other.id)
    stray = {
        "service_record_id": record.id,
        "role": "leader",
        "mark": 5,
        "way": "signed_in",
        "given_by_id": bob.id,
        "given_at": at,
    }
    with pytest.raises(IntegrityError):
        db.session.execute(db.insert(Evaluation).values(stray | {"supersedes_id": given.id}))
        db.session.flush()
