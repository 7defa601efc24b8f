"""What a member reads of the books (passbook, statements), and what a stranger may check of a statement."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bank import clock
from bank.db import db
from bank.honours.queries import honour_of
from bank.honours.rules import Honour
from bank.ledger import queries as books
from bank.ledger.models import JournalEntry, Opening
from bank.people.models import Person
from bank.people.queries import has_role
from bank.people.rules import PersonNotFound, mask_name
from bank.statements.lines import lines
from bank.statements.models import Statement
from bank.statements.rules import Balances, Line, StatementNotFound, months_after, tidy_code

TREND_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class StatementView:
    """A statement with its lines; opening + came - went = closing holds in both books."""

    month: date
    code: str
    name: str
    card_number: str
    unit_name: str
    issued_at: datetime
    opening: Balances
    came: Balances
    went: Balances
    closing: Balances
    lines: list[Line]


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


def statement(*, person_id: int, month: date) -> StatementView:
    """A member's statement of a month, the same at any later time. Raises StatementNotFound if none was issued."""
    its_member = joinedload(Statement.person).joinedload(Person.unit)
    issued = db.session.get(Statement, (clock.month_start(month), person_id), options=[its_member])
    if issued is None:
        raise StatementNotFound(month=f"{month:%Y-%m}")
    view = _view(issued)
    last = view.lines[-1] if view.lines else None
    after = Balances(last.points_after, last.minutes_after) if last else view.opening
    assert after == view.closing, f"statement {view.code}: its lines end at {after}, not at {view.closing}"
    return view


def statement_seen(*, by: Person, person_id: int, month: date) -> StatementView:
    """A member's statement, seen by the member and by admins and auditors of the unit. Raises StatementNotFound for others."""
    unit_id = db.session.scalar(select(Person.unit_id).where(Person.id == person_id))
    is_staff = unit_id is not None and any(has_role(by, role, unit_id) for role in ("admin", "auditor"))
    if by.id != person_id and not is_staff:
        raise StatementNotFound(month=f"{month:%Y-%m}")
    return statement(person_id=person_id, month=month)


def statements_of(person_id: int) -> list[Statement]:
    """A member's statements, newest first, without their lines."""
    return list(db.session.scalars(select(Statement).where(Statement.person_id == person_id).order_by(Statement.month.desc())))


def passbook(*, person_id: int, month: date | None = None, at: datetime) -> Passbook:
    """A member's passbook: the lines of one month, or of all that are not closed yet. Raises PersonNotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise PersonNotFound()
    this_month = clock.month_start(clock.local_day(at))
    open_month = books.open_month() or this_month
    since = clock.month_start(month) if month else min(open_month, this_month)
    chosen = lines(person, since=since, until=clock.next_month(month or this_month))
    balances = Balances(books.balance(person.points_account_id), books.balance(person.minutes_account_id))
    return Passbook(
        balances=balances, honour=honour_of(person, at=at), month=month, months=_months(person, this_month), lines=chosen[::-1],
        trend=[*_points_at_month_ends(person, this_month), (this_month, balances.points)],
    )  # fmt: skip


def checked_code(text: str) -> CheckedStatement:
    """What a typed verification code stands for. Raises StatementNotFound for any that was never given out."""
    query = select(Statement).where(Statement.code == tidy_code(text)).options(joinedload(Statement.person))
    found = db.session.scalar(query)
    if found is None:
        raise StatementNotFound()
    return CheckedStatement(found.code, found.month, mask_name(found.person.name), found.issued_at)


def first_month() -> date | None:
    """The month of the first entry ever, from which on there is something to close and to state; None without entries."""
    first = db.session.scalar(select(func.min(JournalEntry.effective_on)))
    return clock.month_start(first) if first else None


def _view(issued: Statement) -> StatementView:
    return StatementView(
        month=issued.month, code=issued.code, name=issued.person.name, card_number=issued.person.card_number,
        unit_name=issued.person.unit.name, issued_at=issued.issued_at,
        opening=Balances(issued.points_opening, issued.minutes_opening), came=Balances(issued.points_in, issued.minutes_in),
        went=Balances(issued.points_out, issued.minutes_out), closing=Balances(issued.points_closing, issued.minutes_closing),
        lines=lines(issued.person, since=issued.month, until=clock.next_month(issued.month)),
    )  # fmt: skip


def _months(person: Person, this_month: date) -> list[date]:
    """This month, and before it each month back to the one in which the member came or has a statement of, newest first."""
    first = db.session.scalar(select(func.min(Statement.month)).where(Statement.person_id == person.id))
    oldest = min(first or this_month, clock.month_start(clock.local_day(person.enrolled_at)))
    count = (this_month.year - oldest.year) * 12 + this_month.month - oldest.month
    return [months_after(this_month, -back) for back in range(count + 1)]


def _points_at_month_ends(person: Person, this_month: date) -> list[tuple[date, int]]:
    """The opening of a month is where the month before it ended."""
    is_recent = Opening.month.between(months_after(this_month, 1 - TREND_MONTHS), this_month)
    query = select(Opening.month, Opening.balance).where(Opening.account_id == person.points_account_id, is_recent)
    return [(months_after(month, -1), balance) for month, balance in db.session.execute(query.order_by(Opening.month))]
