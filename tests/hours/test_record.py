"""Recording a service: minutes and points arrive once, by the rules, and nobody pays themselves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bank.db import db, transaction
from bank.hours import actions, queries, rules
from bank.hours.actions import Recorded
from bank.hours.models import Service, ServiceRecord
from bank.hours.rules import NewPart, NewService
from bank.ledger import actions as ledger
from bank.ledger.models import JournalEntry
from bank.ledger.queries import balance, trial_balance
from bank.people.models import Person
from bank.people.rules import PersonNotFound, RoleMissing
from bank.units.models import Unit
from bank.units.rules import UnitNotFound
from tests.cases import cases

Build = Callable[..., NewService]
Part = Callable[..., NewPart]


def record(by: Person, service: NewService, *parts: NewPart, at: datetime) -> Recorded:
    with transaction():
        return actions.record(by=by, service=service, parts=parts, at=at)


def balances(person: Person) -> tuple[int, int]:
    """(minutes, hundredths of a point) in the two books."""
    return balance(person.minutes_account_id), balance(person.points_account_id)


def record_of(person: Person) -> ServiceRecord:
    return queries.records_of(person.id)[0]


def test_two_hours_arrive_in_both_books(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    service = new_service()
    record(bob, service, part(alice, service), at=at)
    assert balances(alice) == (120, 200)
    assert set(trial_balance().values()) == {0}


def test_the_vectors_of_the_domain_are_posted(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    for days, percent, points in ((1, 120, 190), (2, 90, 190 + 142)):
        service = new_service(class_percent=percent, starts_at=at - timedelta(days=days))
        record(bob, service, part(alice, service, minutes=95), at=at)
        assert balances(alice)[1] == points


def test_the_record_says_what_order_67_asks(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    service = new_service()
    record(bob, service, part(alice, service), at=at)
    written = record_of(alice)
    assert (written.service.name, written.service.place, written.service.content) == ("清扫楼道", "3 号楼", "清扫三号楼的楼道")
    assert (written.service.served_on, written.service.leader_id, written.minutes) == (date(2026, 10, 14), bob.id, 120)
    assert (written.rule_version, written.evidence, written.confirmed_by_id) == (1, "scanned", bob.id)


def test_the_entry_names_rule_day_and_recorder(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    service = new_service()
    record(bob, service, part(alice, service), at=at)
    entry = db.session.get_one(JournalEntry, record_of(alice).entry_id)
    assert (entry.kind, entry.rule_version, entry.effective_on, entry.recorded_by) == ("deposit", 1, date(2026, 10, 14), bob.key)


def test_sent_twice_it_is_paid_once(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    service = new_service()
    first = record(bob, service, part(alice, service), at=at)
    again = record(bob, service, part(alice, service), at=at + timedelta(days=1))
    assert (first.record_count, again.record_count, again.service_id) == (1, 0, first.service_id)
    assert balances(alice) == (120, 200)


def test_one_source_is_one_service(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    service = new_service(source="activity:7")
    record(bob, service, part(alice, service), at=at)
    with pytest.raises(rules.SourceReused):
        record(bob, new_service(source="activity:7", name="别的活动"), at=at)


def test_nobody_records_their_own_hours(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    service = new_service()
    recorded = record(bob, service, part(bob, service), part(alice, service), at=at)
    assert (recorded.record_count, recorded.left_out_ids) == (1, (bob.id,))
    assert balances(bob) == (0, 0)


def test_another_records_what_was_left_out(
    bob: Person, dave: Person, alice: Person, new_service: Build, part: Part, at: datetime
) -> None:
    service = new_service()
    parts = part(bob, service), part(alice, service)
    record(bob, service, *parts, at=at)
    recorded = record(dave, service, *parts, at=at + timedelta(hours=1))
    assert (recorded.record_count, recorded.left_out_ids) == (1, ())
    assert balances(bob) == balances(alice) == (120, 200)


def test_too_short_a_presence_is_kept_without_an_entry(
    bob: Person, alice: Person, new_service: Build, part: Part, at: datetime
) -> None:
    service = new_service()
    record(bob, service, part(alice, service, minutes=71), at=at)
    written = record_of(alice)
    assert (written.present_minutes, written.minutes, written.points, written.cut_reasons) == (71, 0, 0, "presence")
    assert written.entry_id is None


def test_a_ninth_hour_of_a_day_counts_nothing(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    early = new_service(hours=6, starts_at=at - timedelta(days=2))
    late = new_service(hours=3, starts_at=at - timedelta(days=2) + timedelta(hours=7))
    for service in (early, late):
        record(bob, service, part(alice, service), at=at)
    assert balances(alice) == (480, 800)
    assert record_of(alice).cut_reasons == "day_cap"


def test_two_services_at_once_are_counted_once(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    for hours_later in (0, 1):
        service = new_service(starts_at=at - timedelta(days=1) + timedelta(hours=hours_later))
        record(bob, service, part(alice, service), at=at)
    assert balances(alice) == (180, 300)
    assert record_of(alice).cut_reasons == "overlap"


def test_a_night_over_midnight_is_counted_once(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    night = datetime(2026, 10, 13, 15, 0, tzinfo=UTC)  # 23:00 in the bank's zone; the second begins the next day.
    for starts_at in (night, night + timedelta(minutes=90)):
        service = new_service(starts_at=starts_at)
        record(bob, service, part(alice, service), at=at)
    assert balances(alice)[0] == 120 + 90


def test_after_600_points_a_year_only_minutes_count(
    bob: Person, alice: Person, new_service: Build, part: Part, at: datetime
) -> None:
    days = [new_service(hours=8, starts_at=at - timedelta(days=each), class_percent=150) for each in range(1, 52)]
    with transaction():
        actions.import_services(by=bob, services=[(service, [part(alice, service)]) for service in days], at=at)
    assert balances(alice) == (51 * 480, 60_000)
    assert record_of(alice).cut_reasons == "year_cap"


def test_a_supplement_counts_minutes_and_names_both_people(
    bob: Person, dave: Person, alice: Person, new_service: Build, part: Part, at: datetime
) -> None:
    service = new_service()
    supplement = part(alice, service, evidence="supplemented", reason="手机没电", approved_by_id=dave.id)
    record(bob, service, supplement, at=at)
    entry = db.session.get_one(JournalEntry, record_of(alice).entry_id)
    assert balances(alice) == (120, 0)
    assert (entry.recorded_by, entry.approved_by, entry.reason) == (bob.key, dave.key, "supplemented")
    assert record_of(alice).reason == "手机没电"


def test_a_late_record_counts_today_and_keeps_its_day(
    bob: Person, alice: Person, new_service: Build, part: Part, at: datetime
) -> None:
    september = new_service(starts_at=datetime(2026, 9, 20, 1, 0, tzinfo=UTC))
    record(bob, september, part(alice, september), at=at)
    with transaction():
        ledger.close_month(month=date(2026, 9, 1), at=at)
    late = new_service(starts_at=datetime(2026, 9, 21, 1, 0, tzinfo=UTC))
    record(bob, late, part(alice, late), at=at)
    entry = db.session.get_one(JournalEntry, record_of(alice).entry_id)
    assert (entry.effective_on, record_of(alice).service.served_on) == (date(2026, 10, 15), date(2026, 9, 21))


@cases("who", ["alice", "carol", "erin", "charlie"])
def test_only_organizer_and_admin_record(
    who: str, request: pytest.FixtureRequest, charlie: Person, new_service: Build, part: Part, at: datetime
) -> None:
    service = new_service()
    with pytest.raises(RoleMissing):
        record(request.getfixturevalue(who), service, part(charlie, service), at=at)
    assert db.session.scalar(select(Service.id)) is None


def test_an_organizer_records_nothing_for_another_community(
    bob: Person, alice: Person, other_community: Unit, new_service: Build, part: Part, at: datetime
) -> None:
    service = new_service(unit_id=other_community.id)
    with pytest.raises(RoleMissing):
        record(bob, service, part(alice, service), at=at)


def test_what_is_not_there_is_refused(bob: Person, dave: Person, new_service: Build, at: datetime) -> None:
    service = new_service()
    with pytest.raises(PersonNotFound):
        record(bob, service, NewPart(person_id=10**9, stays=()), at=at)
    with pytest.raises((UnitNotFound, RoleMissing)):
        record(dave, new_service(unit_id=10**9), at=at)


def test_a_person_has_one_part(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    service = new_service()
    with pytest.raises(rules.PersonTwice):
        record(bob, service, part(alice, service), part(alice, service, minutes=80), at=at)


def test_a_refused_service_leaves_nothing(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    good, banned = new_service(), new_service(category="meeting")
    with pytest.raises(rules.CategoryBanned), transaction():
        actions.import_services(by=bob, services=[(good, [part(alice, good)]), (banned, [part(alice, banned)])], at=at)
    assert (balances(alice), db.session.scalar(select(Service.id))) == ((0, 0), None)


def test_minutes_and_points_of_a_year_are_told(bob: Person, alice: Person, new_service: Build, part: Part, at: datetime) -> None:
    for starts_at in (at - timedelta(days=1), at - timedelta(days=400)):
        service = new_service(starts_at=starts_at)
        record(bob, service, part(alice, service), at=at)
    assert (queries.minutes_in_year(alice.id, 2026), queries.points_in_year(alice.id, 2026)) == (120, 200)
