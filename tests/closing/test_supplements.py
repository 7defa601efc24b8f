"""Time without scans: a reason, a second person, the plan as the most, no points, and bulk entries in sight."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bank.activities import actions as activities
from bank.activities.models import Activity
from bank.activities.rules import ActivityCancelled
from bank.attendance import confirm
from bank.closing import actions, queries, rules
from bank.closing.models import Supplement
from bank.db import db, transaction
from bank.hours.queries import records_of
from bank.ledger.queries import balance
from bank.people import actions as people
from bank.people import belonging
from bank.people.models import Person
from bank.people.rules import NewPerson, PersonNotFound, RoleMissing
from bank.privacy.actions import erase
from bank.units.models import Unit

Asks = Callable[..., list[Supplement]]
HOURS, MINUTES = timedelta(hours=1), timedelta(minutes=1)


def decide(by: Person, asked: Sequence[Supplement], at: datetime, *, is_agreed: bool = True) -> list[Supplement]:
    with transaction():
        return actions.decide_supplements(by=by, supplement_ids=[each.id for each in asked], is_agreed=is_agreed, at=at)


def test_a_second_person_agrees_and_minutes_count_without_points(
    ask: Asks, second: Person, alice: Person, bob: Person, over: datetime
) -> None:
    [done] = decide(second, ask(alice), over)
    [record] = records_of(alice.id)
    assert (done.state, done.decided_by_id) == ("agreed", second.id)
    assert (record.minutes, record.points, record.evidence, record.reason) == (120, 0, "supplemented", "手机没电")
    assert (balance(alice.minutes_account_id), record.confirmed_by_id) == (120, bob.id)


def test_the_plan_is_the_most_and_a_part_of_it_is_what_it_is(
    ask: Asks, second: Person, alice: Person, at: datetime, over: datetime
) -> None:
    for span in ((at - MINUTES, at + HOURS), (at, at + 121 * MINUTES), (at + HOURS, at + HOURS), (at + HOURS, at)):
        with pytest.raises(rules.BadSupplement):
            ask(alice, starts_at=span[0], ends_at=span[1])
    decide(second, ask(alice, starts_at=at, ends_at=at + 90 * MINUTES), over)
    assert records_of(alice.id)[0].minutes == 90


def test_asked_and_agreed_twice_it_counts_once(ask: Asks, second: Person, alice: Person, over: datetime) -> None:
    asked = ask(alice)
    assert ask(alice) == []
    decide(second, asked, over)
    decide(second, asked, over)
    assert balance(alice.minutes_account_id) == 120
    with pytest.raises(rules.DecidedAlready):
        decide(second, asked, over, is_agreed=False)


def test_refused_it_counts_nothing_and_may_be_asked_anew(ask: Asks, second: Person, alice: Person, over: datetime) -> None:
    decide(second, ask(alice), over, is_agreed=False)
    assert records_of(alice.id) == []
    assert len(ask(alice)) == 1


def test_neither_who_asked_nor_the_member_nor_their_households_agree(
    ask: Asks, second: Person, bob: Person, alice: Person, dave: Person, over: datetime
) -> None:
    asked = ask(second)
    for by in (bob, second):
        with pytest.raises(rules.AnotherAgrees):
            decide(by, asked, over)
    with transaction():
        belonging.join_household(by=dave, person_id=alice.id, with_person_id=second.id, at=over)
    with pytest.raises(rules.AnotherAgrees):
        decide(second, ask(alice), over)


def test_nobody_asks_for_oneself_or_the_household(ask: Asks, bob: Person, alice: Person, dave: Person, over: datetime) -> None:
    with pytest.raises(rules.NotForYourself):
        ask(bob)
    with transaction():
        belonging.join_household(by=dave, person_id=alice.id, with_person_id=bob.id, at=over)
    with pytest.raises(rules.NotForYourself):
        ask(alice)


def test_who_has_scans_or_a_record_needs_no_supplement(
    ask: Asks,
    alice: Person,
    charlie: Person,
    bob: Person,
    sweeping: Activity,
    attend: Callable[..., None],
    at: datetime,
    over: datetime,
) -> None:
    attend(alice, sweeping, at, at + 2 * HOURS)
    attend(charlie, sweeping, at, None)
    with pytest.raises(rules.SupplementNotNeeded) as refused:
        ask(alice, charlie)
    assert refused.value.details == {"names": "安丽"}
    with transaction():
        confirm.confirm(by=bob, activity_id=sweeping.id, at=over)
    with pytest.raises(rules.SupplementNotNeeded):
        ask(alice)
    assert len(ask(charlie)) == 1  # The single scan is what a supplement decides.


@pytest.mark.parametrize("reason", ["", "   ", "字" * 201])
def test_a_reason_is_needed(reason: str, ask: Asks, alice: Person) -> None:
    with pytest.raises(rules.BadSupplement):
        ask(alice, reason=reason)


def test_not_before_the_end_not_for_what_was_called_off_not_by_strangers(
    ask: Asks, alice: Person, bob: Person, erin: Person, charlie: Person, sweeping: Activity, at: datetime
) -> None:
    with pytest.raises(rules.NotOverYet):
        ask(alice, at=at + HOURS)
    for by in (erin, charlie):
        with pytest.raises(RoleMissing):
            ask(alice, by=by)
    with pytest.raises(PersonNotFound):
        ask(alice, person_ids=(10**9,))
    with transaction():
        activities.cancel(by=bob, activity_id=sweeping.id, reason="下雨", at=at)
    with pytest.raises(ActivityCancelled):
        ask(alice)


def test_many_on_one_day_are_marked_for_the_auditor(
    ask: Asks, bob: Person, erin: Person, charlie: Person, community: Unit, over: datetime
) -> None:
    new = [NewPerson(name="王小明", phone=f"139{number:08d}", unit_id=community.id) for number in range(5)]
    with transaction():
        persons = [db.session.get_one(Person, each) for each in people.enrol_all(by=None, new=new, at=over)]
    ask(*persons[:4])
    assert list(db.session.scalars(queries.supplements(by=erin, is_bulk=True))) == []
    ask(persons[4])
    assert len(list(db.session.scalars(queries.supplements(by=erin, is_bulk=True)))) == 5
    assert list(db.session.scalars(queries.supplements(by=charlie))) == []


def test_the_database_knows_the_second_person_too(ask: Asks, alice: Person, bob: Person) -> None:
    [asked] = ask(alice)
    for name in ("decided_by_id", "person_id"):
        with pytest.raises(IntegrityError), transaction():
            row = db.session.get_one(Supplement, asked.id)
            row.state, row.decided_at = "agreed", row.asked_at
            setattr(row, name, bob.id)


def test_a_reason_that_names_the_erased_goes_with_the_person(
    ask: Asks, second: Person, alice: Person, dave: Person, over: datetime
) -> None:
    asked = ask(alice, reason=f"{alice.name}的手机坏了")
    decide(second, asked, over)
    with transaction():
        erase(by=dave, person_id=alice.id, at=over)
    db.session.expire_all()
    assert (asked[0].reason, records_of(alice.id)[0].reason) == ("*的手机坏了", "*")


@pytest.mark.usefixtures("three_days")
def test_with_publicity_supplements_are_shown_first(ask: Asks, second: Person, alice: Person, over: datetime) -> None:
    decide(second, ask(alice), over)
    assert records_of(alice.id) == []
    assert ask(alice) == []
