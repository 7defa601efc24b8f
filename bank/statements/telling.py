"""Tells members that their statement of a month is ready."""

from datetime import date, datetime

from sqlalchemy import or_, select

from bank.db import db
from bank.notices.actions import Facts, tell_each
from bank.statements.models import Statement


def tell_ready(*, month: date, at: datetime) -> int:
    """Tell who has a statement with anything in it, once; answers how many had not been told before."""
    has_something = or_(Statement.points_in > 0, Statement.points_out > 0, Statement.minutes_in > 0, Statement.points_closing > 0)
    rows = db.session.execute(
        select(Statement.person_id, Statement.points_closing).where(Statement.month == month, has_something)
    )
    facts_of: dict[int, Facts] = {person_id: {"month": month.isoformat(), "closing_points": points} for person_id, points in rows}
    return tell_each(facts_of=facts_of, kind="statement_ready", key=f"statement:{month:%Y-%m}", at=at)
