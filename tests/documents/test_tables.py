"""Tables come in as what people see in their spreadsheet, and go out as what they are; an attack is a clear refusal."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bank.documents import tables
from bank.documents.tables import BrokenTable, FormulaNotCalculated, NumberTooLong, OldTable, Row, TableTooLarge, TextTooLong
from tests import cast

HEADER, ALICE = ("姓名", "手机号"), ("安丽", "13800000001")
ROWS = [Row(1, HEADER), Row(2, ALICE)]
SHEET = "xl/worksheets/sheet1.xml"


def xlsx(*rows: tuple[object, ...], prepare: Callable[[Workbook], None] = lambda book: None) -> bytes:
    """A workbook as a person's spreadsheet program saves it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    prepare(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with one part of it replaced, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part))
        after.writestr(name, content)
    return file.getvalue()


def sheet(*cells: str, row: int = 1, head: str = "") -> bytes:
    """A workbook whose only row is written by hand."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'{head}<worksheet xmlns="{namespace}"><sheetData><row r="{row}">{"".join(cells)}</row></sheetData></worksheet>'
    return with_part(xlsx(HEADER), SHEET, text.encode())


def written(kind: str, *rows: tuple[tables.Value, ...]) -> bytes:
    return b"".join(tables.write(kind, HEADER, rows))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_as_any_spreadsheet_in_use_here_saves_it(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (HEADER, ALICE))
    assert tables.read(text.encode(encoding)) == ROWS


def test_a_workbook_is_read_as_its_owner_sees_it() -> None:
    days = (date(2026, 10, 15), cast.AT.replace(hour=9, minute=30, tzinfo=None))
    assert tables.read(xlsx(HEADER, (" 安丽 ", 13800000001), (), days, (0.1, True))) == [
        *ROWS, Row(4, ("2026-10-15", "2026-10-15 09:30:00")), Row(5, ("0.1", "TRUE")),
    ]  # fmt: skip


def test_a_number_as_text_keeps_its_eighteen_digits() -> None:
    assert tables.read(xlsx(("11010519491231002X", "110105194912310021")))[0].cells == (
        "11010519491231002X",
        "110105194912310021",
    )


def test_a_number_that_lost_digits_names_its_cell() -> None:
    with pytest.raises(NumberTooLong) as refusal:
        tables.read(xlsx(HEADER, ("安丽", 110105194912310021)))
    assert refusal.value.details == {"cell": "B2", "row": 2, "column": 2}


def test_a_formula_counts_as_its_result() -> None:
    assert tables.read(sheet('<c r="A1" t="str"><f>"安"&amp;"丽"</f><v>安丽</v></c>'))[0].cells == ("安丽",)


@pytest.mark.parametrize(
    "cell", ['<c r="A1"><f>1+1</f></c>', '<c r="A1" t="e"><v>#N/A</v></c>', '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>']
)
def test_a_formula_without_a_result_names_its_cell(cell: str) -> None:
    with pytest.raises(FormulaNotCalculated) as refusal:
        tables.read(sheet(cell))
    assert refusal.value.details["cell"] == "A1"


def test_blank_rows_are_left_out_and_counted() -> None:
    assert tables.read("姓名,手机号\n,\n\n安丽,13800000001\n".encode()) == [Row(1, HEADER), Row(4, ALICE)]


def test_a_cell_may_hold_lines_commas_and_quotation_marks() -> None:
    rows = [("第一行\n第二行", 'a,b;"c"')]
    for kind in tables.KINDS:
        assert tables.read(written(kind, *rows))[1].cells == rows[0]


@pytest.mark.parametrize("kind", tables.KINDS)
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝", "'=", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_stays_text_and_comes_back(kind: str, start: str) -> None:
    data = written(kind, (f"{start}1+1", ""))
    assert tables.read(data)[1].cells[0] == f"{start}1+1".strip()
    if kind == "xlsx":
        [*_, cell] = next(load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2, max_col=1))
        assert (cell.data_type, cell.number_format) == ("s", "@")
    else:
        assert data.decode("utf-8-sig").splitlines()[1].startswith(("'", '"'))


@pytest.mark.parametrize("kind", tables.KINDS)
def test_numbers_are_written_as_numbers(kind: str) -> None:
    assert tables.read(written(kind, (-5, Decimal("-1.90"))))[1].cells[0] == "-5"


def test_a_text_file_opens_in_excel_with_its_chinese() -> None:
    assert written("csv", ALICE) == b"\xef\xbb\xbf" + "姓名,手机号\r\n安丽,13800000001\r\n".encode()


@pytest.mark.parametrize("kind", tables.KINDS)
def test_what_no_file_may_hold_is_left_out(kind: str) -> None:
    assert tables.read(written(kind, ("安\0\x1f\ud800丽", "😀𬭎")))[1].cells == ("安丽", "😀𬭎")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5), st.sampled_from(list(tables.KINDS)))
def test_whatever_is_written_can_be_read(rows: list[tuple[str, str]], kind: str) -> None:
    assert len(tables.read(written(kind, *rows))) <= 1 + len(rows)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b'"']))
def test_any_bytes_are_a_table_or_a_refusal(data: bytes, start: bytes) -> None:
    try:
        tables.read(start + data)
    except tables.Invalid as refusal:
        assert refusal.code in {"broken_table", "table_too_large", "text_too_long"}


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 is how an archive begins",
        b"%PDF-1.7\n\0",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\xff\xfe\x00",
        b'name,"never closed\n',
        b'name\n"a"b\n',
        xlsx(HEADER)[:-300],
        with_part(xlsx(HEADER), SHEET, b"<worksheet><sheetData><row>"),
        with_part(xlsx(HEADER), "xl/workbook.xml", b"<html/>"),
        sheet('<c t="s"><v>5</v></c>'),
    ],
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenTable):
        tables.read(data)


def test_a_spreadsheet_of_the_old_kind_is_told_from_a_broken_one() -> None:
    with pytest.raises(OldTable):
        tables.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))


def test_a_bomb_is_not_unpacked() -> None:
    bomb = with_part(xlsx(HEADER), "xl/media/zeros", bytes(tables.UNPACKED_MB_MAX * 2**20 + 1))
    assert len(bomb) < 2**20
    with pytest.raises(TableTooLarge):
        tables.read(bomb)


@pytest.mark.parametrize("entity", ['SYSTEM "file:///etc/passwd"', '"' + "a" * 100 + '"'])
def test_a_workbook_that_defines_entities_is_refused(entity: str) -> None:
    data = sheet('<c t="str"><v>&x;</v></c>', head=f"<!DOCTYPE worksheet [<!ENTITY x {entity}>]>")
    with pytest.raises(BrokenTable):
        tables.read(data)


def test_a_million_columns_are_refused() -> None:
    for data in (",".join("a" * 10**6).encode(), sheet("<c><v>1</v></c>" * 10**5)):
        with pytest.raises(TableTooLarge):
            tables.read(data)


def test_columns_that_are_only_coloured_do_no_harm() -> None:
    assert tables.read(sheet('<c r="A1"><v>1</v></c>', *('<c s="0"/>' for _ in range(16_000))))[0].cells[0] == "1"


def test_too_many_rows_are_refused() -> None:
    assert len(tables.read(b"a\n" * tables.ROWS_MAX)) == tables.ROWS_MAX
    with pytest.raises(TableTooLarge):
        tables.read(b"a\n" * (tables.ROWS_MAX + 1))


def test_a_row_that_claims_to_be_the_last_one_costs_no_time() -> None:
    started = time.monotonic()
    assert tables.read(sheet("<c><v>1</v></c>", row=2_000_000_000)) == []
    assert time.monotonic() - started < 30


def test_a_file_too_large_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(TableTooLarge):
        tables.read(b"," * (tables.FILE_MB_MAX * 2**20 + 1))


def test_a_name_of_five_megabytes_is_refused() -> None:
    for data in (b"name\n" + b"a" * 5 * 2**20, sheet(f'<c r="A1" t="str"><v>{"a" * 5 * 2**20}</v></c>')):
        with pytest.raises((TextTooLong, BrokenTable)):
            tables.read(data)
