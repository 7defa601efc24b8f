"""Publishing and calling off: by the unit's organizer, before the start, with all a record will need."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bank.activities import actions, queries, rules
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.db import db, transaction
from bank.hours.rules import BANNED_CATEGORIES, CategoryBanned, CategoryUnknown
from bank.people.models import Person
from bank.people.rules import PersonNotFound, RoleMissing
from bank.units.models import Unit
from bank.units.rules import UnitNotFound
from tests.cases import cases

HOURS = timedelta(hours=1)
Build = Callable[..., NewActivity]


def published(by: Person, new: NewActivity, at: datetime) -> Activity:
    with transaction():
        return actions.publish(by=by, new=new, at=at)


def test_an_organizer_publishes(bob: Person, new_activity: Build, at: datetime) -> None:
    activity = published(bob, new_activity(name="  清扫楼道 "), at - HOURS)
    assert (activity.name, activity.state, activity.published_by_id) == ("清扫楼道", "published", bob.id)


def test_an_admin_publishes(dave: Person, new_activity: Build, at: datetime) -> None:
    assert published(dave, new_activity(), at - HOURS).id


@cases("who", ["alice", "carol", "erin", "charlie"])
def test_nobody_else_publishes(who: str, request: pytest.FixtureRequest, new_activity: Build, at: datetime) -> None:
    with pytest.raises(RoleMissing):
        published(request.getfixturevalue(who), new_activity(), at - HOURS)


def test_not_for_another_community(bob: Person, other_community: Unit, new_activity: Build, at: datetime) -> None:
    with pytest.raises(RoleMissing):
        published(bob, new_activity(unit_id=other_community.id), at - HOURS)


@pytest.mark.parametrize("late", [0, 1, 3600])
def test_not_after_it_has_begun(late: int, bob: Person, new_activity: Build, at: datetime) -> None:
    with pytest.raises(rules.ActivityInPast):
        published(bob, new_activity(), at + timedelta(seconds=late))


@cases("category", BANNED_CATEGORIES)
def test_not_what_is_no_service(category: str, bob: Person, new_activity: Build, at: datetime) -> None:
    with pytest.raises(CategoryBanned):
        published(bob, new_activity(category=category), at - HOURS)


@cases(
    ("field", "changes"),
    [
        ("name", {"name": " x "}),
        ("name", {"name": "清" * 101}),
        ("name", {"name": "清扫\x00"}),
        ("place", {"place": ""}),
        ("content", {"content": "清" * 1001}),
        ("capacity", {"capacity": 0}),
        ("capacity", {"capacity": 100_001}),
        ("class_percent", {"class_percent": 79}),
        ("class_percent", {"class_percent": 151}),
        ("break_minutes", {"break_minutes": -1}),
        ("break_minutes", {"break_minutes": 120}),
    ],
)
def test_bounds_are_kept(field: str, changes: dict[str, object], bob: Person, new_activity: Build, at: datetime) -> None:
    with pytest.raises(rules.BadActivity) as refused:
        published(bob, new_activity(**changes), at - HOURS)
    assert refused.value.details["field"] == field


def test_a_plan_has_one_minute_to_24_hours_within_a_year(bob: Person, new_activity: Build, at: datetime) -> None:
    for ends_at in (at, at - HOURS, at + 25 * HOURS):
        with pytest.raises(rules.BadActivity):
            published(bob, new_activity(ends_at=ends_at), at - HOURS)
    far = at + timedelta(days=400)
    with pytest.raises(rules.BadActivity):
        published(bob, new_activity(starts_at=far, ends_at=far + HOURS), at)
    assert published(bob, new_activity(ends_at=at + 24 * HOURS), at - HOURS).id


def test_what_is_not_there_is_refused(bob: Person, new_activity: Build, at: datetime) -> None:
    for changes, refusal in (
        ({"unit_id": 10**9}, UnitNotFound), ({"leader_id": 10**9}, PersonNotFound), ({"category": "x"}, CategoryUnknown)
    ):  # fmt: skip
        with pytest.raises(refusal):
            published(bob, new_activity(**changes), at - HOURS)


def test_calling_off_needs_a_reason(bob: Person, sweeping: Activity, at: datetime) -> None:
    for reason in ("", "  ", "雨" * 201):
        with pytest.raises(rules.BadActivity), transaction():
            actions.cancel(by=bob, activity_id=sweeping.id, reason=reason, at=at - HOURS)


def test_called_off_twice_keeps_the_first_reason(bob: Person, sweeping: Activity, at: datetime) -> None:
    for reason in ("下雨", "别的"):
        with transaction():
            actions.cancel(by=bob, activity_id=sweeping.id, reason=reason, at=at - HOURS)
    activity = queries.activity(sweeping.id)
    assert (activity.state, activity.cancel_reason) == ("cancelled", "下雨")


def test_lists_show_what_is_near(
    bob: Person, dave: Person, sweeping: Activity, other_community: Unit, community: Unit, new_activity: Build, at: datetime
) -> None:
    far = published(dave, new_activity(name="别处", unit_id=other_community.id), at - HOURS)
    near = [each.id for each in db.session.scalars(queries.upcoming(at=at, near=community))]
    assert near == [sweeping.id]
    assert {each.id for each in db.session.scalars(queries.upcoming(at=at))} == {sweeping.id, far.id}
    assert list(db.session.scalars(queries.past(at=at))) == []
    assert [each.id for each in db.session.scalars(queries.past(at=at + 3 * HOURS, near=community))] == [sweeping.id]
