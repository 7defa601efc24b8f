"""The month of a household, team, community and the whole bank: as a page, on paper and as a table; and everybody's at once."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank.people import queries as people
from bank.statements import groups, months, printing
from bank.statements.groups import GroupStatement
from bank.statements.rules import StatementNotFound, parse_month
from bank.units.queries import top_unit
from bank.web import exports
from bank.web import group_papers as papers
from bank.web.auth import access
from bank.web.pages.statements import pdf_answer

bp = Blueprint("group_statements", __name__)


@bp.get("/units/<int:unit_id>/statements")
@access("organizer", "admin", "auditor")
def newest(unit_id: int) -> ResponseReturnValue:
    """The last month that has statements."""
    issued = groups.months_of(by=g.person, unit_id=unit_id)
    if not issued:
        raise StatementNotFound()
    return redirect(url_for(".of_unit", unit_id=unit_id, month=f"{issued[0]:%Y-%m}"), 303)


@bp.get("/units/<int:unit_id>/statements/<string:month>")
@access("organizer", "admin", "auditor")
def of_unit(unit_id: int, month: str) -> ResponseReturnValue:
    """A unit's month, each row with what stands behind it."""
    found = months.of_unit(by=g.person, unit_id=unit_id, month=parse_month(month))
    group, trial = found.group, found.books
    if exports.is_asked() and request.args.get("table") == "books" and trial:
        return exports.answer(f"books-{month}", papers.BOOK_COLUMNS, trial.accounts)
    if exports.is_asked():
        return exports.answer(f"statement-{month}", papers.exported(group), group.rows)
    is_staff = any(people.has_role(g.person, role, unit_id) for role in groups.STAFF)
    return _page(
        group, paper_url=url_for(".paper_of_unit", unit_id=unit_id, month=month), books=trial, issued=found.issued,
        months=groups.months_of(by=g.person, unit_id=unit_id),
        may_print=is_staff and group.kind != "team" and group.total.members,
    )  # fmt: skip


@bp.get("/units/<int:unit_id>/statements/<string:month>.pdf")
@access("organizer", "admin", "auditor")
def paper_of_unit(unit_id: int, month: str) -> Response:
    """A unit's month on paper."""
    return papers.paper(months.of_unit(by=g.person, unit_id=unit_id, month=parse_month(month)))


@bp.get("/units/<int:unit_id>/statements/<string:month>/members.pdf")
@access("admin", "auditor")
def members_paper(unit_id: int, month: str) -> Response:
    """The statements of all members of a unit, each from a new page, those of a grid together."""
    views = printing.statements_in(by=g.person, unit_id=unit_id, month=parse_month(month))
    return pdf_answer(views)


@bp.get("/me/household/statements/<string:month>")
@access("member")
def of_household(month: str) -> ResponseReturnValue:
    """My household's month, with those of us who agreed."""
    group = months.of_household(by=g.person, month=parse_month(month)).group
    if exports.is_asked():
        return exports.answer(f"household-{month}", papers.exported(group), group.rows)
    return _page(group, paper_url=url_for(".paper_of_household", month=month), books=None, issued=[], months=[], may_print=False)


@bp.get("/me/household/statements/<string:month>.pdf")
@access("member")
def paper_of_household(month: str) -> Response:
    """My household's month on paper."""
    return papers.paper(months.of_household(by=g.person, month=parse_month(month)))


def _page(group: GroupStatement, **values: object) -> str:
    may_see_books = any(people.has_role(g.person, role, top_unit().id) for role in groups.STAFF)
    return render_template(
        "statements/group.html", group=group, title=papers.title(group), columns=papers.columns(group),
        account_name=papers.account_name, held=papers.held, may_see_books=may_see_books, **values,
    )  # fmt: skip
