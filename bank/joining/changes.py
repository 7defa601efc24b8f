"""Plans that change or are called off when people have joined: they keep their places, move up, and are told."""

from datetime import datetime, timedelta

from bank.activities import actions as activities
from bank.activities import queries as plans
from bank.activities.models import Activity
from bank.activities.rules import TOLD_FIELDS, NewActivity
from bank.clock import local_day, local_instant, zone
from bank.joining import actions, queries, rules
from bank.people.models import Person


def change(*, by: Person, activity_id: int, new: NewActivity, is_following: bool = False, at: datetime) -> list[Activity]:
    """Change one activity before it begins, or it and all that follow in its series; answers those that are different now.

    The following keep their days, moved by as many as the first is, and take over its local time and everything else.
    Raises CapacityTaken below the number of those who have joined, and what `activities.actions.edit` raises.
    """
    first = activities.locked(activity_id)
    later = plans.following(first) if is_following else []
    shift = local_day(new.starts_at) - local_day(first.starts_at)
    wanted = [(first.id, new)] + [(each.id, _in_step(each, new, shift)) for each in later]
    changed = [_change_one(by, *each, at) for each in wanted]
    return [each for each in changed if each is not None]


def cancel(*, by: Person, activity_id: int, reason: str, at: datetime) -> Activity:
    """Call an activity off and tell all who have joined or wait, once. Raises what `activities.actions.cancel` raises."""
    activity = activities.cancel(by=by, activity_id=activity_id, reason=reason, at=at)
    key = f"activity:{activity.id}/cancelled"
    actions.tell(activity, queries.told_ids(activity.id), "activity_cancelled", reason=activity.cancel_reason, key=key, at=at)
    return activity


def _change_one(by: Person, activity_id: int, new: NewActivity, at: datetime) -> Activity | None:
    activity, changed = activities.edit(by=by, activity_id=activity_id, new=new, at=at)
    joined = queries.places([activity])[activity.id].joined
    if joined > activity.capacity:
        raise rules.CapacityTaken(joined=joined)
    if changed & set(TOLD_FIELDS):
        told = queries.told_ids(activity.id)
        key = f"activity:{activity.id}/changed/{at.timestamp():.0f}"
        actions.tell(activity, told, "activity_changed", key=key, at=at)
    actions.move_up(activity, at=at)
    return activity if changed else None


def _in_step(activity: Activity, new: NewActivity, shift: timedelta) -> NewActivity:
    day = local_day(activity.starts_at) + shift
    return activities.moved(new, starts_at=local_instant(day, new.starts_at.astimezone(zone()).time()))
