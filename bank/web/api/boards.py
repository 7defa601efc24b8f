"""Boards, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.boards import queries, schemas
from bank.boards.queries import Board
from bank.boards.rules import Asked
from bank.statements.rules import parse_period, period_of
from bank.web.api import blueprint
from bank.web.auth import access

bp = blueprint("boards", "Who earned most, of those who agreed to be shown.")


@bp.get("/board")
@access("public")
@bp.arguments(schemas.BoardQuerySchema, location="query")
@bp.response(200, schemas.BoardSchema)
def board(wanted: dict[str, Any]) -> Board:
    """Who earned most in a period, this month when none is named, and one's own place if a token is sent."""
    at, label = clock.now(), wanted.pop("period")
    period = parse_period(label) if label else period_of("month", clock.local_day(at))
    asked = Asked(**wanted | {"unit_id": wanted["unit_id"] or queries.root_id(), "period": period})
    return queries.board(asked=asked, by=g.person, at=at)
