"""What a scan is decided by: its activity, kept from changing, and all else in one more statement; read anew for each scan.

These statements run for every scan of a full hall, so they are built once and fetch columns instead of objects.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, and_, bindparam, cast, func, select

from bank.activities.models import Activity
from bank.attendance.models import Attendance, Scan
from bank.clock import local_day
from bank.db import Base
from bank.hours.models import RuleSetVersion
from bank.hours.queries import NoRuleSet
from bank.hours.rules import RuleSet
from bank.joining.models import Join
from bank.people.models import Grant, Person
from bank.people.rules import may_act
from bank.units.models import Unit

NOBODY = 0  # No row has this number.


@dataclass(frozen=True, slots=True)
class Held:
    """An activity as a scan needs it, kept from changing until the end of the transaction."""

    id: int
    key: str
    unit_id: int
    unit_path: str
    state: str
    starts_at: datetime
    ends_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class Comer:
    """Whose scan it is; `joined` is the state of the place at the activity, if there is one."""

    id: int
    key: str
    name: str
    joined: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The scan that came before under the same nonce, the activity, who comes, the stays so far in order, and the rules."""

    before_id: int | None
    held: Held | None
    comer: Comer | None
    stays: Sequence[Row[Any]]
    rules: RuleSet
    grants: frozenset[tuple[str, str]]

    @property
    def may_organize(self) -> bool:
        """Whether who sent the scan is organizer or admin of the activity's unit."""
        path = self.held.unit_path if self.held else ""
        return any(may_act(self.grants, role=role, path=path) for role in ("organizer", "admin"))


@dataclass(frozen=True, kw_only=True)
class Written:
    """A scan as it was written down: the columns of its row, as in `models.Scan`."""

    id: int
    nonce: str
    fingerprint: str
    kind: str
    way: str | None
    activity_id: int | None
    person_id: int | None
    by_id: int
    device_id: int | None
    browser_hash: str | None
    code_hash: str | None
    scanned_at: datetime
    skew_seconds: int
    received_at: datetime
    counted_at: datetime
    answer: str
    details: dict[str, Any]
    shown_name: str | None
    reason: str | None
    look: str | None


def hold(connection: Connection, activity_id: int) -> None:
    """Keep an activity from changing until the end: who comes, who leaves and who confirms queue up here."""
    if connection.dialect.name == "postgresql":  # SQLite lets only one writer in at all.
        connection.execute(_HOLD, {"activity_id": activity_id})


def known(
    connection: Connection, *, nonce: str, activity_id: int, at: datetime,
    by_id: int = NOBODY, person_id: int | None = None, card_number: str = "",
) -> Known:  # fmt: skip
    """What is known of a scan, by a person or a card, at an activity that is held; grants are those of `by_id`.

    The rules are those of the activity's day, without an activity those of `at`. Raises NoRuleSet.
    """
    asked = {"nonce": nonce, "activity_id": activity_id, "by_id": by_id}
    asked |= {"person_id": person_id} if person_id is not None else {"card_number": card_number}
    wanted = _OF_PERSON if person_id is not None else _OF_CARD
    day = local_day(at)
    rows = connection.execute(wanted, asked | {"day": day}).all()
    if rows and rows[0].starts_at is not None and (that_day := local_day(rows[0].starts_at)) != day:
        rows, day = connection.execute(wanted, asked | {"day": that_day}).all(), that_day
    if not rows:
        raise NoRuleSet(on=day.isoformat())
    return _facts(rows)


def written(connection: Connection, scan_id: int) -> Written:
    """A scan that was written down before."""
    return Written(**connection.execute(_WRITTEN, {"scan_id": scan_id}).one()._mapping)


def write(connection: Connection, values: dict[str, Any]) -> Written:
    """Write a scan down; `values` are its columns but the id. Its unique nonce has the last word."""
    return Written(id=connection.execute(_WRITE, values).scalar_one(), **values)


def _facts(rows: Sequence[Row[Any]]) -> Known:
    first = rows[0]
    return Known(
        before_id=first.before_id,
        held=Held(*first[: len(fields(Held))]) if first[0] is not None else None,
        comer=Comer(first.person_id, first.person_key, first.name, first.joined) if first.person_id is not None else None,
        stays=list({row.stay_id: row for row in rows if row.stay_id is not None}.values()),
        rules=_rules(first.rules, first.version, first.starts_on),
        grants=frozenset((row.role, row.path) for row in rows if row.role is not None),
    )


@lru_cache(maxsize=64)
def _rules(text: str, version: int, starts_on: date) -> RuleSet:
    # The same few texts come again and again, and a version never changes.
    return RuleSet.from_json(json.loads(text), version=version, starts_on=starts_on)


def _known(is_theirs: ColumnElement[bool]) -> Select[Any]:
    rules, activity, person, join, stay, grant, unit, scan = (
        each.__table__.c for each in (RuleSetVersion, Activity, Person, Join, Attendance, Grant, Unit, Scan)
    )
    place = Unit.__table__.alias("place")
    newest = select(func.max(rules.starts_on)).where(rules.starts_on <= bindparam("day")).scalar_subquery()
    activity_id: ColumnElement[int] = bindparam("activity_id")
    # Hangs on the rules, of which there is one row: a scan that names nobody must find its nonce and its grants as well.
    found = RuleSetVersion.__table__.outerjoin(Activity.__table__, activity.id == activity_id)
    found = found.outerjoin(place, place.c.id == activity.unit_id).outerjoin(Person.__table__, is_theirs)
    found = found.outerjoin(
        Join.__table__, and_(join.person_id == person.id, join.activity_id == activity_id, join.ended_at.is_(None))
    )
    found = found.outerjoin(Attendance.__table__, and_(stay.person_id == person.id, stay.activity_id == activity_id))
    found = found.outerjoin(Grant.__table__, and_(grant.person_id == bindparam("by_id"), grant.revoked_at.is_(None)))
    found = found.outerjoin(Unit.__table__, unit.id == grant.unit_id)
    held = (
        activity.id, activity.key, activity.unit_id, place.c.path.label("unit_path"),
        activity.state, activity.starts_at, activity.ends_at, activity.capacity,
    )  # fmt: skip
    wanted = select(
        *held, select(scan.id).where(scan.nonce == bindparam("nonce")).scalar_subquery().label("before_id"),
        person.id.label("person_id"), person.key.label("person_key"), person.name, join.state.label("joined"),
        stay.id.label("stay_id"), stay.checked_in_at, stay.checked_out_at,
        rules.version, rules.starts_on, cast(rules.rules, Text).label("rules"), grant.role, unit.path,
    )  # fmt: skip
    return wanted.select_from(found).where(rules.starts_on == newest).order_by(stay.pair)


_ACTIVITY = Activity.__table__.c
_HOLD = select(_ACTIVITY.id).where(_ACTIVITY.id == bindparam("activity_id")).with_for_update(key_share=True)
_OF_PERSON = _known(Person.__table__.c.id == bindparam("person_id"))
_OF_CARD = _known(and_(Person.__table__.c.card_number == bindparam("card_number"), Person.__table__.c.closed_at.is_(None)))
_SCANS = Base.metadata.tables[Scan.__tablename__]
_WRITTEN = select(*(_SCANS.c[each.name] for each in fields(Written))).where(_SCANS.c.id == bindparam("scan_id"))
_WRITE = _SCANS.insert().returning(_SCANS.c.id)
