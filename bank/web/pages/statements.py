"""The passbook, the statements, the check of a statement's code, and the boards."""

from contextlib import suppress

from flask import Blueprint, current_app, g, render_template, request, url_for

from bank import clock
from bank.consents.queries import has_consent
from bank.statements import boards, queries
from bank.statements.rules import StatementNotFound, parse_month, parse_period, period_of
from bank.web.auth import access
from bank.web.qr import qr

bp = Blueprint("statements", __name__)


@bp.get("/passbook")
@access("member")
def passbook() -> str:
    """My balances, my stars, and what came and went."""
    month = parse_month(request.args["month"]) if request.args.get("month") else None
    book = queries.passbook(person_id=g.person.id, month=month, at=clock.now())
    return render_template("statements/passbook.html", book=book)


@bp.get("/statements")
@access("member")
def statements() -> str:
    """My statements, newest first."""
    return render_template("statements/statements.html", statements=queries.statements_of(g.person.id))


@bp.get("/statements/<string:month>")
@access("member")
def statement(month: str) -> str:
    """My statement of a month."""
    return _paper(queries.statement(person_id=g.person.id, month=parse_month(month)))


@bp.get("/people/<int:person_id>/statements/<string:month>")
@access("admin", "auditor")
def statement_of(person_id: int, month: str) -> str:
    """A member's statement, for admins and auditors of the member's unit."""
    return _paper(queries.statement_seen(by=g.person, person_id=person_id, month=parse_month(month)))


@bp.get("/verify")
@access("public")
def verify() -> str:
    """Tells whether the code on a statement was given out by this bank."""
    code, checked = request.args.get("code", "")[:60], None
    with suppress(StatementNotFound):  # The page says so in words.
        checked = queries.checked_code(code) if code else None
    return render_template("statements/verify.html", code=code, checked=checked)


@bp.get("/board")
@access("public")
def board() -> str:
    """Who earned most in a period, and where I stand."""
    found = _asked_board()
    is_shown = bool(g.person and has_consent(g.person.id, "board"))
    today = clock.local_day(found.as_of)
    choices = [(kind, period_of(kind, today).label) for kind in ("month", "quarter", "half", "year")]
    return render_template(
        "statements/board.html", board=found, units=boards.units(), choices=choices, is_shown=is_shown, today=today
    )


@bp.get("/board/display")
@access("public")
def display() -> str:
    """The board for the screen in the hall; it looks for news by itself."""
    return render_template("statements/display.html", board=_asked_board())


def _asked_board() -> boards.Board:
    at = clock.now()
    label, unit = request.args.get("period"), request.args.get("unit", type=int)
    period = parse_period(label) if label else boards.this_month(at)
    place = g.device.unit_id if g.device else boards.root_id()  # A screen shows the board of where it stands.
    return boards.board(period=period, unit_id=unit or place, by=g.person, at=at)


def _paper(view: queries.StatementView) -> str:
    site = str(current_app.config["PUBLIC_URL"]) or request.url_root
    address = site.rstrip("/") + url_for(".verify", code=view.code)
    return render_template("statements/statement.html", statement=view, qr=qr(address))
