"""The boards, and the screen in the hall."""

from flask import Blueprint, g, render_template, request

from bank import clock
from bank.boards import queries as boards
from bank.consents.queries import has_consent
from bank.statements.rules import parse_period, period_of
from bank.web.auth import access

bp = Blueprint("boards", __name__)


@bp.get("/board")
@access("public")
def board() -> str:
    """Who earned most in a period, and where I stand."""
    found = _asked_board()
    is_shown = bool(g.person and has_consent(g.person.id, "board"))
    today = clock.local_day(found.as_of)
    choices = [(kind, period_of(kind, today).label) for kind in ("month", "quarter", "half", "year")]
    return render_template(
        "boards/board.html", board=found, units=boards.units(), choices=choices, is_shown=is_shown, today=today
    )


@bp.get("/board/display")
@access("public")
def display() -> str:
    """The board for the screen in the hall; it looks for news by itself."""
    return render_template("boards/display.html", board=_asked_board())


def _asked_board() -> boards.Board:
    at = clock.now()
    label, unit = request.args.get("period"), request.args.get("unit", type=int)
    period = parse_period(label) if label else boards.this_month(at)
    place = g.device.unit_id if g.device else boards.root_id()  # A screen shows the board of where it stands.
    return boards.board(period=period, unit_id=unit or place, by=g.person, at=at)
