"""Issuing everybody's statement of a month."""

from datetime import date, datetime, time

from sqlalchemy import BigInteger, Select, cast, exists, func, insert, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from bank import clock
from bank.db import db
from bank.ledger import actions as ledger
from bank.ledger.models import JournalEntry, Opening, Transfer
from bank.ledger.rules import MonthNotOver
from bank.people.models import Person
from bank.statements import queries
from bank.statements.codes import code_column
from bank.statements.models import Statement
from bank.statements.rules import NothingBooked

COLUMNS = (
    "month", "person_id", "code", "points_opening", "points_in", "points_out", "points_closing",
    "minutes_opening", "minutes_in", "minutes_out", "minutes_closing", "issued_at",
)  # fmt: skip


def issue(*, month: date, at: datetime) -> int:
    """Make every member's statement of a month that is over, closing it first, and say how many were new; safe to repeat.

    Raises MonthNotOver, and NothingBooked for a month before the first entry. What it costs depends on the members and
    that month's entries, not on the years before.
    """
    month = clock.month_start(month)
    if clock.local_day(at) < clock.next_month(month):
        raise MonthNotOver(month=month.isoformat())
    if (first := queries.first_month()) is None or month < first:
        raise NothingBooked()
    ledger.close_through(month=month, at=at)
    everybody = insert(Statement).from_select(COLUMNS, _statements(month, at))
    new = db.session.connection().execute(everybody, execution_options={"preserve_rowcount": True})
    assert not _differing(month), f"statements of {month:%Y-%m} do not end where the next month's openings begin"
    return new.rowcount


def _statements(month: date, at: datetime) -> Select[tuple[object, ...]]:
    accounts = (Person.points_account_id, Person.minutes_account_id)
    sources = [(aliased(Opening), _moved(month).subquery(), account_id) for account_id in accounts]
    columns, query = [], select(Person.id).select_from(Person)
    for opening, sums, account_id in sources:
        query = query.outerjoin(opening, (opening.account_id == account_id) & (opening.month == month))
        query = query.outerjoin(sums, sums.c.account_id == account_id)
        first, came, went = (func.coalesce(each, 0) for each in (opening.balance, sums.c.came, sums.c.went))
        columns += [first, came, went, first + came - went]
    is_here = Person.enrolled_at < clock.local_instant(clock.next_month(month), time())
    has_books = or_(*(sums.c.account_id.is_not(None) | opening.account_id.is_not(None) for opening, sums, _ in sources))
    is_made = exists().where(Statement.person_id == Person.id, Statement.month == month)
    head = (literal(month, Statement.month.type), Person.id, code_column(Person.key, month))
    return query.with_only_columns(*head, *columns, literal(at, Statement.issued_at.type)).where(is_here | has_books, ~is_made)


def _moved(month: date) -> Select[tuple[int, int, int]]:
    """What came to and went from each account in a month, found by the entries' dates."""
    is_within = (JournalEntry.effective_on >= month) & (JournalEntry.effective_on < clock.next_month(month))
    came = select(Transfer.credit_id.label("account_id"), Transfer.amount.label("came"), literal(0).label("went"))
    went = select(Transfer.debit_id, literal(0), Transfer.amount)
    within = (side.join(JournalEntry, JournalEntry.id == Transfer.entry_id).where(is_within) for side in (came, went))
    sides = union_all(*within).subquery()
    sums = (cast(func.sum(each), BigInteger).label(each.name) for each in (sides.c.came, sides.c.went))
    return select(sides.c.account_id, *sums).group_by(sides.c.account_id)


def _differing(month: date) -> int:
    points, minutes = aliased(Opening), aliased(Opening)
    following = clock.next_month(month)
    query = select(func.count()).select_from(Statement).join(Statement.person).where(Statement.month == month)
    query = query.outerjoin(points, (points.account_id == Person.points_account_id) & (points.month == following))
    query = query.outerjoin(minutes, (minutes.account_id == Person.minutes_account_id) & (minutes.month == following))
    is_points_off = Statement.points_closing != func.coalesce(points.balance, 0)
    is_minutes_off = Statement.minutes_closing != func.coalesce(minutes.balance, 0)
    return db.session.scalar(query.where(is_points_off | is_minutes_off)) or 0
