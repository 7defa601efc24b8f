"""Boards: who earned how many points in a period, among those who agreed to be shown."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CTE, BigInteger, Select, Subquery, cast, func, select, union_all
from sqlalchemy import Row as Found

from bank import clock
from bank.consents.queries import consenting
from bank.db import db
from bank.ledger import queries as books
from bank.ledger.models import JournalEntry, Opening, Transfer
from bank.people.models import Person
from bank.people.rules import mask_name
from bank.statements.rules import Period, adult_born_until, period_of
from bank.units.models import Unit
from bank.units.queries import unit as find_unit

ROWS_MAX = 50


@dataclass(frozen=True)
class Row:
    """One place on a board: those with equal points share the rank. Points in hundredths."""

    rank: int
    name: str
    unit_name: str
    points: int
    is_own: bool


@dataclass(frozen=True)
class Board:
    """Up to 50 rows, best first, and the asking member's own row if the board may show it."""

    period: Period
    unit: Unit
    rows: list[Row]
    own: Row | None
    as_of: datetime


def board(*, period: Period, unit_id: int, by: Person | None = None, limit: int = ROWS_MAX, at: datetime) -> Board:
    """Points earned in a period by the members of a unit and all below it. Raises UnitNotFound.

    Earned means deposits less those taken back, by effective date; a redemption changes nothing. Only who consents now
    and is of age is ranked and counted. Equal points share a rank and stand in the order of their last deposit.
    """
    unit = find_unit(unit_id)
    own_id = by.id if by else 0
    query = _first(_ranked(period, unit, clock.local_day(at)), period, limit, own_id)
    rows = [_row(each, own_id) for each in db.session.execute(query)]
    return Board(period, unit, rows[:limit], next((row for row in rows if row.is_own), None), at)


def units() -> list[Unit]:
    """The units that have a board, each before those below it."""
    return list(db.session.scalars(select(Unit).where(Unit.kind.in_(("bank", "street", "community"))).order_by(Unit.path)))


def root_id() -> int:
    """The bank's own unit, under which all others are."""
    return db.session.scalars(select(Unit.id).where(Unit.kind == "bank").order_by(Unit.id)).first() or 0


def this_month(at: datetime) -> Period:
    """The month that the bank's calendar shows."""
    return period_of("month", clock.local_day(at))


def _ranked(period: Period, unit: Unit, today: date) -> CTE:
    """Everybody who may be shown and earned something, with their rank."""
    earned = _earned(period)
    points = cast(func.sum(earned.c.points), BigInteger)
    sums = select(earned.c.account_id, points.label("points")).group_by(earned.c.account_id).having(points > 0).subquery()
    rank = func.rank().over(order_by=sums.c.points.desc()).label("rank")
    query = select(Person.id, Person.key, Person.name, Unit.name.label("unit_name"), sums.c.account_id, sums.c.points, rank)
    is_adult = Person.born_on.is_(None) | (Person.born_on <= adult_born_until(today))
    agreed = consenting("board").subquery()
    query = query.join(sums, sums.c.account_id == Person.points_account_id).join(Unit, Unit.id == Person.unit_id)
    query = query.join(agreed, agreed.c.person_id == Person.id)
    return query.where(is_adult, Unit.path.startswith(unit.path)).cte("ranked")


def _earned(period: Period) -> Subquery:
    """Deposits less those taken back: of closed months from two openings, of open ones from their entries."""
    open_month = books.open_month() or period.starts_on
    split_on = min(max(open_month, period.starts_on), period.ends_on)
    moved = books.movements(split_on, period.ends_on).subquery()
    total = Opening.earned + Opening.corrected
    closed = (
        select(Opening.account_id, total.label("points")).where(Opening.month == split_on),
        select(Opening.account_id, -total).where(Opening.month == period.starts_on),
    )
    still_open = select(moved.c.account_id, (moved.c.earned + moved.c.corrected).label("points"))
    return union_all(*(closed if split_on > period.starts_on else ()), still_open).subquery()


def _first(ranked: CTE, period: Period, limit: int, own_id: int) -> Select[int, str, str, int, int]:
    """Everybody up to the last rank shown, and whoever asks, wherever that is."""
    arrived = _arrived(ranked, period, limit)
    return (
        select(ranked.c.rank, ranked.c.name, ranked.c.unit_name, ranked.c.points, ranked.c.id)
        .outerjoin(arrived, arrived.c.id == ranked.c.id)
        .where((ranked.c.rank <= limit) | (ranked.c.id == own_id))
        .order_by(ranked.c.rank, arrived.c.last_on, arrived.c.last_at, ranked.c.key)
    )


def _arrived(ranked: CTE, period: Period, limit: int) -> Subquery:
    """When each of the first came to their points: the day of their last deposit in the period, then when it was recorded."""
    last_on, last_at = func.max(JournalEntry.effective_on), func.max(JournalEntry.recorded_at)
    return (
        select(ranked.c.id, last_on.label("last_on"), last_at.label("last_at"))
        .join(Transfer, Transfer.credit_id == ranked.c.account_id)
        .join(JournalEntry, JournalEntry.id == Transfer.entry_id)
        .where(ranked.c.rank <= limit, Transfer.effective_on >= period.starts_on, Transfer.effective_on < period.ends_on)
        .where(JournalEntry.kind.in_(("deposit", "import")))
        .group_by(ranked.c.id)
        .subquery()
    )


def _row(found: Found[int, str, str, int, int], own_id: int) -> Row:
    rank, name, unit_name, points, person_id = found
    return Row(rank, mask_name(name), unit_name, points, is_own=person_id == own_id)
