"""Boards of persons: who agreed to be shown, is of age and has an open account, and nobody else, in no answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from bank.boards import scores
from bank.boards.rules import ROWS_MAX, Asked, Node, Row, Steps, ranks
from bank.boards.shown import is_open_adult, may_be_shown
from bank.consents.queries import consenting
from bank.db import db
from bank.people.models import Membership, Person
from bank.people.rules import mask_name
from bank.statements.rules import adult_born_until
from bank.units.models import Unit

FIRST_READ = 1000
CHUNK = 250


@dataclass
class Listed:
    """The first of a board, masked, and all its steps once somebody has asked for a place beyond them."""

    node: Node
    rows: list[Row]
    steps: Steps | None = field(default=None, compare=False)


@dataclass(frozen=True)
class _Candidate:
    account_id: int
    value: int
    id: int
    key: str
    name: str
    unit_name: str


def listed(asked: Asked, node: Node, today: date) -> Listed:
    """The first 50 of a board by falling value; equal ones share a rank and stand in the order in which they came to it."""
    found = _first(asked, node, today)
    often = Counter(each.value for each in found)
    tied = [each.account_id for each in found if often[each.value] > 1]
    arrived = scores.arrivals(asked, tied)
    shown = sorted(found, key=lambda each: (-each.value, arrived.get(each.account_id, ()), each.key))[:ROWS_MAX]
    places = ranks([each.value for each in shown])
    rows = [
        Row(rank, each.id, mask_name(each.name), each.unit_name, each.value) for rank, each in zip(places, shown, strict=True)
    ]
    return Listed(node, rows)


def steps(asked: Asked, node: Node, today: date) -> Steps:
    """All values on a board, and how many have each."""
    sums = scores.sums(asked, _within(asked, node))
    # Of everybody at once: the row for row question of `gives_consent` would be the slower one here.
    agreed = (
        select(scores.account_of(asked).label("account_id"))
        .where(is_open_adult(adult_born_until(today)), Person.id.in_(consenting("board")))
        .subquery()
    )
    counts = select(sums.c.value, func.count()).join(agreed, agreed.c.account_id == sums.c.account_id).group_by(sums.c.value)
    return Steps.of((int(value), count) for value, count in db.session.execute(counts))


def value_of(asked: Asked, person: Person) -> int:
    """What a person has on a board, shown or not."""
    account_id = getattr(person, scores.account_of(asked).key)
    sums = scores.sums(asked, lambda account: account == account_id)
    return int(db.session.scalar(select(sums.c.value)) or 0)


def belongs(person: Person, node: Node) -> bool:
    """Whether a person counts in a unit: enrolled in it or below it, or a member of the team."""
    return bool(db.session.scalar(select(func.count()).select_from(Person).where(Person.id == person.id, _of(node))))


def is_of_age(person: Person, today: date) -> bool:
    """Whether a person is not known to be a minor."""
    return person.born_on is None or person.born_on <= adult_born_until(today)


def _first(asked: Asked, node: Node, today: date) -> list[_Candidate]:
    """Everybody who may be among the first: read in ever larger parts until the next value is too small."""
    sums, taken = scores.high_sums(asked, _within(asked, node))
    falling, limit = select(sums.c.account_id, sums.c.value).order_by(sums.c.value.desc()), FIRST_READ
    while True:
        rows, found = db.session.execute(falling.limit(limit)).all(), list[_Candidate]()
        for start in range(0, len(rows), CHUNK):
            if _is_enough(found, rows[start].value):
                return found
            chunk = {account_id: int(value) + taken.get(account_id, 0) for account_id, value in rows[start : start + CHUNK]}
            found += _may_be_on(asked, {each: value for each, value in chunk.items() if value > 0}, today)
        if len(rows) < limit or _is_enough(found, rows[-1].value):
            return found
        limit *= 20


def _is_enough(found: Sequence[_Candidate], next_value: int) -> bool:
    """Whether nobody who comes later, with this value at most, can be among the first or share the last place."""
    return len(found) >= ROWS_MAX and next_value < sorted((each.value for each in found), reverse=True)[ROWS_MAX - 1]


def _may_be_on(asked: Asked, values: dict[int, int], today: date) -> list[_Candidate]:
    account = scores.account_of(asked)
    wanted = select(account, Person.id, Person.key, Person.name, Unit.name).join(Unit, Unit.id == Person.unit_id)
    rows = db.session.execute(wanted.where(account.in_(values), may_be_shown(adult_born_until(today))))
    return [
        _Candidate(account_id, values[account_id], person_id, key, name, unit_name)
        for account_id, person_id, key, name, unit_name in rows
    ]


def _within(asked: Asked, node: Node) -> scores.Within | None:
    if node.kind == "bank":
        return None
    theirs = select(scores.account_of(asked)).where(_of(node))
    return lambda account: account.in_(theirs)


def _of(node: Node) -> ColumnElement[bool]:
    if node.kind == "team":
        open_rows = and_(Membership.unit_id == node.id, Membership.until_at.is_(None))
        return Person.id.in_(select(Membership.person_id).where(open_rows))
    return Person.unit_id.in_(select(Unit.id).where(Unit.path.startswith(node.path)))
