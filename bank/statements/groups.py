"""The month of a household, a team, a unit or the whole bank: members' statements added up, each row with what stands behind it.

Statements are kept for good, and who belonged where is asked of the month's end, so the sums are the same at any later time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, or_, select

from bank import clock
from bank.consents.queries import consenting
from bank.db import db
from bank.ledger.models import Opening
from bank.people import queries as people
from bank.people.models import Guardian, HouseholdMember, Membership, Person
from bank.statements.frozen import end_of
from bank.statements.models import MonthIssue, Statement
from bank.statements.rules import StatementNotFound
from bank.units import queries as units
from bank.units.models import Unit

LEADERS, STAFF = ("organizer",), ("admin", "auditor")
Kind = Literal["household", "team", "unit", "bank"]


@dataclass(frozen=True)
class Sums:
    """Members' statements added up: points in hundredths, whole minutes; `issued` is what services of the row's units earned."""

    members: int = 0
    points_opening: int = 0
    points_deposited: int = 0
    points_withdrawn: int = 0
    points_expired: int = 0
    points_reversed: int = 0
    points_closing: int = 0
    points_held: int = 0
    points_expiring: int = 0
    minutes_opening: int = 0
    minutes_in: int = 0
    minutes_out: int = 0
    minutes_closing: int = 0
    issued: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Row:
    """A unit below, or a member (masked); `account_id` is where the points that a unit issued were booked."""

    unit_id: int | None
    person_id: int | None
    name: str
    sums: Sums
    account_id: int | None = None


@dataclass(frozen=True)
class Issued:
    """What the services of a community earned in a month, in hundredths, and the account it was booked to."""

    unit_id: int
    name: str
    points: int
    account_id: int


@dataclass(frozen=True, kw_only=True)
class GroupStatement:
    """A group's month; members who are not listed (they did not agree, or are not for this reader's eyes) are counted."""

    kind: Kind
    unit_id: int | None
    name: str
    bank_name: str
    month: date
    issued_at: datetime
    rows: list[Row]
    total: Sums
    unlisted: int


def of_unit(*, by: Person | None, unit_id: int, month: date) -> GroupStatement:
    """A unit's or team's month, for its leaders, admins and auditors; members one by one for the latter two only.

    Raises UnitNotFound, RoleMissing, StatementNotFound.
    """
    month = clock.month_start(month)
    unit = units.unit(unit_id)
    people.require_any_role(by, (*STAFF, *LEADERS), unit.id)
    issue = _issue(month)
    if unit.kind == "team":
        lower, own = {}, _members(month, Statement.person_id.in_(_of_team(unit.id, month)))
    else:
        lower, own = below(unit.id, month), _members(month, Statement.unit_id == unit.id)
    issued = _issued([unit.id, *(each for ids in lower.values() for each in ids)], month)
    is_staff = by is None or any(people.has_role(by, role, unit.id) for role in STAFF)
    rows = [*_unit_rows(lower, month, issued, issue.issued_at), *(own if is_staff else ())]
    total = sum((each.sums for each in (*rows, *(() if is_staff else own))), Sums(issued=issued[unit.id]))
    return GroupStatement(
        kind="team" if unit.kind == "team" else "bank" if unit.kind == "bank" else "unit", unit_id=unit.id, rows=rows,
        total=total, unlisted=0 if is_staff else len(own), **_head(unit.id, month, issue),
    )  # fmt: skip


def of_household(*, by: Person, month: date) -> GroupStatement:
    """The month of the reader's household: the reader, who of the others agreed, and the children the reader answers for.

    Raises StatementNotFound where the reader has no statement of the month.
    """
    month = clock.month_start(month)
    issue = _issue(month)
    end = end_of(month)
    then = (HouseholdMember.joined_at < end, or_(HouseholdMember.left_at.is_(None), HouseholdMember.left_at >= end))
    mine = select(HouseholdMember.household_id).where(HouseholdMember.person_id == by.id, *then)
    wards = select(Guardian.person_id).where(Guardian.guardian_id == by.id, Guardian.until_at.is_(None))
    together = select(HouseholdMember.person_id).where(HouseholdMember.household_id.in_(mine), *then)
    everybody = {by.id, *db.session.scalars(together.union(wards))}
    agreed = select(Person.id).where(Person.id.in_(everybody), Person.id.in_(consenting("household")))
    open_ids = {by.id, *db.session.scalars(wards.union(agreed))}
    rows = _members(month, Statement.person_id.in_(open_ids))
    if by.id not in {each.person_id for each in rows}:
        raise StatementNotFound(month=f"{month:%Y-%m}")
    return GroupStatement(
        kind="household", rows=rows, total=sum((each.sums for each in rows), Sums()),
        unlisted=len(everybody - open_ids), **_head(None, month, issue) | {"unit_id": None},
    )  # fmt: skip


def issued_by_community(month: date) -> list[Issued]:
    """What the services of each community earned in a month, those of its grids and teams included; others as themselves."""
    parents, kinds = _parents(month), set(db.session.scalars(select(Unit.id).where(Unit.kind == "community")))
    totals: dict[int, int] = defaultdict(int)
    for unit_id, points in _issued(list(parents), month).items():
        totals[_community_of(unit_id, parents, kinds)] += points
    names = units.names_at(totals.keys(), _issue(month).issued_at)
    accounts = {each.id: each.issued_account_id for each in db.session.scalars(select(Unit).where(Unit.id.in_(totals)))}
    found = [Issued(unit_id, names[unit_id], points, accounts[unit_id]) for unit_id, points in totals.items() if points]
    return sorted(found, key=lambda each: each.unit_id)


def below(unit_id: int, month: date) -> dict[int, list[int]]:
    """Each unit that stood right below when the month ended, with all that stood below that one."""
    parents = _parents(month)
    by_child: dict[int, list[int]] = defaultdict(list)
    for each in parents:
        child, above = each, parents[each]
        while above is not None and above != unit_id:
            child, above = above, parents.get(above)
        if above == unit_id:
            by_child[child].append(each)
    return by_child


def months_of(*, by: Person | None, unit_id: int) -> list[date]:
    """The months of which `of_unit` tells, newest first. Raises UnitNotFound, RoleMissing."""
    people.require_any_role(by, (*STAFF, *LEADERS), units.unit(unit_id).id)
    return list(db.session.scalars(select(MonthIssue.month).order_by(MonthIssue.month.desc())))


def _issue(month: date) -> MonthIssue:
    issue = db.session.get(MonthIssue, month)
    if issue is None:
        raise StatementNotFound(month=f"{month:%Y-%m}")
    return issue


def _head(unit_id: int | None, month: date, issue: MonthIssue) -> dict[str, Any]:
    top = units.top_unit().id
    names = units.names_at({top, unit_id or top}, issue.issued_at)
    return {"name": names[unit_id] if unit_id else "", "bank_name": names[top], "month": month, "issued_at": issue.issued_at}


def _sums() -> list[ColumnElement[int]]:
    names = [each.name for each in fields(Sums) if each.name not in ("members", "issued")]
    totals = (func.coalesce(func.sum(getattr(Statement, name)), 0) for name in names)
    return [func.count(), *(cast(each, BigInteger) for each in totals)]


def _members(month: date, whose: ColumnElement[bool]) -> list[Row]:
    """One row for each member, in order of names, under the masked name of the time."""
    columns = [func.coalesce(getattr(Statement, each.name), 0) for each in fields(Sums) if each.name not in ("members", "issued")]
    wanted = select(Statement.person_id, Statement.holder, Statement.card_end, *columns).join(Statement.person)
    found = db.session.execute(wanted.where(Statement.month == month, whose).order_by(Person.name_sort, Person.key))
    return [
        Row(None, person_id, f"{holder} · {card_end}", Sums(1, *map(int, sums))) for person_id, holder, card_end, *sums in found
    ]


def _community_of(unit_id: int, parents: Mapping[int, int | None], communities: Collection[int]) -> int:
    above: int | None = unit_id
    while above is not None and above not in communities:
        above = parents.get(above)
    return unit_id if above is None else above


def _parents(month: date) -> dict[int, int | None]:
    return {row[0]: row[1] for row in db.session.execute(units.places_at(end_of(month)))}


def _unit_rows(lower: Mapping[int, Sequence[int]], month: date, issued: Mapping[int, int], named_at: datetime) -> list[Row]:
    names = units.names_at(lower.keys(), named_at)
    accounts = {each.id: each.issued_account_id for each in db.session.scalars(select(Unit).where(Unit.id.in_(lower)))}
    by_unit = _by_unit({each for ids in lower.values() for each in ids}, month)
    rows = []
    for child, ids in lower.items():
        sums = sum((by_unit[each] for each in ids if each in by_unit), Sums(issued=sum(issued[each] for each in ids)))
        if sums != Sums():
            rows.append(Row(child, None, names[child], sums, accounts[child]))
    return sorted(rows, key=lambda each: each.unit_id or 0)


def _by_unit(unit_ids: Iterable[int], month: date) -> dict[int, Sums]:
    wanted = select(Statement.unit_id, *_sums()).where(Statement.month == month, Statement.unit_id.in_(unit_ids))
    rows = db.session.execute(wanted.group_by(Statement.unit_id))
    return {unit_id: Sums(*map(int, sums)) for unit_id, *sums in rows}


def _of_team(unit_id: int, month: date) -> Select[int]:
    end = end_of(month)
    then = (Membership.since_at < end, or_(Membership.until_at.is_(None), Membership.until_at >= end))
    return select(Membership.person_id).where(Membership.kind == "team", Membership.unit_id == unit_id, *then)


def _issued(unit_ids: Sequence[int], month: date) -> dict[int, int]:
    """What the services of each unit earned in the month: the difference of two openings of its account."""
    opened = (Opening.month.in_((month, clock.next_month(month))), Unit.id.in_(unit_ids))
    wanted = select(Unit.id, Opening.month, Opening.balance).join(Opening, Opening.account_id == Unit.issued_account_id)
    moved: dict[int, int] = dict.fromkeys(unit_ids, 0)
    for unit_id, opens_on, balance in db.session.execute(wanted.where(*opened)):
        moved[unit_id] += balance if opens_on == month else -balance
    return moved
