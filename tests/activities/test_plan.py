"""Plans before they are held: drafts, series, changes, insurance, and where an activity stands."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bank.activities import actions, queries, rules
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.clock import local_day
from bank.db import db, transaction
from bank.joining import actions as joining
from bank.joining import changes
from bank.joining import queries as joined
from bank.joining.rules import CapacityTaken
from bank.people.models import Person
from bank.people.rules import RoleMissing

Build = Callable[..., NewActivity]
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
THURSDAY = date(2026, 10, 15)


@pytest.fixture
def weekly(bob: Person, new_activity: Build, at: datetime) -> list[Activity]:
    """Four Thursdays."""
    with transaction():
        return actions.publish_series(by=bob, new=new_activity(), until_on=THURSDAY + 27 * DAYS, at=at - DAYS)


def change(by: Person, activity: Activity, new: NewActivity, at: datetime, *, is_following: bool = False) -> list[Activity]:
    with transaction():
        return changes.change(by=by, activity_id=activity.id, new=new, is_following=is_following, at=at)


@pytest.mark.parametrize(("until", "weeks", "count"), [(7, 1, 2), (27, 1, 4), (28, 2, 3), (364, 1, 53), (28, 4, 2)])
def test_a_series_has_its_days(until: int, weeks: int, count: int) -> None:
    days = rules.days_of_series(THURSDAY, until_on=THURSDAY + until * DAYS, every_weeks=weeks)
    assert len(days) == count
    assert {each.weekday() for each in days} == {3}


@pytest.mark.parametrize(("until", "weeks"), [(0, 1), (-1, 1), (6, 1), (7, 0), (70, 9), (367, 1)])
def test_a_series_that_is_none_is_refused(until: int, weeks: int) -> None:
    with pytest.raises(rules.BadSeries):
        rules.days_of_series(THURSDAY, until_on=THURSDAY + until * DAYS, every_weeks=weeks)


def test_every_week_until_a_day(weekly: list[Activity], at: datetime) -> None:
    assert [each.starts_at - at for each in weekly] == [number * 7 * DAYS for number in range(4)]
    assert len({each.series_id for each in weekly}) == 1 and weekly[0].series_id


def test_one_of_a_series_changes_alone(weekly: list[Activity], bob: Person, new_activity: Build, at: datetime) -> None:
    change(bob, weekly[1], new_activity(place="西门", starts_at=at + 7 * DAYS, ends_at=at + 7 * DAYS + HOURS), at)
    assert [each.place for each in weekly] == ["3 号楼", "西门", "3 号楼", "3 号楼"]


def test_all_that_follow_change_in_step(weekly: list[Activity], bob: Person, new_activity: Build, at: datetime) -> None:
    start = at + 9 * DAYS + HOURS  # From Thursday at nine to Saturday at ten.
    new = new_activity(place="西门", starts_at=start, ends_at=start + 3 * HOURS)
    assert len(change(bob, weekly[1], new, at, is_following=True)) == 3
    db.session.expire_all()
    assert [each.starts_at - at for each in weekly] == [
        number * 7 * DAYS + (2 * DAYS + HOURS) * (number > 0) for number in range(4)
    ]
    assert [each.place for each in weekly] == ["3 号楼", "西门", "西门", "西门"]


def test_a_plan_does_not_change_once_it_has_begun(bob: Person, sweeping: Activity, new_activity: Build, at: datetime) -> None:
    with pytest.raises(rules.BegunOrOver):
        change(bob, sweeping, new_activity(place="西门", starts_at=at + HOURS, ends_at=at + 2 * HOURS), at)


def test_a_plan_does_not_change_its_unit(
    bob: Person, dave: Person, sweeping: Activity, new_activity: Build, at: datetime
) -> None:
    with pytest.raises(rules.BadActivity):
        change(dave, sweeping, new_activity(unit_id=dave.unit.parent_id), at - HOURS)


def test_only_the_units_organizers_change_it(alice: Person, sweeping: Activity, new_activity: Build, at: datetime) -> None:
    with pytest.raises(RoleMissing):
        change(alice, sweeping, new_activity(place="西门"), at - HOURS)


def test_more_places_let_those_who_wait_move_up_and_fewer_push_nobody_out(
    bob: Person, alice: Person, charlie: Person, publish: Callable[..., Activity], new_activity: Build, at: datetime
) -> None:
    activity = publish(capacity=1)
    for person in (alice, charlie):
        with transaction():
            joining.join(by=person, activity_id=activity.id, at=at - 3 * HOURS)
    change(bob, activity, new_activity(capacity=2), at - 2 * HOURS)
    assert joined.joined_ids(activity.id) == {alice.id, charlie.id}
    with pytest.raises(CapacityTaken):
        change(bob, activity, new_activity(capacity=1), at - HOURS)


def test_a_risky_activity_names_its_insurance(bob: Person, publish: Callable[..., Activity]) -> None:
    for number in (None, "", "  ", "abc", "x" * 41, "保单\n12"):
        with pytest.raises(rules.BadActivity) as refused:
            publish(is_risky=True, insurance_number=number)
        assert refused.value.details == {"field": "insurance_number"}
    assert publish(is_risky=True, insurance_number=" PICC-2026-000123 ").insurance_number == "PICC-2026-000123"


def test_a_draft_is_seen_by_organizers_alone_and_goes_when_it_is_published(
    bob: Person, dave: Person, carol: Person, charlie: Person, new_activity: Build, at: datetime
) -> None:
    unit_id = bob.unit_id
    with transaction():
        draft = actions.save_draft(by=bob, unit_id=unit_id, content={"name": "清扫"}, at=at - DAYS)
    with transaction():
        same = actions.save_draft(by=dave, unit_id=unit_id, content={"name": "清扫楼道"}, draft_id=draft.id, at=at - DAYS)
    assert (same.id, [each.content for each in queries.drafts(by=bob)]) == (draft.id, [{"name": "清扫楼道"}])
    for by in (carol, charlie):
        assert queries.drafts(by=by) == []
        with pytest.raises(rules.DraftNotFound), transaction():
            actions.drop_draft(by=by, draft_id=draft.id)
        with pytest.raises(RoleMissing), transaction():
            actions.save_draft(by=by, unit_id=unit_id, content={}, at=at)
    with transaction():
        actions.publish(by=bob, new=new_activity(), draft_id=draft.id, at=at - HOURS)
    assert queries.drafts(by=bob) == []


@pytest.mark.parametrize(
    ("state", "hours", "is_on_show", "life"),
    [
        ("published", -1, False, "published"), ("published", 0, False, "running"), ("published", 2, False, "closed"),
        ("confirmed", 3, True, "confirmed"), ("confirmed", 3, False, "posted"), ("cancelled", 1, False, "cancelled"),
    ],
)  # fmt: skip
def test_where_an_activity_stands_follows_the_clock(state: str, hours: int, is_on_show: bool, life: str, at: datetime) -> None:
    now = at + hours * HOURS
    assert rules.life(state=state, starts_at=at, ends_at=at + 2 * HOURS, at=now, is_on_show=is_on_show) == life


def test_the_calendar_has_everything_of_a_span_also_what_was_called_off(
    weekly: list[Activity], bob: Person, alice: Person, charlie: Person, at: datetime
) -> None:
    with transaction():
        actions.cancel(by=bob, activity_id=weekly[1].id, reason="下雨", at=at)
    found = queries.between(since=at - HOURS, until=at + 8 * DAYS, near=alice.unit)
    assert [(local_day(each.starts_at), each.state) for each in found] == [
        (THURSDAY, "published"), (THURSDAY + 7 * DAYS, "cancelled")
    ]  # fmt: skip
    assert queries.between(since=at - HOURS, until=at + 8 * DAYS, near=charlie.unit) == []
