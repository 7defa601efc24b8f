"""A table with a header in Chinese or English read into records by column, and a verdict on each row in the header's language.

COLUMNS = (Column("name", "姓名", "Name", is_required=True), Column("phone", "手机号", "Phone"))
sheet = records.read(data, COLUMNS)                     # sheet.language is "zh" or "en"
for each in sheet.records:
    each.row, each.values["name"], each.values["phone"]  # every column is there, an empty one as ""
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bank.documents import tables
from bank.errors import Invalid

HEADER_ROWS_MAX = 10  # A title and a note often stand above the header.

Language = Literal["zh", "en"]
Outcome = Literal["new", "there", "refused"]


class HeaderMissing(Invalid):
    """No row at the top of the table names all the columns that are needed."""


class ColumnTwice(Invalid):
    """Two columns of the table have the same name."""


@dataclass(frozen=True)
class Column:
    """A column, under its names in both languages; `example` fills the template."""

    name: str
    zh: str
    en: str
    is_required: bool = False
    example: tuple[str, str] = ("", "")

    def title(self, language: Language) -> str:
        """What the column is called in a language."""
        return self.zh if language == "zh" else self.en

    def example_in(self, language: Language) -> str:
        """What may stand in the column, in a language."""
        return self.example[0 if language == "zh" else 1]


@dataclass(frozen=True)
class Record:
    """A row below the header; `row` counts as the spreadsheet does."""

    row: int
    values: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """All records of a table; `ignored` names the columns that nobody asked for."""

    language: Language
    records: list[Record]
    ignored: list[str]


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken in: the column it is about, and the code and details of a refusal."""

    column: Column
    code: str
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a row, refused when there are problems; `label` says whom or what it is about."""

    row: int
    label: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """The verdicts on all rows of a sheet, in their order."""

    language: Language
    verdicts: list[Verdict]
    ignored: list[str]

    @property
    def counts(self) -> Counter[str]:
        """How many rows are new, already there, and refused."""
        return Counter(each.outcome for each in self.verdicts)

    @property
    def is_clean(self) -> bool:
        """Whether no row is refused, so that the whole can be taken in."""
        return not self.counts["refused"]


def read(data: bytes, columns: Sequence[Column]) -> Sheet:
    """The records of a file whose header has these columns, in any order.

    Raises HeaderMissing, ColumnTwice, and whatever tables.read raises.
    """
    rows = tables.read(data)
    known = {_spelling(title): column for column in columns for title in (column.zh, column.en)}
    for place, row in enumerate(rows[:HEADER_ROWS_MAX]):
        found = [known.get(_spelling(title)) for title in row.cells]
        if {each for each in columns if each.is_required} <= set(found):
            return _sheet(row, found, rows[place + 1 :], dict.fromkeys((each.name for each in columns), ""))
    raise HeaderMissing(columns="、".join(f"{each.zh} ({each.en})" for each in columns if each.is_required))


def _sheet(header: tables.Row, found: Sequence[Column | None], rows: Sequence[tables.Row], blank: dict[str, str]) -> Sheet:
    columns = [each for each in found if each]
    if twice := next((each for each in columns if columns.count(each) > 1), None):
        raise ColumnTwice(column=f"{twice.zh} ({twice.en})")
    titles = {_spelling(title) for title in header.cells}
    language: Language = "zh" if any(_spelling(each.zh) in titles for each in columns) else "en"
    records = [Record(row.number, blank | _values(row.cells, found)) for row in rows]
    return Sheet(language, records, [title for title, each in zip(header.cells, found, strict=True) if title and not each])


def _values(cells: tuple[str, ...], found: Sequence[Column | None]) -> dict[str, str]:
    return {column.name: text for column, text in zip(found, cells, strict=False) if column}


def _spelling(title: str) -> str:
    """A title without what people add to it: width, case, blanks, an asterisk or a note in brackets."""
    plain = re.sub(r"\(.*?\)|[\s*:_]", "", unicodedata.normalize("NFKC", title))
    return plain.casefold()
