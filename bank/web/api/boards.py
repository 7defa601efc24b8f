"""Boards, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.boards import queries as boards
from bank.boards import schemas
from bank.boards.queries import Board
from bank.statements.rules import parse_period
from bank.web.api import blueprint
from bank.web.auth import access

bp = blueprint("boards", "Who earned most, of those who agreed to be shown.")


@bp.get("/board")
@access("public")
@bp.arguments(schemas.BoardQuerySchema, location="query")
@bp.response(200, schemas.BoardSchema)
def board(asked: dict[str, Any]) -> Board:
    """Who earned how many points in a period, and one's own place if a token is sent."""
    at = clock.now()
    period = parse_period(asked["period"]) if asked["period"] else boards.this_month(at)
    return boards.board(period=period, unit_id=asked["unit_id"] or boards.root_id(), by=g.person, at=at)
