"""How a scan changes attendance: the stay it begins, ends, or takes back. Called inside the lock of the activity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam

from bank.activities.models import Activity
from bank.attendance import queries, rules, scans
from bank.attendance.known import Comer, Held
from bank.attendance.models import Attendance, Scan
from bank.db import Base, current_connection, db
from bank.hours.rules import RuleSet
from bank.joining.actions import admit
from bank.people.models import Person

LOOK_BACK = timedelta(seconds=2)  # A clock may be set back by so much between two scans that both are true.
_STAYS = Base.metadata.tables[Attendance.__tablename__]
_BEGIN = _STAYS.insert().inline()
_END = _STAYS.update().where(_STAYS.c.id == bindparam("stay_id"))


@dataclass(frozen=True, slots=True)
class Came:
    """Who comes or leaves, when and how; the stays so far in order, and the rules of the day."""

    held: Held
    comer: Comer
    stays: Sequence[Row[Any]]
    rules: RuleSet
    at: datetime
    way: str
    is_late: bool

    def check_open(self) -> None:
        """Raise what says that it is too early, too late, or that the activity takes no scans."""
        of = self.held
        rules.check_open(state=of.state, starts_at=of.starts_at, ends_at=of.ends_at, at=self.at, rules=self.rules)


def enter(came: Came, *, by_id: int) -> None:
    """Begin a stay; raises one of `rules.REFUSED` (AlreadyCheckedIn: with time and gate)."""
    for each in came.stays:
        if each.checked_out_at is None or (came.is_late and came.at < each.checked_out_at):
            _refuse_second(came, each.checked_in_at)
    came.check_open()
    if len(came.stays) >= came.rules.pairs_max:
        raise rules.TooManyStays(stays_max=came.rules.pairs_max)
    if not came.stays and not _has_place(came, by_id):
        raise rules.ActivityFull(capacity=came.held.capacity)
    # The clock may have been set back since the last stay; stays never overlap.
    begin = max([came.at, *(each.checked_out_at for each in came.stays if each.checked_out_at)])
    new = {"activity_id": came.held.id, "person_id": came.comer.id, "pair": len(came.stays) + 1}
    # The unique index has the last word, should the lock ever be forgotten.
    current_connection().execute(_BEGIN, new | {"checked_in_at": begin, "checked_in_by": came.way})


def leave(came: Came) -> None:
    """End the open stay; raises one of `rules.REFUSED`."""
    if not came.stays:
        raise rules.NotCheckedIn()
    last = came.stays[-1]
    if last.checked_out_at is not None:
        raise rules.AlreadyCheckedOut(checked_out_at=last.checked_out_at)
    if came.is_late and came.at < last.checked_in_at:
        raise rules.NotCheckedIn()
    came.check_open()
    # The clock may have been set back since; and a check-out that arrives late was not forgotten.
    out = {"checked_out_at": max(came.at, last.checked_in_at), "checked_out_by": came.way, "forgotten_at": None}
    current_connection().execute(_END, out | {"stay_id": last.stay_id})


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


def _refuse_second(came: Came, checked_in_at: datetime) -> None:
    if came.is_late and came.at < checked_in_at:
        raise rules.StayOverlaps()
    gate = scans.gate_of(activity_id=came.held.id, person_id=came.comer.id, checked_in_at=checked_in_at)
    raise rules.AlreadyCheckedIn(checked_in_at=checked_in_at, gate=gate)


def _has_place(came: Came, by_id: int) -> bool:
    """Whether who stands at the door has joined, or finds a place left. Raises what keeps a minor out."""
    if came.comer.joined == "joined":
        return True
    activity, person = db.session.get_one(Activity, came.held.id), db.session.get_one(Person, came.comer.id)
    return admit(activity, person, by_id=by_id, at=came.at)
