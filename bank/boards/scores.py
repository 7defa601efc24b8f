"""What counts on a board: of each member account what was earned in a period, read from openings and the open months."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bank import clock
from bank.boards.rules import PERSONS, Asked
from bank.db import db
from bank.honours.models import Award
from bank.honours.queries import live_awards
from bank.honours.rules import HONOUR
from bank.ledger import queries as books
from bank.ledger.models import Account, JournalEntry, Opening, Transfer
from bank.people.models import Person
from bank.statements.rules import Period

INCOME = ("deposit", "import")
CHUNK = 5000  # SQLite takes 32,766 values in one statement.
Within = Callable[[ColumnElement[int]], ColumnElement[bool]]
Part = Select[*tuple[Any, ...]]


def account_of(asked: Asked) -> InstrumentedAttribute[int]:
    """Which of a member's two accounts stands for the member on a board."""
    is_of_minutes = asked.measure == "minutes" or (asked.measure == "newcomers" and asked.subject == PERSONS)
    return Person.minutes_account_id if is_of_minutes else Person.points_account_id


def sums(asked: Asked, within: Within | None = None) -> Subquery:
    """(account, value > 0) of everybody who has something on a board; `within` keeps some accounts.

    Points in hundredths, whole minutes, the highest star of a person or the number of a group's stars, newcomers.
    """
    parts = _parts(asked, within)
    return _summed(asked, union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery())


def high_sums(asked: Asked, within: Within | None = None) -> tuple[Subquery, dict[int, int]]:
    """What `sums` says, read faster: sums that are too high for a few accounts, and what is to be taken off these."""
    came, *others = _parts(asked, within)
    if len(others) != 1:
        return sums(asked, within), {}
    account_id, value = (each.label(each.key) for each in others[0].subquery().c)
    taken = db.session.execute(select(account_id, func.sum(value)).group_by(account_id))
    return _summed(asked, came.subquery()), {account_id: int(total) for account_id, total in taken}


def arrivals(asked: Asked, account_ids: list[int]) -> dict[int, tuple[Any, ...]]:
    """When each of these accounts came to its value: the day of the last deposit or star in the period, then the instant."""
    if asked.measure == "stars":
        held: Part = live_awards().join(Person, Person.id == Award.person_id).where(*_awarded(asked.period))
        day, instant, account_id = Award.awarded_on, Award.awarded_at, Person.points_account_id
    else:
        held = select(Transfer).join(JournalEntry, JournalEntry.id == Transfer.entry_id)
        held = held.where(JournalEntry.kind.in_(INCOME), _dated(Transfer.effective_on, asked.period))
        day, instant, account_id = JournalEntry.effective_on, JournalEntry.recorded_at, Transfer.credit_id
    last = held.with_only_columns(account_id, func.max(day), func.max(instant)).group_by(account_id)
    chunks = (account_ids[start : start + CHUNK] for start in range(0, len(account_ids), CHUNK))
    rows = (row for chunk in chunks for row in db.session.execute(last.where(account_id.in_(chunk))))
    return {each: tuple(when) for each, *when in rows}


def _summed(asked: Asked, each: Subquery) -> Subquery:
    is_highest = asked.measure == "stars" and asked.subject == PERSONS
    value = cast((func.max if is_highest else func.sum)(each.c.value), BigInteger).label("value")
    return select(each.c.account_id, value).group_by(each.c.account_id).having(value > 0).subquery()


def _parts(asked: Asked, within: Within | None) -> list[Part]:
    """(account, value) rows: what came first, then what was taken back, then what openings know."""
    return [part.where(within(part.selected_columns[0])) if within else part for part in _rows(asked)]


def _rows(asked: Asked) -> list[Part]:
    if asked.measure == "stars":
        value = Award.level if asked.subject == PERSONS else literal(1)
        held = live_awards().join(Person, Person.id == Award.person_id).where(*_awarded(asked.period))
        return [held.with_only_columns(Person.points_account_id.label("account_id"), value.label("value"))]
    if asked.measure == "newcomers":
        return _newcomers(asked)
    return _earned(asked.measure, asked.period)


def _newcomers(asked: Asked) -> list[Part]:
    """Of a group how many came in the period; of persons who came in it, their minutes."""
    since, until = (clock.local_instant(day, time()) for day in (asked.period.starts_on, asked.period.ends_on))
    came = (Person.enrolled_at >= since, Person.enrolled_at < until, Person.is_volunteer)
    if asked.subject != PERSONS:
        one = (Person.points_account_id.label("account_id"), literal(1).label("value"))
        return [select(*one).where(*came, Person.closed_at.is_(None))]
    theirs = select(Person.minutes_account_id).where(*came)
    return [part.where(part.selected_columns[0].in_(theirs)) for part in _earned("minutes", asked.period)]


def _earned(unit: str, period: Period) -> list[Part]:
    """Deposits less those taken back: of closed months from two openings, of open ones from their entries."""
    if period.kind == "week":  # Openings stand at the first of a month.
        return _moved(unit, period.starts_on, period.ends_on)
    open_month = books.open_month() or period.starts_on
    split_on = min(max(open_month, period.starts_on), period.ends_on)
    moved = _moved(unit, split_on, period.ends_on)
    if split_on == period.starts_on:
        return moved
    total = (Opening.earned + Opening.corrected).label("value")
    held = select(Opening.account_id, total).where(Opening.account_id.in_(select(Account.id).where(Account.unit == unit)))
    before = held.with_only_columns(Opening.account_id, (-total).label("value")).where(Opening.month == period.starts_on)
    return [*moved, held.where(Opening.month == split_on), before]


def _moved(unit: str, since: date, until: date) -> list[Part]:
    """What `ledger.totals.movements` calls earned and corrected, of those who were credited alone, which is far less to read."""
    original = aliased(JournalEntry)
    dated = (Transfer.unit == unit, Transfer.effective_on >= since, Transfer.effective_on < until)
    came = select(Transfer.credit_id.label("account_id"), Transfer.amount.label("value"))
    back = select(Transfer.debit_id.label("account_id"), (-Transfer.amount).label("value"))
    # Reversals are few and have an index of their own, so they are looked up first and their transfers by number.
    reversals = select(JournalEntry.id).join(original, original.id == JournalEntry.reverses_id)
    reversals = reversals.where(JournalEntry.reverses_id.is_not(None), original.kind.in_(INCOME))
    return [
        came.join(JournalEntry, JournalEntry.id == Transfer.entry_id).where(JournalEntry.kind.in_(INCOME), *dated),
        back.where(Transfer.entry_id.in_(reversals), *dated),
    ]


def _awarded(period: Period) -> tuple[ColumnElement[bool], ...]:
    return Award.kind == HONOUR, _dated(Award.awarded_on, period)


def _dated(day: InstrumentedAttribute[date], period: Period) -> ColumnElement[bool]:
    return (day >= period.starts_on) & (day < period.ends_on)
