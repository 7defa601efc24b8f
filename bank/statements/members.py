"""A member's statement as one structure, from which page, paper and JSON are made: the same at any later time.

It reads what is kept with the statement, the closed month's journal, openings and seals, and names as they were then.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from bank import clock
from bank.db import db
from bank.ledger.models import Opening, Seal
from bank.people.models import Person
from bank.people.queries import has_role
from bank.statements.lines import plain_lines
from bank.statements.models import MonthIssue, Statement
from bank.statements.rules import EXPIRING_DAYS, Balances, Line, StatementNotFound, months_after, with_balances
from bank.units.queries import names_at, top_unit

TREND_MONTHS = 12
TOGETHER = 500  # Members whose lines are read at once.


@dataclass(frozen=True)
class MonthEnd:
    """What somebody had when a month ended: points in hundredths, whole minutes."""

    month: date
    points: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class StatementView:
    """A statement with its lines: opening + deposited - withdrawn - expired + reversed = closing holds in both books.

    `holder` is masked. Of held points, those soon to expire and stars nothing is known (None) in months before they were kept.
    """

    month: date
    code: str
    bank_name: str
    holder: str
    card_end: str
    unit_name: str
    issued_at: datetime
    opening: Balances
    deposited: Balances
    withdrawn: Balances
    expired: Balances
    reversed: Balances
    closing: Balances
    points_held: int | None
    points_expiring: int | None
    expiring_until: date
    stars: int | None
    seal: Seal | None
    lines: list[Line]
    trend: list[MonthEnd]

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return clock.next_month(self.month) - timedelta(days=1)


def statement(*, person_id: int, month: date) -> StatementView:
    """A member's statement of a month, the same at any later time. Raises StatementNotFound if none was issued."""
    month = clock.month_start(month)
    found = next(views(month, _issued().where(Statement.month == month, Statement.person_id == person_id)), None)
    if found is None:
        raise StatementNotFound(month=f"{month:%Y-%m}")
    return found


def statement_seen(*, by: Person, person_id: int, month: date) -> StatementView:
    """A member's statement, seen by the member and by admins and auditors of the unit. Raises StatementNotFound for others."""
    unit_id = db.session.scalar(select(Person.unit_id).where(Person.id == person_id))
    is_staff = unit_id is not None and any(has_role(by, role, unit_id) for role in ("admin", "auditor"))
    if by.id != person_id and not is_staff:
        raise StatementNotFound(month=f"{month:%Y-%m}")
    return statement(person_id=person_id, month=month)


def statements_of(person_id: int) -> list[Statement]:
    """A member's statements, newest first, without their lines."""
    mine = select(Statement).where(Statement.month.in_(select(MonthIssue.month)), Statement.person_id == person_id)
    return list(db.session.scalars(mine.order_by(Statement.month.desc())))


def views(month: date, wanted: Select[Statement]) -> Iterator[StatementView]:
    """Statements of one month in the order of the query, read some hundred at once; what they cost is in the month's lines."""
    issue = db.session.get(MonthIssue, month)
    seal = db.session.get(Seal, issue.seal_number) if issue and issue.seal_number else None
    issued = db.session.scalars(wanted).all()
    for start in range(0, len(issued), TOGETHER):
        together = issued[start : start + TOGETHER]
        yield from _views(month, seal, together, issue.issued_at if issue else together[0].issued_at)


def _issued() -> Select[Statement]:
    return select(Statement).options(joinedload(Statement.person))


def _views(month: date, seal: Seal | None, together: Sequence[Statement], named_at: datetime) -> Iterator[StatementView]:
    persons = [each.person for each in together]
    found = plain_lines(persons, since=month, until=clock.next_month(month))
    trends = _trends(persons, month)
    top = top_unit().id
    names = names_at({top, *(each.unit_id for each in together)}, named_at)
    for each in together:
        opening = Balances(each.points_opening, each.minutes_opening)
        lines = list(with_balances(found.get(each.person_id, ()), opening=opening))
        closing = Balances(each.points_closing, each.minutes_closing)
        after = Balances(lines[-1].points_after, lines[-1].minutes_after) if lines else opening
        assert after == closing, f"statement {each.code}: its lines end at {after}, not at {closing}"
        yield StatementView(
            month=month, code=each.code, bank_name=names[top], holder=each.holder, card_end=each.card_end,
            unit_name=names[each.unit_id], issued_at=each.issued_at, opening=opening, closing=closing,
            deposited=Balances(each.points_deposited, each.minutes_in), withdrawn=Balances(each.points_withdrawn),
            expired=Balances(each.points_expired), reversed=Balances(each.points_reversed, -each.minutes_out),
            points_held=each.points_held, points_expiring=each.points_expiring, stars=each.stars,
            expiring_until=clock.next_month(month) + timedelta(days=EXPIRING_DAYS - 1), seal=seal, lines=lines,
            trend=trends[each.person_id],
        )  # fmt: skip


def _trends(persons: Sequence[Person], month: date) -> dict[int, list[MonthEnd]]:
    """A year's month ends up to this one; the opening of a month is where the month before it ended."""
    following = clock.next_month(month)
    owners = {account: (each.id, book) for each in persons for account, book in
              ((each.points_account_id, 0), (each.minutes_account_id, 1))}  # fmt: skip
    is_recent = Opening.month.in_(months_after(following, -back) for back in range(TREND_MONTHS))
    rows = select(Opening.month, Opening.account_id, Opening.balance).where(is_recent, Opening.account_id.in_(owners))
    ends: dict[int, dict[date, list[int]]] = defaultdict(dict)
    for opened, account_id, balance in db.session.execute(rows):
        person_id, book = owners[account_id]
        ends[person_id].setdefault(months_after(opened, -1), [0, 0])[book] = balance
    return {each.id: [MonthEnd(day, *both) for day, both in sorted(ends[each.id].items())] for each in persons}
