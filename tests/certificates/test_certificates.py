"""A certificate says what was served, once and for all; anybody may check it, and learns nothing else."""

from datetime import date, datetime, time, timedelta

import pytest

from bank.certificates import actions, queries, rules
from bank.clock import local_instant
from bank.db import db, transaction
from bank.hours.models import ServiceRecord
from bank.ledger import actions as ledger
from bank.people.models import Person
from bank.people.rules import PersonNotFound, RoleMissing
from bank.privacy.actions import erase
from tests.cases import cases

FIRST, LAST = date(2026, 1, 1), date(2026, 9, 30)
AT = local_instant(date(2026, 10, 15), time(9))


def certify(by, person, *, first=FIRST, last=LAST, at=AT, is_designated=False):
    with transaction():
        return actions.issue(
            by=by, person_id=person.id, starts_on=first, ends_on=last, is_designated=is_designated, at=at
        )  # fmt: skip


def take_back(service_id, at):
    entry_id = db.session.scalars(db.select(ServiceRecord.entry_id).where(ServiceRecord.service_id == service_id)).one()
    with transaction():
        ledger.reverse(
            entry_id=entry_id, key=f"back:{service_id}", reason="重复记录", recorded_by="bob", approved_by="dave",
            effective_on=at.date(), at=at,
        )  # fmt: skip


def test_it_says_time_content_unit_and_for_whom(alice, serve):
    serve(alice, 95, date(2026, 9, 5))
    serve(alice, 60, date(2026, 9, 3), name="给𬭎䶮老人读报")
    serve(alice, 60, date(2026, 10, 3))
    found = certify(alice, alice)
    assert [(each["served_on"], each["name"], each["minutes"]) for each in found.parts] == [
        ("2026-09-03", "给𬭎䶮老人读报", 60), ("2026-09-05", "清扫楼道", 95)]  # fmt: skip
    assert (found.holder, found.minutes, found.unit_name, found.bank_name) == ("安丽", 155, "向阳社区", "道德银行")


def test_asked_again_it_is_the_same_one_until_the_records_differ(alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    first = certify(alice, alice)
    assert certify(alice, alice, at=AT + timedelta(days=1)).number == first.number
    serve(alice, 60, date(2026, 9, 9))
    assert certify(alice, alice).number != first.number


def test_it_stays_what_it_was_when_names_change(alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    number = certify(alice, alice).number
    with transaction():
        db.session.get_one(Person, alice.id).name = "王丽"
    assert queries.certificate(by=alice, number=number).holder == "安丽"


def test_the_name_goes_when_the_holder_is_erased(alice, dave, serve):
    serve(alice, 60, date(2026, 9, 3))
    number = certify(alice, alice).number
    with transaction():
        erase(by=None, person_id=alice.id, at=AT)
    assert queries.certificate(by=dave, number=number).holder == "*"


@cases(("first", "last"), [(LAST, FIRST), (FIRST, date(2026, 10, 16)), (date(1, 1, 1), date.max), (date.max, date.max)])
def test_a_period_that_cannot_be_meant_is_refused(alice, first, last):
    with pytest.raises(rules.BadCertificatePeriod):
        certify(alice, alice, first=first, last=last)


def test_without_a_service_there_is_nothing_to_certify(alice, serve):
    service = serve(alice, 60, date(2026, 9, 3))
    take_back(service, AT)
    with pytest.raises(rules.NothingToCertify):
        certify(alice, alice)


def test_a_code_tells_valid_or_revoked_and_nothing_more(alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    found = certify(alice, alice)
    assert queries.is_valid(f" {found.code[:4]}-{found.code[4:].upper()}") is True
    with transaction():
        actions.revoke(by=alice, number=found.number, reason="写错了", at=AT)
    assert queries.is_valid(found.code) is False
    with pytest.raises(rules.CertificateNotFound):
        queries.is_valid("0" * 20)


def test_revoked_once_it_cannot_be_revoked_again(alice, dave, serve):
    serve(alice, 60, date(2026, 9, 3))
    number = certify(alice, alice).number
    with transaction():
        assert actions.revoke(by=dave, number=number, reason="信息有误", at=AT).revocation.cause == "mistake"
    with pytest.raises(rules.AlreadyRevoked), transaction():
        actions.revoke(by=alice, number=number, reason="再来", at=AT)


def test_made_anew_it_names_what_it_replaces(alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    first = certify(alice, alice)
    with transaction():
        second = actions.replace(by=alice, number=first.number, reason="补上名字", is_designated=True, at=AT)
    assert (second.replaces_id, second.is_designated) == (first.id, True)
    assert (queries.is_valid(first.code), queries.is_valid(second.code)) == (False, True)


def test_a_service_that_is_taken_back_ends_the_certificate(alice, bob, serve):
    service = serve(alice, 60, date(2026, 9, 3))
    serve(bob, 60, date(2026, 9, 4))
    hers, his = certify(alice, alice), certify(bob, bob)
    take_back(service, AT + timedelta(hours=1))
    for ended in (1, 0):
        with transaction():
            assert actions.revoke_reversed(at=AT + timedelta(days=1)) == ended
    assert (queries.is_valid(hers.code), queries.is_valid(his.code)) == (False, True)


@pytest.mark.parametrize(("who", "refusal"), [("bob", RoleMissing), ("erin", RoleMissing), ("charlie", PersonNotFound)])
def test_only_the_member_and_an_admin_may_ask(request, alice, dave, serve, who, refusal):
    serve(alice, 60, date(2026, 9, 3))
    with pytest.raises(refusal):
        certify(request.getfixturevalue(who), alice)
    assert certify(dave, alice).issued_by_id == dave.id


@pytest.mark.parametrize("who", ["bob", "carol", "charlie"])
def test_others_see_none(request, alice, serve, who):
    serve(alice, 60, date(2026, 9, 3))
    number = certify(alice, alice).number
    with pytest.raises(rules.CertificateNotFound):
        queries.certificate(by=request.getfixturevalue(who), number=number)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\0b"])
def test_a_revocation_needs_a_reason(reason):
    with pytest.raises(rules.BadRevocation):
        rules.clean_reason(reason)


def test_numbers_say_the_month_and_codes_nothing(alice, bob, serve):
    for each in (alice, bob):
        serve(each, 60, date(2026, 9, 3))
    codes = {certify(each, each).code for each in (alice, bob)}
    assert len(codes) == 2 and all(len(each) == 20 for each in codes)
    assert certify(alice, alice).number.startswith("202610-") and isinstance(AT, datetime)
