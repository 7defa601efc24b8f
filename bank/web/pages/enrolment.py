"""Pages on which an administrator takes in a table of units or persons: look first, then confirm; and the tables to keep."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from bank import clock
from bank.documents import records, tables
from bank.documents.records import Language, Record, Report, Sheet
from bank.enrolment import actions, checks, columns, queries, schemas, words
from bank.errors import Invalid
from bank.web import language, waiting
from bank.web.auth import access
from bank.web.errors import FormExpired
from bank.web.exports import download
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes, writes_cookies_only

bp = Blueprint("enrolment", __name__, url_prefix="/<any(people, units):what>")

COLUMNS = {"people": columns.PERSONS, "units": columns.UNITS}
TITLES = {"people": _("导入储户"), "units": _("导入单位")}
LISTS = {"people": "people.people", "units": "units.units"}
SHOWN_MAX = 200
OPEN_SECONDS = 4 * 3600


@bp.get("/import")
@access("admin")
def form(what: str) -> str:
    """Where a file is chosen, with the templates."""
    shown = [(each.title(_language()), each.is_required, each.example_in(_language())) for each in COLUMNS[what]]
    return render_template("enrolment/import.html", what=what, heading=TITLES[what], columns=shown)


@bp.post("/import")
@access("admin")
@redisplay(form)
@writes_cookies_only
def check(what: str) -> str:
    """What the file would add, row by row; nothing is kept but in this page, signed."""
    file = request.files.get("file")
    if not file:
        raise Invalid(errors={"file": ["Missing data for required field."]})
    sheet, options = records.read(file.read(), COLUMNS[what]), load(schemas.NamesakesSchema)
    report = _check(what, sheet, options)
    told = sorted((each for each in report.verdicts if each.outcome != "new"), key=lambda each: each.outcome != "refused")
    shown = {"told": told[:SHOWN_MAX], "is_cut": len(told) > SHOWN_MAX, "heads": words.REPORT_TITLES[report.language]}
    packed = _packed(what, sheet, report.counts["new"])
    return render_template(
        "enrolment/report.html", what=what, heading=TITLES[what], report=report, packed=packed, options=options,
        outcome=words.outcome, sentence=words.sentence, **shown,
    )  # fmt: skip


@bp.post("/import/confirm")
@access("admin")
@redisplay(form)
@writes
def confirm(what: str) -> ResponseReturnValue:
    """Take in the table that was looked at, if that is still possible."""
    (sheet, new_count), options, at = _unpacked(what), load(schemas.NamesakesSchema), clock.now()
    told = waiting.progress(new_count)
    if what == "people":
        report = actions.import_persons(by=g.person, sheet=sheet, at=at, progress=told, **options)
    else:
        report = actions.import_units(by=g.person, sheet=sheet, at=at, progress=told)
    flash(gettext("已导入 %(new)s 行，%(there)s 行早已存在。", new=report.counts["new"], there=report.counts["there"]), "done")
    return redirect(url_for(LISTS[what]), 303)


@bp.post("/import/report")
@access("admin")
@redisplay(form)
@writes_cookies_only
def report(what: str) -> Response:
    """What becomes of every row, as a file in the table's language."""
    told = _check(what, _unpacked(what)[0], load(schemas.NamesakesSchema))
    rows = [words.report_row(each, told.language) for each in told.verdicts]
    return download("report.xlsx", b"".join(tables.write("xlsx", words.REPORT_TITLES[told.language], rows)))


@bp.get("/import/template.<any(xlsx, csv):kind>")
@access("admin")
def template(what: str, kind: str) -> Response:
    """The table to be filled in, with a row that shows how."""
    return _table(f"{what}-template.{kind}", what, queries.examples(COLUMNS[what], _language()))


@bp.get("/table.<any(xlsx, csv):kind>")
@access("admin")
def table(what: str, kind: str) -> Response:
    """All units or members where the one who asks is admin, as the table that can be imported again."""
    rows = queries.persons_table if what == "people" else queries.units_table
    return _table(f"{what}-{clock.local_day(clock.now())}.{kind}", what, rows(by=g.person, language=_language()))


def _check(what: str, sheet: Sheet, options: dict[str, Any]) -> Report:
    if what == "people":
        return checks.check_persons(by=g.person, sheet=sheet, on=clock.local_day(clock.now()), **options).report
    return checks.check_units(by=g.person, sheet=sheet).report


def _table(name: str, what: str, rows: tables.Rows) -> Response:
    titles = [each.title(_language()) for each in COLUMNS[what]]
    return download(name, b"".join(tables.write(name.rpartition(".")[2], titles, rows)))


def _language() -> Language:
    return "en" if language.current() == "en" else "zh"


def _signer(what: str) -> URLSafeTimedSerializer:
    # The table of one administrator is not another's to send, nor a table of units one of persons.
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"import/{what}/{g.person.key}")


def _packed(what: str, sheet: Sheet, new_count: int) -> str:
    rows = [[each.row, *each.values.values()] for each in sheet.records]
    return str(_signer(what).dumps([sheet.language, sheet.ignored, rows, new_count]))


def _unpacked(what: str) -> tuple[Sheet, int]:
    # The table that was looked at, and how many of its rows were new then.
    try:
        written_in, ignored, rows, new_count = _signer(what).loads(request.form.get("packed", ""), max_age=OPEN_SECONDS)
    except BadData:
        raise FormExpired() from None
    names = [each.name for each in COLUMNS[what]]
    return Sheet(written_in, [Record(row, dict(zip(names, values, strict=True))) for row, *values in rows], ignored), new_count
