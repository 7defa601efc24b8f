"""Scans as tests make them: each in a transaction of its own, with a nonce of its own, and the refusal raised."""

from datetime import datetime
from typing import Any

from bank.activities.models import Activity
from bank.attendance import actions, ticket
from bank.attendance.known import Written
from bank.attendance.models import Attendance
from bank.attendance.queries import attendances_of, secret
from bank.attendance.rules import ACCEPTED, REFUSED, Gate, NewScan
from bank.db import random_key, transaction
from bank.people.models import Person
from bank.web.scan_answers import details

KINDS = {each.code: each for each in REFUSED}


def take(by: Person, at: datetime, *, gate: Gate | None = None, **scan: Any) -> Written:
    """The scan as it was written down, refused or not."""
    with transaction():
        return actions.take(by=by, scan=NewScan(**{"nonce": random_key(), "kind": "in"} | scan), gate=gate or Gate(), at=at)


def stay(by: Person, activity: Activity, at: datetime, **scan: Any) -> Attendance:
    """The stay that a scan began or ended. Raises why it was refused."""
    taken = take(by, at, activity_id=activity.id, **scan)
    if taken.answer not in ACCEPTED:
        raise KINDS[taken.answer](**details(taken))
    return attendances_of(person_id=taken.person_id, activity_id=activity.id)[-1]


def code(activity: Activity, at: datetime) -> str:
    """The link code on the activity's screen."""
    return ticket.link_code(activity.id, activity.key, secret=secret(), at=at)


def check_in(by: Person, activity: Activity, code: str, at: datetime) -> Attendance:
    """By the code on the screen."""
    return stay(by, activity, at, code=code)


def check_out(by: Person, activity: Activity, code: str, at: datetime) -> Attendance:
    """By the code on the screen."""
    return stay(by, activity, at, code=code, kind="out")
