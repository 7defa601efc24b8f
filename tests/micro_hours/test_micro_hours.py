"""From two taps to a deposit, with the recipient's word between them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bank.db import db, transaction
from bank.evaluations.queries import marks_of
from bank.evaluations.rules import Device
from bank.hours.queries import records_of
from bank.ledger.queries import balance, trial_balance
from bank.micro_hours import actions, queries, rules
from bank.micro_hours.models import MicroHour
from bank.micro_hours.rules import NewMicroHour
from bank.people.models import Household, HouseholdMember
from bank.people.rules import RoleMissing
from tests.micro_hours.conftest import MINUTE, PHONE


def live_together(at, *members):
    with transaction():
        household = Household(key="h" * 20, formed_at=at)
        db.session.add(household)
        db.session.flush()
        db.session.add_all(HouseholdMember(household_id=household.id, person_id=each.id, joined_at=at) for each in members)


def test_two_taps_a_confirmation_and_the_organizers_word_deposit_minutes_points_and_mark(alice, bob, served, confirm, record):
    micro_hour = confirm(served(alice, minutes=45), 4)
    assert record(bob, micro_hour).record_count == 1
    [kept] = records_of(alice.id)
    assert (kept.minutes, kept.points, kept.evidence, kept.service.name) == (45, 75, "scanned", "陪老人看病")
    assert marks_of([kept.id])[kept.id].recipient == 4
    assert (balance(alice.minutes_account_id), balance(alice.points_account_id)) == (45, 75)
    assert trial_balance() == {"minutes": 0, "points": 0}


def test_recording_twice_deposits_once(alice, bob, served, confirm, record):
    micro_hour = confirm(served(alice))
    record(bob, micro_hour)
    assert record(bob, micro_hour).record_count == 0
    assert balance(alice.minutes_account_id) == 30


def test_only_in_service_members_log_micro_hours(bob, at):
    with pytest.raises(rules.NotInService), transaction():
        actions.start(by=bob, new=NewMicroHour(title="扫雪", place="三号楼", unit_id=bob.unit_id), at=at)


def test_one_runs_at_a_time(alice, at):
    new = NewMicroHour(title="扫雪", place="三号楼", unit_id=alice.unit_id)
    with transaction():
        actions.start(by=alice, new=new, at=at)
    with pytest.raises(rules.MicroHourRunning), transaction():
        actions.start(by=alice, new=new, at=at)


def test_the_database_refuses_a_second_running_one(alice, at):
    with transaction():
        first = actions.start(by=alice, new=NewMicroHour(title="扫雪", place="三号楼", unit_id=alice.unit_id), at=at)
    copy = {each.name: getattr(first, each.name) for each in MicroHour.__table__.columns if each.name not in ("id", "key")}
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(db.insert(MicroHour).values(key="k" * 20, **copy))


def test_what_lasts_under_five_minutes_was_a_slip(alice, served):
    assert served(alice, minutes=4).state == "dropped"
    assert queries.mine(alice.id) == []


def test_who_forgets_to_stop_is_counted_four_hours(alice, bob, served, confirm, record):
    record(bob, confirm(served(alice, minutes=600)))
    assert balance(alice.minutes_account_id) == 240


def test_nothing_is_recorded_before_the_recipient_has_spoken(alice, bob, served, record):
    with pytest.raises(rules.MicroHourUnconfirmed):
        record(bob, served(alice))


@pytest.mark.parametrize("is_signed_in", [True, False], ids=["signed in", "on the own phone, signed out"])
def test_nobody_confirms_for_himself(alice, served, confirm, is_signed_in):
    micro_hour = served(alice)
    with pytest.raises(rules.OwnMicroHour):
        device = PHONE if is_signed_in else Device("b" * 20, frozenset({alice.id}))
        confirm(micro_hour, by=alice if is_signed_in else None, device=device)


def test_nobody_confirms_or_records_for_the_household(alice, bob, served, confirm, record, at):
    live_together(at, alice, bob)
    micro_hour = served(alice)
    with pytest.raises(rules.OwnMicroHour):
        confirm(micro_hour, by=bob)
    confirm(micro_hour)
    assert record(bob, micro_hour).left_out_ids == (micro_hour.id,)
    assert balance(alice.minutes_account_id) == 0


def test_who_was_helped_does_not_also_record(alice, bob, dave, served, confirm, record):
    micro_hour = confirm(served(alice), by=bob)
    with pytest.raises(rules.MicroHourNeedsSecond):
        record(bob, micro_hour)
    assert record(dave, micro_hour).record_count == 1


def test_a_recipient_speaks_once(alice, served, confirm):
    micro_hour = confirm(served(alice))
    with pytest.raises(rules.MicroHourConfirmed):
        confirm(micro_hour, 1)


def test_a_link_is_good_for_three_days(alice, served, confirm, at):
    with pytest.raises(rules.MicroLinkTooOld):
        confirm(served(alice), at=at + timedelta(days=3, seconds=1))


def test_what_the_recipient_denies_is_never_recorded(alice, bob, served, record, confirm, at):
    micro_hour = served(alice)
    with transaction():
        actions.deny_by_link(key=micro_hour.key, device=PHONE, by=None, at=at)
    with pytest.raises(rules.MicroHourSettled):
        record(bob, micro_hour)
    with pytest.raises(rules.MicroHourSettled):
        confirm(micro_hour)


def test_a_call_needs_a_second_organizer_and_earns_time_without_points(alice, bob, dave, served, record, at):
    micro_hour = served(alice, minutes=60)
    with transaction():
        actions.vouch(by=bob, micro_hour_id=micro_hour.id, called="王奶奶座机，说来过", at=at)
    with pytest.raises(rules.MicroHourNeedsSecond):
        record(bob, micro_hour)
    record(dave, micro_hour)
    assert (balance(alice.minutes_account_id), balance(alice.points_account_id)) == (60, 0)
    assert records_of(alice.id)[0].reason == "王奶奶座机，说来过"


def test_a_refusal_says_why_and_stands(alice, bob, served, confirm, record, at):
    micro_hour = confirm(served(alice))
    with transaction():
        actions.refuse(by=bob, micro_hour_id=micro_hour.id, reason="当天在单位值班", at=at)
    assert queries.mine(alice.id)[0].reason == "当天在单位值班"
    with pytest.raises(rules.MicroHourSettled):
        record(bob, micro_hour)


def test_organizers_of_elsewhere_and_members_decide_nothing(alice, charlie, served, confirm, record):
    micro_hour = confirm(served(alice))
    with pytest.raises(RoleMissing):
        record(charlie, micro_hour)
    assert queries.waiting(charlie) == []
    with pytest.raises(rules.MicroHourNotFound):
        queries.own(charlie.id, micro_hour.id)


def test_what_one_phone_confirms_again_and_again_is_seen(alice, bob, served, confirm, at):
    for number in range(2):
        confirm(served(alice, until=at - number * 60 * MINUTE), at=at)
    assert {each.same_device for each in queries.waiting(bob)} == {2}
    assert all(each.is_in_office_hours == (each.micro_hour.started_at.hour == 1) for each in queries.waiting(bob))
