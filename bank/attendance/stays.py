"""How a scan changes attendance: the stay it begins, ends, or takes back. Called inside the lock of the activity."""

from datetime import datetime, timedelta

from bank.activities.models import Activity
from bank.attendance import queries, rules, scans
from bank.attendance.models import Attendance, Scan
from bank.clock import local_day
from bank.db import db
from bank.hours.queries import rule_set
from bank.joining.actions import admit
from bank.people.models import Person

LOOK_BACK = timedelta(seconds=2)  # A clock may be set back by so much between two scans that both are true.


def enter(activity: Activity, person: Person, at: datetime, *, by: Person, way: str, is_late: bool = False) -> Attendance:
    """Begin a stay at an instant; raises one of `rules.REFUSED` (AlreadyCheckedIn: with time and gate)."""
    in_force = rule_set(local_day(activity.starts_at))
    stays = queries.attendances_of(person_id=person.id, activity_id=activity.id)
    for each in stays:
        if each.checked_out_at is None or (is_late and at < each.checked_out_at):
            _refuse_second(activity, person, each, at, is_late=is_late)
    rules.check_open(state=activity.state, starts_at=activity.starts_at, ends_at=activity.ends_at, at=at, rules=in_force)
    if len(stays) >= in_force.pairs_max:
        raise rules.TooManyStays(stays_max=in_force.pairs_max)
    if not stays and not admit(activity, person, by=by, at=at):
        raise rules.ActivityFull(capacity=activity.capacity)
    # The clock may have been set back since the last stay; stays never overlap.
    begin = max([at, *(each.checked_out_at for each in stays if each.checked_out_at)])
    attendance = Attendance(
        activity_id=activity.id, person_id=person.id, pair=len(stays) + 1, checked_in_at=begin, checked_in_by=way
    )
    db.session.add(attendance)
    db.session.flush()  # The unique index has the last word, should the lock ever be forgotten.
    return attendance


def leave(activity: Activity, person: Person, at: datetime, *, way: str, is_late: bool = False) -> Attendance:
    """End the open stay at an instant; raises one of `rules.REFUSED`."""
    stays = queries.attendances_of(person_id=person.id, activity_id=activity.id)
    if not stays:
        raise rules.NotCheckedIn()
    if stays[-1].checked_out_at is not None:
        raise rules.AlreadyCheckedOut(checked_out_at=stays[-1].checked_out_at)
    if is_late and at < stays[-1].checked_in_at:
        raise rules.NotCheckedIn()
    rules.check_open(
        state=activity.state, starts_at=activity.starts_at, ends_at=activity.ends_at, at=at,
        rules=rule_set(local_day(activity.starts_at)),
    )  # fmt: skip
    stays[-1].checked_out_at = max(at, stays[-1].checked_in_at)  # The clock may have been set back since.
    stays[-1].checked_out_by = way
    stays[-1].forgotten_at = None  # A check-out that arrives late was not forgotten.
    db.session.flush()
    return stays[-1]


def take_back(scan: Scan) -> None:
    """Undo what an accepted scan did to its person's stays. Raises ScanNotToUndo unless it was the last of them."""
    assert scan.activity_id is not None and scan.person_id is not None, "only accepted scans are undone"
    stays = queries.attendances_of(person_id=scan.person_id, activity_id=scan.activity_id)
    last = stays[-1] if stays else None
    if scan.kind == "in" and last is not None and last.checked_out_at is None and _is_of(scan, last.checked_in_at):
        db.session.delete(last)  # It follows from the scans, which stay: the first one and its opposite.
    elif scan.kind == "out" and last is not None and last.checked_out_at is not None and _is_of(scan, last.checked_out_at):
        last.checked_out_at = last.checked_out_by = None
    else:
        raise rules.ScanNotToUndo()
    db.session.flush()


def _is_of(scan: Scan, at: datetime) -> bool:
    return abs(at - scan.counted_at) <= LOOK_BACK


def _refuse_second(activity: Activity, person: Person, stay: Attendance, at: datetime, *, is_late: bool) -> None:
    if is_late and at < stay.checked_in_at:
        raise rules.StayOverlaps()
    gate = scans.gate_of(activity_id=activity.id, person_id=person.id, checked_in_at=stay.checked_in_at)
    raise rules.AlreadyCheckedIn(checked_in_at=stay.checked_in_at, gate=gate)
