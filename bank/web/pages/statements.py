"""The passbook, the statements, and the check of a statement's code."""

from contextlib import suppress

from flask import Blueprint, current_app, g, render_template, request, url_for

from bank import clock
from bank.statements import queries
from bank.statements.rules import StatementNotFound, parse_month
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


def _paper(view: queries.StatementView) -> str:
    site = str(current_app.config["PUBLIC_URL"]) or request.url_root
    address = site.rstrip("/") + url_for(".verify", code=view.code)
    return render_template("statements/statement.html", statement=view, qr=qr(address))
