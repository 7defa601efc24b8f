"""Tells members that their statement of a month is ready."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice

from sqlalchemy import or_, select

from bank.db import db
from bank.notices.actions import AT_ONCE, Facts, tell_each
from bank.statements.models import Statement


def ready(month: date) -> dict[int, int]:
    """Who has a statement of a month with anything in it, and the points (in hundredths) at its end."""
    has_something = or_(Statement.points_in > 0, Statement.points_out > 0, Statement.minutes_in > 0, Statement.points_closing > 0)
    rows = select(Statement.person_id, Statement.points_closing).where(Statement.month == month, has_something)
    return dict(db.session.execute(rows.order_by(Statement.person_id)).all())


def batched(members: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """As many as are told at once, until all are."""
    left = iter(members)
    while part := list(islice(left, AT_ONCE)):
        yield part


def tell_ready(*, month: date, closing_points: Mapping[int, int], at: datetime) -> int:
    """Tell these members, once, that their statement is there; answers how many had not been told before."""
    facts_of: dict[int, Facts] = {
        person_id: {"month": month.isoformat(), "closing_points": points} for person_id, points in closing_points.items()
    }
    return tell_each(facts_of=facts_of, kind="statement_ready", key=f"statement:{month:%Y-%m}", at=at)
