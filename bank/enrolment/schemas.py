"""The shape of tables and of reports on them at the border; a file travels as base64."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from bank.documents.records import Report
from bank.documents.tables import KINDS
from bank.enrolment import words
from bank.fields import Flag, StrictInt


class File(fields.String):
    """The bytes of a file, as base64."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"contentEncoding": "base64"}, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return b64encode(value).decode()

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            raise self.make_error("invalid", input=value) from None


class UnitsImportSchema(Schema):
    """A table of units, to be looked at or taken in."""

    file = File(required=True)
    is_dry_run = Flag(load_default=False)


class PersonsImportSchema(UnitsImportSchema):
    """A table of persons; namesakes in one unit are refused unless they are welcome."""

    is_namesake_welcome = Flag(load_default=False)


class NamesakesSchema(Schema):
    """Whether persons of one name in one unit are welcome, as a page asks it beside the file."""

    is_namesake_welcome = Flag(load_default=False)


class RowProblemSchema(Schema):
    """Why a row is refused: the column's name in the template, a stable code, and a sentence in the table's language."""

    column = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class VerdictSchema(Schema):
    """What becomes of a row."""

    row = StrictInt(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(tuple(words.OUTCOMES)))
    problems = fields.List(fields.Nested(RowProblemSchema), required=True)


class ReportSchema(Schema):
    """What becomes of each row of a table; nobody's name or number is in it."""

    language = fields.String(required=True, validate=validate.OneOf(("zh", "en")))
    ignored = fields.List(fields.String(), required=True, metadata={"description": "Columns that nobody asked for."})
    new = StrictInt(required=True)
    there = StrictInt(required=True)
    refused = StrictInt(required=True)
    rows = fields.List(fields.Nested(VerdictSchema), required=True)


class AskedTableSchema(Schema):
    """Which file is wanted."""

    kind = fields.String(load_default="csv", validate=validate.OneOf(tuple(KINDS)))
    language = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


class TableSchema(Schema):
    """A table as a file."""

    file = File(required=True)


def shown(report: Report) -> dict[str, Any]:
    """A report as ReportSchema shows it."""
    rows = [
        {
            "row": verdict.row,
            "outcome": verdict.outcome,
            "problems": [
                {"column": each.column.name, "code": each.code, "detail": words.sentence(each, report.language)}
                for each in verdict.problems
            ],
        }
        for verdict in report.verdicts
    ]
    counts = {outcome: report.counts[outcome] for outcome in words.OUTCOMES}
    return {"language": report.language, "ignored": report.ignored, "rows": rows, **counts}
