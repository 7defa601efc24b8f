"""Staff record what a recipient said on the phone, with whom they spoke."""

import pytest

from bank.db import db
from bank.evaluations import queries, rules
from bank.evaluations.models import EvaluationText
from bank.hours.queries import records_of_service
from tests.cases import cases


def test_a_call_gives_the_recipients_mark(record, call, dave):
    call(dave, record, 5)
    assert queries.marks_of([record.id])[record.id].recipient == 5


def test_who_was_called_is_kept_for_staff_alone(record, call, dave, at):
    given = call(dave, record, 5, comment="扫得很干净")
    texts = {each.kind: (each.text, each.state) for each in db.session.scalars(db.select(EvaluationText))}
    assert texts == {"called": ("王奶奶，座机", "kept"), "comment": ("扫得很干净", "pending")}
    assert queries.received([record], at=at)[0].comments == ()
    assert given.given_by_id == dave.id


def test_who_rated_as_leader_does_not_speak_for_the_recipient(record, rate, call, bob):
    rate(bob, record.service, 4, 4)
    with pytest.raises(rules.OneSideOnly):
        call(bob, record, 5)


def test_who_called_does_not_rate_as_leader(record, rate, call, bob):
    call(bob, record, 5)
    assert rate(bob, record.service, 5, 5).mark_count == 0
    with pytest.raises(rules.OneSideOnly):
        rate(bob, record.service, 5, 5, (record, "leader", 5))


def test_nobody_calls_for_themselves(serve, call, bob, alice):
    [record] = records_of_service(serve(bob, leader=alice).id)
    with pytest.raises(rules.NotYourOwnRating):
        call(bob, record, 5)


@cases("who", ["alice", "carol", "charlie", "erin"])
def test_only_organizers_and_admins_call(who, record, call, request):
    with pytest.raises(rules.ServiceRecordNotFound):
        call(request.getfixturevalue(who), record, 5)


def test_a_leader_without_a_role_does_not_call(serve, call, alice, carol):
    [record] = records_of_service(serve(alice, leader=carol).id)
    with pytest.raises(rules.ServiceRecordNotFound):
        call(carol, record, 5)


def test_a_call_does_not_go_over_what_the_recipient_tapped(serve, invite, rate_by_code, call, alice, dave):
    [record] = records_of_service(serve(alice, minutes=20).id)
    rate_by_code(invite(record), 2)
    with pytest.raises(rules.MarkOfAnother):
        call(dave, record, 5)


def test_a_code_does_not_go_over_a_call(record, invite, rate_by_code, call, dave):
    code = invite(record)
    call(dave, record, 5)
    with pytest.raises(rules.RatingCodeUsed):
        rate_by_code(code, 1)
