"""Boards: who earned most in a period, and where the one who asks stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bank import clock
from bank.boards import groups, persons
from bank.boards.kept import kept
from bank.boards.rules import GROUP_KINDS, PERIOD_KINDS, PERSONS, Asked, Node, NotRanked, Row, Steps
from bank.boards.shown import are_shown
from bank.consents.queries import has_consent
from bank.db import db
from bank.people.models import Person
from bank.statements.rules import Period, period_of
from bank.units.models import Unit
from bank.units.queries import unit

WEEK = timedelta(days=7)
NODE_KINDS = ("bank", "street", "community", "grid", "building", "team")


@dataclass(frozen=True)
class Own:
    """Where the one who asks stands, or would stand if shown, and what is missing to the next place above."""

    rank: int
    value: int
    to_next: int | None
    is_shown: bool


@dataclass(frozen=True)
class Board:
    """Up to 50 rows, best first, and the place of the one who asks, who alone sees it."""

    asked: Asked
    node: Node
    rows: list[Row]
    own: Own | None
    as_of: datetime


def board(*, asked: Asked, by: Person | None = None, at: datetime) -> Board:
    """What was earned in a period by the members of a unit and all below it. Raises UnitNotFound, NotRanked.

    Earned means deposits less those taken back, by effective date; a redemption changes nothing. Of persons only who
    consents now, is of age and has an open account is ranked and counted. All is at most five seconds old (`as_of`),
    but who withdraws consent or closes the account is gone at once.
    """
    today = clock.local_day(at)
    return _of_persons(asked, by, today, at) if asked.subject == PERSONS else _of_groups(asked, by, at)


def nodes() -> list[Unit]:
    """The open units that have a board, each before those below it."""
    wanted = select(Unit).where(Unit.kind.in_(NODE_KINDS), Unit.closed_at.is_(None))
    return sorted(db.session.scalars(wanted), key=lambda each: each.steps)


def subjects(node: Node | Unit) -> list[str]:
    """What can be ranked in a unit: persons always, and the kinds of group that stand below it."""
    below = select(Unit.kind).where(Unit.path.startswith(node.path), Unit.id != node.id, Unit.closed_at.is_(None)).distinct()
    there = set(db.session.scalars(below))
    return [PERSONS, *(subject for subject, kind in GROUP_KINDS.items() if kind in there)]


def present_periods(today: date) -> list[Period]:
    """The week, month, quarter, half-year and year of a day."""
    return [period_of(kind, today) for kind in PERIOD_KINDS]


def programme(place: Unit, *, at: datetime) -> list[Board]:
    """What a screen shows in turn where it stands: persons by points and time, the groups below, and who is new."""
    day, there = clock.local_day(at), subjects(place)
    groups_there = [each for each in reversed(there) if each != PERSONS]
    wanted = [
        (PERSONS, "points", "month"),
        (PERSONS, "minutes", "quarter"),
        *((each, "points", "month") for each in groups_there),
    ]
    wanted.append((PERSONS, "newcomers", "quarter"))
    asked = (Asked(unit_id=place.id, period=period_of(kind, day), subject=who, measure=what) for who, what, kind in wanted)
    return [board(asked=each, at=at) for each in asked]


def root_id() -> int:
    """The bank's own unit, under which all others are."""
    return db.session.scalars(select(Unit.id).where(Unit.kind == "bank").order_by(Unit.id)).first() or 0


def _of_persons(asked: Asked, by: Person | None, today: date, at: datetime) -> Board:
    found, as_of = kept(
        asked,
        lambda: persons.listed(asked, _node(asked), today),
        at=at,
        is_good=lambda each: are_shown(each.rows, today),
    )
    if by is None:
        return Board(asked, found.node, found.rows, None, as_of)
    return Board(asked, found.node, _marked(found.rows, {by.id}), _own(asked, by, found, today), as_of)


def _own(asked: Asked, by: Person, found: persons.Listed, today: date) -> Own | None:
    value = persons.value_of(asked, by) if persons.belongs(by, found.node) else 0
    if value <= 0:
        return None
    if found.steps is None:
        found.steps = persons.steps(asked, found.node, today)
    return _place(found.steps, value, is_shown=has_consent(by.id, "board") and persons.is_of_age(by, today))


def _of_groups(asked: Asked, by: Person | None, at: datetime) -> Board:
    found, as_of = kept(asked, lambda: groups.listed(asked, _node(asked)), at=at, is_good=lambda _: True)
    mine = groups.of_person(asked, by) if by else set()
    rows = _marked(found.rows, mine)
    best = max((found.values[each] for each in mine if each in found.values), default=None)
    own = _place(found.steps, best, is_shown=any(row.is_own for row in rows)) if best is not None else None
    return Board(asked, found.node, rows, own, as_of)


def _marked(rows: list[Row], own: set[int]) -> list[Row]:
    return [replace(each, is_own=True) if each.id in own else each for each in rows]


def _place(steps: Steps, value: int, *, is_shown: bool) -> Own:
    rank, to_next = steps.place(value)
    return Own(rank, value, to_next, is_shown)


def _node(asked: Asked) -> Node:
    found = unit(asked.unit_id)
    if found.kind not in NODE_KINDS:
        raise NotRanked()
    return Node(found.id, found.name, found.kind, found.path)
