"""How an activity ends: its stays become service records, or it is called off because nobody has come."""

from dataclasses import dataclass
from datetime import date, datetime

from bank.activities.actions import locked
from bank.activities.models import Activity
from bank.activities.queries import as_service, following, require_organizer
from bank.attendance import queries, rules
from bank.clock import local_day
from bank.db import db
from bank.hours.queries import rule_set
from bank.joining import changes
from bank.people.models import Person
from bank.publicity.actions import put_up


@dataclass(frozen=True)
class Confirmation:
    """What confirming did: hours posted or, until `shown_until`, on show; people left out; people who never checked out."""

    activity: Activity
    record_count: int
    left_out_ids: tuple[int, ...]
    pending_count: int
    shown_until: date | None


def call_off_following(*, by: Person, activity_id: int, reason: str, at: datetime) -> list[Activity]:
    """Cancel an activity and all that follow in its series. Raises what `call_off` raises."""
    first = locked(activity_id)
    ids = [first.id, *(each.id for each in following(first))]
    return [call_off(by=by, activity_id=each, reason=reason, at=at) for each in ids]


def call_off(*, by: Person, activity_id: int, reason: str, at: datetime) -> Activity:
    """Cancel an activity before anybody has come, and tell those who have joined.

    Raises SomebodyCame, RoleMissing, BadActivity without a reason.
    """
    activity = locked(activity_id)
    if activity.state == "confirmed" or queries.head_count(activity.id):
        require_organizer(by, activity.unit_id)
        raise rules.SomebodyCame()
    return changes.cancel(by=by, activity_id=activity.id, reason=reason, at=at)


def confirm(*, by: Person, activity_id: int, at: datetime) -> Confirmation:
    """Turn all finished stays into service records and deposit them, or make them public first where the rules say so.

    The hours of `by` and of the household wait for somebody else.
    Who never checked out stays pending (待核实) and earns nothing until decided.
    Raises RoleMissing, ConfirmTooEarly, AlreadyConfirmed, ActivityCancelled, NobodyToConfirm, OwnHoursNeedOther.
    """
    activity = locked(activity_id)
    require_organizer(by, activity.unit_id)
    rules.check_confirm(
        state=activity.state, ends_at=activity.ends_at, is_somebody_in=queries.is_somebody_in(activity.id), at=at,
        rules=rule_set(local_day(activity.starts_at)),
    )  # fmt: skip
    parts = queries.parts(activity)
    if not parts:
        raise rules.NobodyToConfirm()
    recorded = put_up(by=by, service=as_service(activity), parts=parts, at=at)
    if recorded.left_out_ids and not recorded.record_count:
        raise rules.OwnHoursNeedOther()
    if not recorded.left_out_ids:
        activity.state, activity.confirmed_at, activity.confirmed_by_id = "confirmed", at, by.id
    db.session.flush()
    pending_count = queries.head_count(activity.id) - len(parts)
    return Confirmation(activity, recorded.record_count, recorded.left_out_ids, pending_count, recorded.ends_on)
