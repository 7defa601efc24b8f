"""Tables as an office writes them."""

from collections.abc import Callable

import pytest

from bank.documents import records, tables
from bank.documents.records import Sheet
from bank.enrolment import columns
from tests.people.conftest import browser, frank  # noqa: F401

Table = Callable[..., Sheet]


def sheet(of: tuple[records.Column, ...], titles: str, *rows: tuple[str, ...]) -> Sheet:
    return records.read(b"".join(tables.write("csv", titles.split(), rows)), of)


@pytest.fixture
def persons() -> Table:
    """A table of persons: `persons(("张小兰", "13900000001", "向阳社区"))`, or under other titles."""

    def table(*rows: tuple[str, ...], titles: str = "姓名 手机号 所属社区 出生日期 类别 所在单位") -> Sheet:
        return sheet(columns.PERSONS, titles, *rows)

    return table


@pytest.fixture
def units() -> Table:
    """A table of units: `units(("第一网格", "网格", "向阳社区"))`."""

    def table(*rows: tuple[str, ...], titles: str = "名称 类别 上级单位") -> Sheet:
        return sheet(columns.UNITS, titles, *rows)

    return table
