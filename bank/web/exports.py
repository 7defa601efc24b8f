"""Any list page can be taken along as .xlsx or .csv: the rows it shows under its filter, with the rights and masks of who asks.

    COLUMNS = ((_("姓名"), lambda each: each.name), (_("手机号"), lambda each: mask_phone(each.phone)))

    @bp.get("/people")
    @access("admin", "auditor")
    def people() -> ResponseReturnValue:
        found = queries.find_persons(...)
        if exports.is_asked():                                    # the page's own address with ?as=xlsx or ?as=csv
            return exports.answer("people", COLUMNS, found)
        return render_template("people/people.html", found=found)

and in the template, beside the list: `{{ ui.export() }}`, or `{{ ui.export("pairs") }}` for one of several lists, which comes as
?table=pairs. A list in pages gives all of its rows:
`exports.every(queries.entries(), order=(JournalEntry.effective_on, JournalEntry.id), is_descending=True)`.
Texts, lazy ones too, stay text; days and instants are written as pages write them; points go in as `exports.points`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import gettext
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from bank import clock
from bank.db import db
from bank.documents import tables
from bank.errors import Invalid
from bank.web.filters import moment

Columns = Sequence[tuple[object, Callable[[Any], object]]]


class ExportTooLarge(Invalid):
    """A file holds at most 50,000 rows of a list."""


def is_asked() -> bool:
    """Whether the present page is wanted as a file."""
    return request.args.get("as") in tables.KINDS


def answer(name: str, columns: Columns, rows: Iterable[Any]) -> Response:
    """The rows as the file that was asked for, named after the list and the day. Raises ExportTooLarge."""
    kind = request.args["as"]
    titles = [str(title) for title, _ in columns]
    values = ([_value(of(each)) for _, of in columns] for each in _counted(rows))
    # Made before the answer begins, so that a failure is an error page and not half a file.
    return download(f"{name}-{clock.local_day(clock.now())}.{kind}", b"".join(tables.write(kind, titles, values)))


def download(name: str, data: bytes) -> Response:
    """A file to keep, of the kind that its name ends in."""
    response = Response(data, content_type=tables.KINDS[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def every(wanted: Select[Any], *, order: Sequence[InstrumentedAttribute[Any]], is_descending: bool = False) -> Iterator[Any]:
    """All entities of a select that a page shows in parts, in the same order."""
    ordered = wanted.order_by(*((each.desc() for each in order) if is_descending else order))
    return iter(db.session.scalars(ordered.limit(tables.ROWS_MAX).execution_options(yield_per=1000)))


def points(hundredths: int) -> Decimal:
    """Points as a number that a spreadsheet can add up: 190 is 1.90."""
    return Decimal(hundredths).scaleb(-2)


def _counted(rows: Iterable[Any]) -> Iterator[Any]:
    for number, each in enumerate(rows, 2):
        if number > tables.ROWS_MAX:  # The header is a row, too.
            raise ExportTooLarge()
        yield each


def _value(value: object) -> tables.Value:
    if isinstance(value, bool):
        return str(gettext("是") if value else gettext("否"))
    if value is None or isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)
