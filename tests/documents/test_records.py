"""A header is understood as people write it, in either language."""

import pytest

from bank.documents import records
from bank.documents.records import Column, ColumnTwice, HeaderMissing

COLUMNS = (
    Column("name", "姓名", "Name", is_required=True, example=("张小兰", "Zhang Xiaolan")),
    Column("born_on", "出生日期", "Birth date", example=("1990-05-01", "1990-05-01")),
)


def read(text: str) -> records.Sheet:
    return records.read(text.encode(), COLUMNS)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("姓名,出生日期", "zh"),
        ("Name,Birth date", "en"),
        ("*姓 名（必填）,出生日期：", "zh"),
        ("birth_date,NAME", "en"),
        ("姓名,Birth date", "zh"),
    ],
)
def test_a_header_is_understood_as_people_write_it(header: str, language: str) -> None:
    assert read(header + "\n张小兰,1990-05-01").language == language


def test_columns_stand_in_any_order_and_an_empty_cell_is_an_empty_text() -> None:
    [first, second] = read("出生日期,姓名\n1990-05-01,张小兰\n,李大明").records
    assert (first.row, first.values) == (2, {"name": "张小兰", "born_on": "1990-05-01"})
    assert second.values == {"name": "李大明", "born_on": ""}
    assert read("姓名\n张小兰").records[0].values == {"name": "张小兰", "born_on": ""}


def test_a_title_may_stand_above_the_header() -> None:
    assert [each.row for each in read("向阳社区名册\n\n姓名,备注\n张小兰,新").records] == [4]


def test_columns_nobody_asked_for_are_named() -> None:
    assert read("姓名,备注,星座\n张小兰,新,").ignored == ["备注", "星座"]


@pytest.mark.parametrize("text", ["", "张小兰,1990-05-01", "出生日期\n1990-05-01", "\n" * 20])
def test_a_table_without_its_columns_is_refused(text: str) -> None:
    with pytest.raises(HeaderMissing) as refusal:
        read(text)
    assert refusal.value.details == {"columns": "姓名 (Name)"}


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(ColumnTwice):
        read("姓名,Name\n张小兰,李大明")
