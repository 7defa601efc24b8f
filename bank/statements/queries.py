"""What a member reads in the passbook, and what a stranger may check of a statement."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from bank import clock
from bank.db import db
from bank.honours.queries import honour_of
from bank.honours.rules import Honour
from bank.ledger import queries as books
from bank.ledger.models import JournalEntry, Opening
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.statements.lines import lines
from bank.statements.models import MonthIssue, Statement
from bank.statements.rules import Balances, Line, StatementNotFound, kind_of, months_after, tidy_code

TREND_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Passbook:
    """Both balances now, the chosen lines newest first, the months that can be chosen, and the points at each month's end."""

    balances: Balances
    honour: Honour
    month: date | None
    months: list[date]
    lines: list[Line]
    trend: list[tuple[date, int]]


@dataclass(frozen=True)
class CheckedStatement:
    """All that a verification code tells a stranger: which month, whose (masked), and when it was issued."""

    code: str
    month: date
    masked_name: str
    issued_at: datetime


def passbook(*, person_id: int, month: date | None = None, kind: str | None = None, at: datetime) -> Passbook:
    """A member's passbook: the lines of one month, or of all that are not closed yet, of one kind or all.

    Raises PersonNotFound.
    """
    person = db.session.get(Person, person_id)
    if person is None:
        raise PersonNotFound()
    this_month = clock.month_start(clock.local_day(at))
    open_month = books.open_month() or this_month
    since = clock.month_start(month) if month else min(open_month, this_month)
    found = lines(person, since=since, until=clock.next_month(month or this_month))
    chosen = [each for each in found if kind in (None, kind_of(each))]
    balances = Balances(books.balance(person.points_account_id), books.balance(person.minutes_account_id))
    return Passbook(
        balances=balances, honour=honour_of(person, at=at), month=month, months=_months(person, this_month), lines=chosen[::-1],
        trend=[*_points_at_month_ends(person, this_month), (this_month, balances.points)],
    )  # fmt: skip


def checked_code(text: str) -> CheckedStatement:
    """What a typed verification code stands for. Raises StatementNotFound for any that was never given out."""
    found = db.session.scalar(
        select(Statement).where(Statement.month.in_(select(MonthIssue.month)), Statement.code == tidy_code(text))
    )
    if found is None:
        raise StatementNotFound()
    return CheckedStatement(found.code, found.month, found.holder, found.issued_at)


def first_month() -> date | None:
    """The month of the first entry ever, from which on there is something to close and to state; None without entries."""
    first = db.session.scalar(select(func.min(JournalEntry.effective_on)))
    return clock.month_start(first) if first else None


def _months(person: Person, this_month: date) -> list[date]:
    """This month, and before it each month back to the one in which the member came or has a statement of, newest first."""
    mine = (Statement.month.in_(select(MonthIssue.month)), Statement.person_id == person.id)
    first = db.session.scalar(select(func.min(Statement.month)).where(*mine))
    oldest = min(first or this_month, clock.month_start(clock.local_day(person.enrolled_at)))
    count = (this_month.year - oldest.year) * 12 + this_month.month - oldest.month
    return [months_after(this_month, -back) for back in range(count + 1)]


def _points_at_month_ends(person: Person, this_month: date) -> list[tuple[date, int]]:
    """The opening of a month is where the month before it ended."""
    is_recent = Opening.month.in_(months_after(this_month, -back) for back in range(TREND_MONTHS))
    query = select(Opening.month, Opening.balance).where(Opening.account_id == person.points_account_id, is_recent)
    return [(months_after(month, -1), balance) for month, balance in db.session.execute(query.order_by(Opening.month))]
