"""Issuing everybody's statement of a month."""

from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from bank import clock
from bank.db import db
from bank.ledger import actions as ledger
from bank.ledger import seal
from bank.ledger.models import JournalEntry, Opening, SealedEntry, Transfer
from bank.ledger.rules import Expiry, MonthNotOver
from bank.people.models import Person
from bank.statements import frozen, queries
from bank.statements.codes import code_column
from bank.statements.models import MonthIssue, Statement
from bank.statements.rules import NothingBooked

DEPOSITS = ("deposit", "import")


def issue(*, month: date, at: datetime) -> int:
    """Make every member's statement of a month that is over, closing it first, and say how many were new; safe to repeat.

    Seals the journal first where that month's lines are not sealed, so that the seal they name covers all of theirs. What
    it costs depends on the members and that month's entries, not on the years before. Raises MonthNotOver, and NothingBooked
    for a month before the first entry.
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
    everybody = insert(Statement).from_select(*_statements(month, at))
    new = db.session.connection().execute(everybody, execution_options={"preserve_rowcount": True})
    assert not _differing(month), f"statements of {month:%Y-%m} do not end where the next month's openings begin"
    return new.rowcount


def _has_unsealed(month: date) -> bool:
    """Whether a line of the month is in no seal yet; looks at that month's entries only."""
    is_within = (JournalEntry.effective_on >= month) & (JournalEntry.effective_on < clock.next_month(month))
    is_sealed = exists().where(SealedEntry.entry_id == JournalEntry.id)
    return db.session.scalar(select(JournalEntry.id).where(is_within, ~is_sealed).limit(1)) is not None


def _statements(month: date, at: datetime) -> tuple[list[str], Select[Any]]:
    """The columns and their values for everybody who has no statement of the month yet."""
    columns: dict[str, ColumnElement[Any]] = {
        "month": literal(month, Statement.month.type),
        "person_id": Person.id.expression,
        "code": code_column(Person.key, month),
        "issued_at": literal(at, Statement.issued_at.type),
    }
    query, sums, has_books = _with_sums(select(Person.id).select_from(Person), month)
    query, kept = _with_kept(query, month, sums["minutes_closing"])
    is_here = Person.enrolled_at < frozen.end_of(month)
    is_made = exists().where(Statement.person_id == Person.id, Statement.month == month)
    columns |= sums | kept
    return list(columns), query.with_only_columns(*columns.values()).where(is_here | has_books, ~is_made)


def _with_sums(query: Select[Any], month: date) -> tuple[Select[Any], dict[str, ColumnElement[Any]], ColumnElement[bool]]:
    """Openings and what moved since, in both books, and whether there are books at all."""
    columns: dict[str, ColumnElement[Any]] = {}
    has_books = []
    for unit, account_id in (("points", Person.points_account_id), ("minutes", Person.minutes_account_id)):
        opening, moved = aliased(Opening), _moved(month)
        query = query.outerjoin(opening, (opening.account_id == account_id) & (opening.month == month))
        query = query.outerjoin(moved, moved.c.account_id == account_id)
        kinds = ("deposited", "withdrawn", "expired", "reversed") if unit == "points" else ()
        columns[f"{unit}_opening"] = first = func.coalesce(opening.balance, 0)
        columns |= {f"{unit}_{name}": func.coalesce(moved.c[name], 0) for name in ("in", "out", *kinds)}
        columns[f"{unit}_closing"] = first + columns[f"{unit}_in"] - columns[f"{unit}_out"]
        has_books += [moved.c.account_id.is_not(None), opening.account_id.is_not(None)]
    return query, columns, or_(*has_books)


def _with_kept(query: Select[Any], month: date, minutes: ColumnElement[Any]) -> tuple[Select[Any], dict[str, ColumnElement[Any]]]:
    """What is kept as it was when the month ended."""
    found = {"home": frozen.homes(month), "held": frozen.held(month)}
    found |= {"awarded": frozen.awarded(month), "withdrawn": frozen.withdrawn(month)}
    for each in found.values():
        query = query.outerjoin(each, each.c.person_id == Person.id)
    expiry = Expiry.from_setting(current_app.config["EXPIRY"])
    query, points_expiring = frozen.expiring(query, month, expiry)
    return query, {
        "holder": frozen.masked_name(),
        "card_end": frozen.card_end(),
        "unit_id": func.coalesce(found["home"].c.unit_id, Person.unit_id),
        "points_held": func.coalesce(found["held"].c.points, 0),
        "points_expiring": points_expiring,
        "stars": frozen.stars(month, minutes, found),
    }


def _moved(month: date) -> Subquery:
    """What came to and went from each account in a month and by which kind of entry, found by the entries' dates."""
    is_within = (JournalEntry.effective_on >= month) & (JournalEntry.effective_on < clock.next_month(month))
    columns = (JournalEntry.kind, Transfer.amount)
    came = select(Transfer.credit_id.label("account_id"), Transfer.amount.label("came"), literal(0).label("went"), *columns)
    went = select(Transfer.debit_id, literal(0), Transfer.amount, JournalEntry.kind, -Transfer.amount)
    within = (side.join(JournalEntry, JournalEntry.id == Transfer.entry_id).where(is_within) for side in (came, went))
    side = union_all(*within).subquery().c
    kind = side.kind
    is_withdrawal = kind.not_in((*DEPOSITS, "expire", "reversal"))
    sums: dict[str, ColumnElement[int]] = {
        "in": side.came,
        "out": side.went,
        "deposited": case((kind.in_(DEPOSITS), side.amount), else_=0),
        "withdrawn": case((is_withdrawal, -side.amount), else_=0),
        "expired": case((kind == "expire", -side.amount), else_=0),
        "reversed": case((kind == "reversal", side.amount), else_=0),
    }
    totals = (cast(func.sum(each), BigInteger).label(name) for name, each in sums.items())
    return select(side.account_id, *totals).group_by(side.account_id).subquery()


def _differing(month: date) -> int:
    points, minutes = aliased(Opening), aliased(Opening)
    following = clock.next_month(month)
    query = select(func.count()).select_from(Statement).join(Statement.person).where(Statement.month == month)
    query = query.outerjoin(points, (points.account_id == Person.points_account_id) & (points.month == following))
    query = query.outerjoin(minutes, (minutes.account_id == Person.minutes_account_id) & (minutes.month == following))
    is_points_off = Statement.points_closing != func.coalesce(points.balance, 0)
    is_minutes_off = Statement.minutes_closing != func.coalesce(minutes.balance, 0)
    return db.session.scalar(query.where(is_points_off | is_minutes_off)) or 0
