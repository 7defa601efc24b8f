"""Issuing everybody's statement of a month."""

from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, FromClause, Select, case, exists, func, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from bank import clock
from bank.db import db, is_postgres
from bank.ledger import actions as ledger
from bank.ledger import seal
from bank.ledger.models import JournalEntry, SealedEntry
from bank.ledger.rules import Expiry, MonthNotOver
from bank.people.models import Person
from bank.statements import frozen, queries, sums
from bank.statements.codes import code_column
from bank.statements.models import MonthIssue, Statement
from bank.statements.rules import NothingBooked, StatementsDiffer

KINDS = ("deposited", "withdrawn", "expired", "reversed")


def issue(*, month: date, at: datetime) -> int:
    """Make every member's statement of a month that is over, closing it first, and say how many were new; safe to repeat.

    Seals the journal first where that month's lines are not sealed, so that the seal they name covers all of theirs. What
    it costs depends on the members and that month's entries, not on the years before. Raises MonthNotOver, NothingBooked for
    a month before the first entry, and StatementsDiffer where the books do not lead from one month's openings to the next's.
    """
    month = clock.month_start(month)
    if clock.local_day(at) < clock.next_month(month):
        raise MonthNotOver(month=month.isoformat())
    if (first := queries.first_month()) is None or month < first:
        raise NothingBooked()
    ledger.close_through(month=month, at=at)
    if db.session.get(MonthIssue, month) is None:
        newest = seal.seal_within(at=at) if _has_unsealed(month) else seal.newest_seal()
        db.session.add(MonthIssue(month=month, issued_at=at, seal_number=newest.number if newest else None))
        db.session.flush()
    names, rows = _statements(month, at)
    # Behind a name of its own, else the insert begins with WITH, and SQLite does not count what it writes. Of who has one
    # the key knows better than a join: a planner without figures of the table would look through all of it for each member.
    everybody = (postgresql.insert if is_postgres() else sqlite.insert)(Statement)
    everybody = everybody.from_select(names, select(rows.subquery()).where(true())).on_conflict_do_nothing(
        index_elements=["month", "person_id"]
    )
    try:
        return db.session.connection().execute(everybody, execution_options={"preserve_rowcount": True}).rowcount
    except IntegrityError as error:
        raise StatementsDiffer(month=f"{month:%Y-%m}") from error


def _has_unsealed(month: date) -> bool:
    """Whether a line of the month is in no seal yet; looks at that month's entries only."""
    is_within = (JournalEntry.effective_on >= month) & (JournalEntry.effective_on < clock.next_month(month))
    is_sealed = exists().where(SealedEntry.entry_id == JournalEntry.id)
    return db.session.scalar(select(JournalEntry.id).where(is_within, ~is_sealed).limit(1)) is not None


def _statements(month: date, at: datetime) -> tuple[list[str], Select[Any]]:
    """The columns and their values for everybody who was here or has anything on the books."""
    columns: dict[str, ColumnElement[Any]] = {
        "month": literal(month, Statement.month.type),
        "person_id": Person.id.expression,
        "code": code_column(Person.key, month),
        "issued_at": literal(at, Statement.issued_at.type),
    }
    following = clock.next_month(month)
    due_before = frozen.due_soon_before(month, Expiry.from_setting(current_app.config["EXPIRY"]))
    of_accounts = sums.of_accounts(month, due_before=due_before and min(due_before, following))
    points, minutes = of_accounts.alias("points"), of_accounts.alias("minutes")
    query = select(Person.id).select_from(Person)
    query = query.outerjoin(points, points.c.account_id == Person.points_account_id)
    query = query.outerjoin(minutes, minutes.c.account_id == Person.minutes_account_id)
    columns |= _moved(points, "points") | _moved(minutes, "minutes") | {"points_expiring": frozen.expiring(points)}
    columns |= {f"points_{name}": func.coalesce(points.c[name], 0) for name in KINDS}
    query, kept = frozen.with_kept(query, month, columns["minutes_closing"])
    columns |= kept
    is_here = Person.enrolled_at < frozen.end_of(month)
    has_books = points.c.account_id.is_not(None) | minutes.c.account_id.is_not(None)
    return list(columns), query.with_only_columns(*columns.values()).where(is_here | has_books)


def _moved(book: FromClause, name: str) -> dict[str, ColumnElement[Any]]:
    """Opening, in, out and closing of one book; a closing with which the next month does not open is none, and none is taken."""
    names = ("opening", "deposited", "came", "went", "balance_then")
    opening, deposited, came, went, then = (func.coalesce(book.c[each], 0) for each in names)
    closing = opening + deposited + came - went
    kept = {"opening": opening, "in": deposited + came, "out": went, "closing": case((closing == then, closing))}
    return {f"{name}_{each}": value for each, value in kept.items()}
