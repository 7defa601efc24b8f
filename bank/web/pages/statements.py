"""The passbook, the statements, and the check of a statement's code."""

from contextlib import suppress

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import lazy_gettext as _

from bank import clock
from bank.statements import members, paper, queries
from bank.statements.rules import LINE_KINDS, StatementNotFound, parse_month
from bank.statements.year import year_of_service
from bank.web.auth import access
from bank.web.links import site
from bank.web.qr import qr

bp = Blueprint("statements", __name__)

KIND_NAMES = dict(zip(LINE_KINDS, (_("存入"), _("支出"), _("到期失效"), _("更正")), strict=True))


@bp.get("/passbook")
@access("member")
def passbook() -> str:
    """My balances, my stars, and what came and went."""
    at, asked = clock.now(), request.args
    month = parse_month(asked["month"]) if asked.get("month") else None
    kind = asked.get("kind") if asked.get("kind") in LINE_KINDS else None
    return render_template(
        "statements/passbook.html",
        book=queries.passbook(person_id=g.person.id, month=month, kind=kind, at=at),
        kind=kind,
        kinds=KIND_NAMES,
        year=year_of_service(g.person.id, until=clock.local_day(at)),
    )


@bp.get("/statements")
@access("member")
def statements() -> str:
    """My statements, newest first."""
    return render_template("statements/statements.html", statements=members.statements_of(g.person.id))


@bp.get("/statements/<string:month>")
@access("member")
def statement(month: str) -> str:
    """My statement of a month."""
    view = members.statement(person_id=g.person.id, month=parse_month(month))
    return _page(view, paper_url=url_for(".statement_paper", month=month), is_own=True)


@bp.get("/statements/<string:month>.pdf")
@access("member")
def statement_paper(month: str) -> Response:
    """My statement of a month, on paper."""
    view = members.statement(person_id=g.person.id, month=parse_month(month))
    return pdf_answer([view])


@bp.get("/people/<int:person_id>/statements/<string:month>")
@access("admin", "auditor")
def statement_of(person_id: int, month: str) -> str:
    """A member's statement, for admins and auditors of the member's unit."""
    view = members.statement_seen(by=g.person, person_id=person_id, month=parse_month(month))
    return _page(view, paper_url=url_for(".statement_paper_of", person_id=person_id, month=month), is_own=False)


@bp.get("/people/<int:person_id>/statements/<string:month>.pdf")
@access("admin", "auditor")
def statement_paper_of(person_id: int, month: str) -> Response:
    """A member's statement on paper, for admins and auditors of the member's unit."""
    view = members.statement_seen(by=g.person, person_id=person_id, month=parse_month(month))
    return pdf_answer([view])


@bp.get("/verify")
@access("public")
def verify() -> str:
    """Tells whether the code on a statement was given out by this bank."""
    code, checked = request.args.get("code", "")[:60], None
    with suppress(StatementNotFound):  # The page says so in words.
        checked = queries.checked_code(code) if code else None
    return render_template("statements/verify.html", code=code, checked=checked)


def pdf_answer(views: list[members.StatementView]) -> Response:
    """Statements on paper."""
    return Response(paper.paper(views, site=site()), mimetype="application/pdf")


def _page(view: members.StatementView, **values: object) -> str:
    shown = {"facts": paper.facts(view), "sums": paper.sums(view), "notes": paper.notes(view), "seal": paper.seal_lines(view)}
    code, picture = paper.shown_code(view.code), qr(paper.verify_url(view, site()))
    return render_template("statements/statement.html", statement=view, code=code, qr=picture, **shown, **values)
