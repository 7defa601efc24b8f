"""All statements of a unit in the order in which they are handed out: grid by grid, then by name."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from bank import clock
from bank.db import db
from bank.errors import Conflict
from bank.people import queries as people
from bank.people.models import Person
from bank.statements.groups import STAFF, below
from bank.statements.members import StatementView, views
from bank.statements.models import Statement
from bank.statements.rules import StatementNotFound
from bank.units.models import Unit
from bank.units.queries import unit

PAGES_MAX = 300  # What a browser may wait for; more is printed by `bank statements print`.


class TooManyToPrint(Conflict):
    """A page prints up to 300 statements at once."""


def statements_in(*, by: Person | None, unit_id: int, month: date) -> list[StatementView]:
    """The statements of a unit's members, for its admins and auditors, grid by grid.

    Raises UnitNotFound, RoleMissing, StatementNotFound when there is none, TooManyToPrint above 300.
    """
    month = clock.month_start(month)
    people.require_any_role(by, STAFF, unit(unit_id).id)
    count = count_in(unit_id=unit_id, month=month)
    if not count:
        raise StatementNotFound(month=f"{month:%Y-%m}")
    if count > PAGES_MAX:
        raise TooManyToPrint(count=count)
    return list(all_in(unit_id=unit_id, month=month))


def count_in(*, unit_id: int, month: date) -> int:
    """How many statements the members of a unit have of a month."""
    return db.session.scalar(_of(unit_id, month).with_only_columns(func.count()).order_by(None)) or 0


def all_in(*, unit_id: int, month: date) -> Iterator[StatementView]:
    """The statements of a unit's members however many there are, grid by grid."""
    return views(month, _of(unit_id, month).options(joinedload(Statement.person)))


def communities(month: date) -> list[Unit]:
    """The communities whose members have statements of a month, each before those below it."""
    wanted = select(Unit).where(Unit.kind == "community").order_by(Unit.path)
    return [each for each in db.session.scalars(wanted) if db.session.scalar(_of(each.id, month).limit(1)) is not None]


def _of(unit_id: int, month: date) -> Select[Statement]:
    wanted = select(Statement).join(Statement.person).join(Unit, Unit.id == Statement.unit_id)
    here = [unit_id, *(each for ids in below(unit_id, month).values() for each in ids)]
    wanted = wanted.where(Statement.month == month, Statement.unit_id.in_(here))
    return wanted.order_by(Unit.path, Person.name_sort, Person.key)
