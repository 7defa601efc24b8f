"""Passbook and statements, as JSON."""

from flask import g

from bank import clock
from bank.statements import members, months, queries, schemas
from bank.statements.members import StatementView
from bank.statements.models import Statement
from bank.statements.months import GroupMonth
from bank.statements.queries import CheckedStatement, Passbook
from bank.statements.rules import parse_month
from bank.web.api import blueprint
from bank.web.auth import access

bp = blueprint("statements", "Passbook and monthly statements.")


@bp.get("/me/passbook")
@access("member")
@bp.arguments(schemas.PassbookQuerySchema, location="query")
@bp.response(200, schemas.PassbookSchema)
def passbook(asked: dict[str, str | None]) -> Passbook:
    """Balances now, and the lines of the months that are still open, or of one month."""
    month = parse_month(asked["month"]) if asked["month"] else None
    return queries.passbook(person_id=g.person.id, month=month, kind=asked["kind"], at=clock.now())


@bp.get("/me/statements")
@access("member")
@bp.response(200, schemas.StatementsSchema)
def statements() -> dict[str, list[Statement]]:
    """All statements of the one who asks, newest first."""
    return {"statements": members.statements_of(g.person.id)}


@bp.get("/me/statements/<string:month>")
@access("member")
@bp.response(200, schemas.StatementSchema)
def statement(month: str) -> StatementView:
    """One's own statement of a month such as 2026-10."""
    return members.statement(person_id=g.person.id, month=parse_month(month))


@bp.get("/persons/<int:person_id>/statements/<string:month>")
@access("admin", "auditor")
@bp.response(200, schemas.StatementSchema)
def statement_of(person_id: int, month: str) -> StatementView:
    """A member's statement, for admins and auditors of the member's unit."""
    return members.statement_seen(by=g.person, person_id=person_id, month=parse_month(month))


@bp.get("/me/household/statements/<string:month>")
@access("member")
@bp.response(200, schemas.GroupMonthSchema)
def of_household(month: str) -> GroupMonth:
    """The month of one's household: oneself, who of the others agreed, and the children one answers for."""
    return months.of_household(by=g.person, month=parse_month(month))


@bp.get("/units/<int:unit_id>/statements/<string:month>")
@access("organizer", "admin", "auditor")
@bp.response(200, schemas.GroupMonthSchema)
def of_unit(unit_id: int, month: str) -> GroupMonth:
    """The month of a unit, a team or the whole bank; members one by one for admins and auditors only."""
    return months.of_unit(by=g.person, unit_id=unit_id, month=parse_month(month))


@bp.get("/statements/check")
@access("public")
@bp.arguments(schemas.CheckQuerySchema, location="query")
@bp.response(200, schemas.CheckedSchema)
def check(asked: dict[str, str]) -> CheckedStatement:
    """Whether a verification code stands on a statement of this bank."""
    return queries.checked_code(asked["code"])
