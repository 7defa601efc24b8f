"""Tables in files: .xlsx and .csv read into rows of text, and rows written as either.

A file comes from anybody, so it is read within limits, and what a spreadsheet program would have to work out first (a
formula that was never calculated, a number whose last digits are lost) is refused with its cell, never guessed.
What is written stays what it was: text is never taken for a formula or a number when the file is opened.
"""

import codecs
import csv
import io
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import repeat
from typing import IO, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from bank.errors import Invalid

KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
ROWS_MAX = 50_000
COLUMNS_MAX = 100
FILE_MB_MAX = 16
UNPACKED_MB_MAX = 64  # 20,000 rows of twelve columns take about 15.
CELL_LENGTH_MAX = 32_767  # What a cell of Excel holds.

Value = str | int | Decimal | None
Columns = Sequence[str]
Rows = Iterable[Sequence[Value]]

_MB = 2**20
_EXCEL_ROWS = 1_048_576
_CHUNK = 2**16
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
# Behind a BOM or without one, as Excel in China saves it; each is tried in turn.
_ENCODINGS = ("utf-8-sig", "gb18030")
# What a spreadsheet program takes for a formula at the beginning of a cell, also in full width.
_RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class BrokenTable(Invalid):
    """The file is neither a spreadsheet (.xlsx) nor a table of text (.csv), or it is damaged."""


class OldTable(Invalid):
    """A spreadsheet of the old kind (.xls), or one locked by a password, cannot be read: save it as .xlsx without one."""


class TableTooLarge(Invalid):
    """A table has at most 50,000 rows and 100 columns, and its file 16 MB."""


class FormulaNotCalculated(Invalid):
    """A cell holds a formula without a result, or with an error for one."""


class NumberTooLong(Invalid):
    """A cell holds a number of more than 15 digits, the last of which the spreadsheet has lost: it must be text."""


class TextTooLong(Invalid):
    """A cell holds more than 32,767 characters."""


@dataclass(frozen=True)
class Row:
    """A row that is not blank, up to its last cell with text; `number` counts from 1 as the spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell: row 7, column 2 is `B7`."""
    return f"{get_column_letter(column)}{row}"


def read(data: bytes) -> list[Row]:
    """The rows of the first sheet of an .xlsx, or of a .csv in UTF-8, GB18030 or UTF-16 parted by comma, semicolon or tab.

    Days come as 2026-10-15 and formulas as their results. Raises BrokenTable, OldTable, TableTooLarge,
    FormulaNotCalculated, NumberTooLong, TextTooLong; those about one cell say which in `cell`, `row` and `column`.
    """
    if len(data) > FILE_MB_MAX * _MB:
        raise TableTooLarge()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldTable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The reader warns of decoration that it does not understand.
        return list(_rows(_xlsx_texts(data) if data.startswith(b"PK") else _csv_texts(data)))


def write(kind: str, columns: Columns, rows: Rows) -> Iterator[bytes]:
    """A table as an `xlsx` or `csv` file, in pieces; text stays text, and only int and Decimal become numbers."""
    return _write_xlsx(columns, rows) if kind == "xlsx" else _write_csv(columns, rows)


def _rows(texts: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    for number, cells in enumerate(texts, 1):
        width = max((column for column, text in enumerate(cells, 1) if text), default=0)
        if not width:
            continue
        if number > ROWS_MAX or width > COLUMNS_MAX:
            raise TableTooLarge()
        for column, text in enumerate(cells[:width], 1):
            if len(text) > CELL_LENGTH_MAX:
                raise TextTooLong(**_place(number, column))
        yield Row(number, cells[:width])


def _place(row: int, column: int) -> dict[str, Any]:
    return {"cell": cell_name(row, column), "row": row, "column": column}


def _xlsx_texts(data: bytes) -> Iterator[tuple[str, ...]]:
    try:
        has_formulas = _inspect(data)
        results = _sheet(data, with_results=True)
        formulas = _sheet(data, with_results=False) if has_formulas else repeat(())
        blank: tuple[Any, ...] | None = None
        for number, (cells, written) in enumerate(zip(results, formulas, strict=False), 1):
            if cells is blank:  # A sheet may claim that its only row is the last of a million: the reader repeats one object.
                yield ()
                continue
            formula_columns = {column for column, cell in enumerate(written, 1) if cell.data_type == "f"}
            texts = tuple(_text(cell, number, column, column in formula_columns) for column, cell in enumerate(cells, 1))
            blank = blank if any(texts) else cells
            yield texts
    except Invalid:
        raise
    except Exception as error:  # A damaged file breaks the reader in more ways than anybody can list.
        raise BrokenTable() from error


def _inspect(data: bytes) -> bool:
    """Refuse what unpacks to too much, and documents that define entities; say whether there are formulas."""
    has_formulas = False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # The sizes that the archive names are binding: the reader of each part stops there.
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_MB_MAX * _MB:
            raise TableTooLarge()
        for part in archive.infolist():
            content = archive.read(part)
            if b"<!DOCTYPE" in content:
                raise BrokenTable()
            has_formulas |= "worksheets/" in part.filename and bool(_FORMULA.search(content))
    return has_formulas


def _sheet(data: bytes, *, with_results: bool) -> Iterator[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=with_results, keep_links=False)
    # One column more than allowed, so that it is seen; the size that the sheet names for itself may be anything.
    rows: Iterator[tuple[Any, ...]] = book.worksheets[0].iter_rows(max_col=COLUMNS_MAX + 1, max_row=_EXCEL_ROWS)
    return rows


def _text(cell: Any, row: int, column: int, is_formula: bool) -> str:
    value = cell.value
    if cell.data_type == "e" or (is_formula and value is None):
        raise FormulaNotCalculated(**_place(row, column))
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value, row, column)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | time):
        return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value.isoformat("seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _number_text(value: float, row: int, column: int) -> str:
    if abs(value) >= 10**15:
        raise NumberTooLong(**_place(row, column))
    return str(int(value)) if value == int(value) else format(Decimal(f"{value:.15g}"), "f")


def _csv_texts(data: bytes) -> Iterator[tuple[str, ...]]:
    text = _decode(data)
    if "\0" in text:
        raise BrokenTable()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for cells in reader:
            yield tuple(_unguarded(each.strip()).strip() for each in cells)
    except csv.Error:  # A quotation mark that is never closed, or a cell of more than 131,072 characters.
        raise BrokenTable(row=reader.line_num) from None


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BrokenTable()


def _delimiter(text: str) -> str:
    first = re.sub('"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(",;\t", key=first.count)


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def _write_csv(columns: Columns, rows: Rows) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")  # Without it Excel takes the file for one in the PC's own encoding.
    writer.writerow([_guarded(each) for each in columns])
    for row in rows:
        writer.writerow([_guarded(each) for each in row])
        if buffer.tell() > _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(buffer.truncate(0))
    yield buffer.getvalue().encode()


def _guarded(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text = _UNWRITABLE.sub("", value)
    return f"'{text}" if _RISKY.match(text) else text


def _write_xlsx(columns: Columns, rows: Rows) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for column, name in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(column)].width = max(12, 2 * len(name) + 2)
    sheet.append([_cell(sheet, name) for name in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_CHUNK):
        yield piece


def _cell(sheet: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("", value)[:CELL_LENGTH_MAX])
    # A text that begins with = would else be a formula; as "@" it stays text when somebody edits the cell.
    cell.data_type, cell.number_format = "s", "@"
    return cell
