"""Units and persons taken in from tables, and given out as the same tables."""

from typing import Any

from flask import g

from bank import clock
from bank.documents import records, tables
from bank.enrolment import actions, checks, columns, queries, schemas
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("enrolment", "Tables of units and persons (.xlsx, .csv), in and out.")


@bp.post("/persons/import")
@access("admin")
@writes
@bp.arguments(schemas.PersonsImportSchema)
@bp.response(200, schemas.ReportSchema)
def import_persons(asked: dict[str, Any]) -> dict[str, Any]:
    """Enrol everybody in a table who is not there yet, all or none; a dry run only looks."""
    sheet, at = records.read(asked["file"], columns.PERSONS), clock.now()
    options = {"by": g.person, "sheet": sheet, "is_namesake_welcome": asked["is_namesake_welcome"]}
    if asked["is_dry_run"]:
        return schemas.shown(checks.check_persons(**options, on=clock.local_day(at)).report)
    return schemas.shown(actions.import_persons(**options, at=at))


@bp.post("/units/import")
@access("admin")
@writes
@bp.arguments(schemas.UnitsImportSchema)
@bp.response(200, schemas.ReportSchema)
def import_units(asked: dict[str, Any]) -> dict[str, Any]:
    """Add every unit in a table that is not there yet, all or none; a dry run only looks."""
    sheet = records.read(asked["file"], columns.UNITS)
    if asked["is_dry_run"]:
        return schemas.shown(checks.check_units(by=g.person, sheet=sheet).report)
    return schemas.shown(actions.import_units(by=g.person, sheet=sheet, at=clock.now()))


@bp.get("/persons/table")
@access("admin")
@bp.arguments(schemas.AskedTableSchema, location="query")
@bp.response(200, schemas.TableSchema)
def persons_table(asked: dict[str, Any]) -> dict[str, bytes]:
    """The members of the units where the one who asks is admin, as a table that can be imported again."""
    rows = queries.persons_table(by=g.person, language=asked["language"])
    return {"file": _file(asked, columns.PERSONS, rows)}


@bp.get("/units/table")
@access("admin")
@bp.arguments(schemas.AskedTableSchema, location="query")
@bp.response(200, schemas.TableSchema)
def units_table(asked: dict[str, Any]) -> dict[str, bytes]:
    """The units where the one who asks is admin, as a table that can be imported again."""
    return {"file": _file(asked, columns.UNITS, queries.units_table(by=g.person, language=asked["language"]))}


def _file(asked: dict[str, Any], of: tuple[records.Column, ...], rows: tables.Rows) -> bytes:
    return b"".join(tables.write(asked["kind"], [each.title(asked["language"]) for each in of], rows))
