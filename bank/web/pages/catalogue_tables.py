"""The catalogue as a table: a file is looked at row by row before anything changes, and given out to be filled in again."""

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadData, URLSafeTimedSerializer

from bank import clock
from bank.documents import records
from bank.documents import tables as documents
from bank.documents.records import Record, Sheet
from bank.enrolment.words import REPORT_TITLES
from bank.errors import Invalid
from bank.rewards import tables
from bank.web.auth import access
from bank.web.errors import FormExpired
from bank.web.exports import download
from bank.web.forms import redisplay
from bank.web.idempotency import writes, writes_cookies_only
from bank.web.language import current

bp = Blueprint("catalogue_tables", __name__, url_prefix="/rewards/manage")
OPEN_SECONDS = 4 * 3600
SHOWN_MAX = 200


@bp.get("/import")
@access("admin")
def look() -> str:
    """Where a file is chosen, with the template."""
    return render_template("rewards/import.html", columns=tables.COLUMNS, place=0 if current() == "zh" else 1)


@bp.post("/import")
@access("admin")
@redisplay(look)
@writes_cookies_only
def check() -> str:
    """What the file would add, row by row; nothing is kept but in this page, signed."""
    file = request.files.get("file")
    if not file or not file.filename:
        raise Invalid(errors={"file": ["Missing data for required field."]})
    sheet = records.read(file.read(), tables.COLUMNS)
    report = tables.check(by=g.person, sheet=sheet).report
    told = sorted((each for each in report.verdicts if each.outcome != "new"), key=lambda each: each.outcome != "refused")
    shown = {"report": report, "told": told[:SHOWN_MAX], "heads": REPORT_TITLES[report.language], "row": tables.report_row}
    return render_template("rewards/import_report.html", packed=_packed(sheet), **shown)


@bp.post("/import/confirm")
@access("admin")
@redisplay(look)
@writes
def confirm() -> ResponseReturnValue:
    """Take in the table that was looked at, if that is still possible."""
    report = tables.take_in(by=g.person, sheet=_unpacked(), at=clock.now())
    flash(gettext("已导入 %(new)s 行，%(there)s 行早已存在。", new=report.counts["new"], there=report.counts["there"]), "done")
    return redirect(url_for("shelf.manage"), 303)


@bp.get("/table.<any(xlsx, csv):kind>")
@access("admin", "clerk", "auditor")
def export(kind: str) -> Response:
    """The whole catalogue, as the table that can be taken in again."""
    return _table(f"rewards-{clock.today()}.{kind}", list(tables.rows(by=g.person, language=current())))  # type: ignore[arg-type]


@bp.get("/import/template.<any(xlsx, csv):kind>")
@access("admin")
def template(kind: str) -> Response:
    """The table to be filled in, with a row that shows how."""
    return _table(f"rewards-template.{kind}", tables.examples(current()))  # type: ignore[arg-type]


def _table(name: str, rows: documents.Rows) -> Response:
    titles = [each.title(current()) for each in tables.COLUMNS]  # type: ignore[arg-type]
    return download(name, b"".join(documents.write(name.rpartition(".")[2], titles, rows)))


def _signer() -> URLSafeTimedSerializer:
    # The table that one administrator looked at is not another's to send.
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"import/rewards/{g.person.key}")


def _packed(sheet: Sheet) -> str:
    rows = [[each.row, *each.values.values()] for each in sheet.records]
    return str(_signer().dumps([sheet.language, sheet.ignored, rows]))


def _unpacked() -> Sheet:
    try:
        language, ignored, rows = _signer().loads(request.form.get("packed", ""), max_age=OPEN_SECONDS)
    except BadData:
        raise FormExpired() from None
    names = [each.name for each in tables.COLUMNS]
    return Sheet(language, [Record(row, dict(zip(names, values, strict=True))) for row, *values in rows], ignored)
