"""A recipient rates by a code, without an account: once, in time, and not as the one who served."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bank.db import db, transaction
from bank.evaluations import actions, invitations, queries, rules
from bank.evaluations.models import Evaluation, RatingInvitation
from bank.evaluations.rules import Device, Marks
from bank.hours.queries import records_of_service
from tests.cases import cases
from tests.evaluations.conftest import DAY


def test_a_tap_gives_the_recipients_mark(record, invite, rate_by_code):
    rate_by_code(invite(record), 5)
    assert queries.marks_of([record.id]) == {record.id: Marks(recipient=5)}


def test_the_page_shows_no_more_than_is_needed(record, invite, at):
    seen = invitations.invited(invite(record), at=at)
    assert (seen.name, seen.service, seen.served_on, seen.mark) == ("安*", "清扫楼道", record.service.served_on, None)


def test_a_code_gives_one_mark(record, invite, rate_by_code):
    code = invite(record)
    rate_by_code(code, 5)
    with pytest.raises(rules.RatingCodeUsed):
        rate_by_code(code, 1)
    assert queries.marks_of([record.id])[record.id].recipient == 5


def test_a_code_is_good_for_fourteen_days(record, invite, rate_by_code, at):
    code = invite(record)
    with pytest.raises(rules.RatingCodeTooOld):
        rate_by_code(code, 5, at=at + 14 * DAY)
    rate_by_code(code, 5, at=at + 14 * DAY - timedelta(seconds=1))


def test_a_new_code_takes_the_place_of_the_one_before(record, invite, rate_by_code, at):
    old = invite(record)
    new = invite(record, at=at + DAY)
    with pytest.raises(rules.RatingCodeUnknown):
        rate_by_code(old, 5)
    rate_by_code(new, 5)


@cases("code", ["", "0", "abc", "0" * 17, "0" * 40, "U" * 17, "一" * 17, "zzzzzzzzzzzz" + "0" * 16])
def test_what_is_no_code_opens_nothing(code, app, at):
    with pytest.raises(rules.RatingCodeUnknown):
        invitations.invited(code, at=at)


def test_the_signature_is_of_this_invitation_alone(serve, alice, carol, invite):
    service = serve(alice, carol)
    first, second = (invite(each) for each in records_of_service(service.id))
    with pytest.raises(rules.RatingCodeUnknown):
        invitations.invitation(second[0] + first[1:])


def test_no_code_is_stored(record, invite):
    code = invite(record)
    [stored] = db.session.scalars(db.select(RatingInvitation)).all()
    assert not any(code in str(value) for value in vars(stored).values())


@cases("mark", [0, 6, -1, 10**9, True, "5", None])
def test_a_mark_is_one_to_five(mark, record, invite, rate_by_code):
    with pytest.raises(rules.BadMark):
        rate_by_code(invite(record), mark)


def test_whoever_served_does_not_rate(record, invite, rate_by_code, alice):
    with pytest.raises(rules.NotYourOwnRating):
        rate_by_code(invite(record), 5, by=alice)


def test_signing_out_first_does_not_help(record, invite, rate_by_code, alice):
    with pytest.raises(rules.NotYourOwnRating):
        rate_by_code(invite(record), 5, device=Device("b" * 20, frozenset({alice.id})))


def test_the_leader_does_not_speak_for_the_recipient(record, invite, rate_by_code, bob):
    with pytest.raises(rules.OneSideOnly):
        rate_by_code(invite(record), 5, by=bob)


def test_whoever_gave_the_leaders_mark_does_not_either(record, invite, rate, rate_by_code, dave):
    rate(dave, record.service, 4, 4)
    with pytest.raises(rules.OneSideOnly):
        rate_by_code(invite(record), 5, by=dave)


def test_a_neighbour_who_is_signed_in_may(record, invite, rate_by_code, charlie):
    assert rate_by_code(invite(record), 4, by=charlie).given_by_id == charlie.id


def test_codes_for_all_leave_out_who_has_a_mark_or_a_code(serve, alice, carol, neighbour, invite, rate_by_code, bob, at):
    service = serve(alice, carol, neighbour())
    rated, coded, other = records_of_service(service.id)
    rate_by_code(invite(rated), 5)
    invite(coded)
    with transaction():
        new = actions.invite_all(by=bob, service_id=service.id, at=at)
    assert [each.service_record_id for each in new] == [other.id]


def test_no_code_where_a_mark_was_given(record, invite, rate_by_code):
    rate_by_code(invite(record), 5)
    with pytest.raises(rules.RatingCodeUsed):
        invite(record)


@cases("who", ["alice", "carol", "charlie", "erin"])
def test_only_who_leads_or_organizes_gives_out_codes(who, record, invite, request):
    with pytest.raises(rules.ServiceRecordNotFound):
        invite(record, by=request.getfixturevalue(who))


def test_a_code_gives_one_mark_even_to_raw_sql(record, invite, rate_by_code):
    given = rate_by_code(invite(record), 5)
    kept = ("service_record_id", "role", "way", "given_at", "invitation_id")
    twin = {name: getattr(given, name) for name in kept} | {"mark": 1, "supersedes_id": given.id}
    with pytest.raises(IntegrityError):
        db.session.execute(db.insert(Evaluation).values(twin))
