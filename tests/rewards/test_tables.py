"""The catalogue as a table: looked at first, all or nothing, and the same again adds nothing."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from bank.db import db, transaction
from bank.documents import records
from bank.enrolment.rules import ImportRefused
from bank.rewards import tables
from bank.rewards.models import Reward
from tests.cases import cases

TITLES = ("编号", "种类", "名称", "每件积分", "数量", "每月限兑", "单位")
RICE, CUT = ("101", "实物", "大米", "15", "50", "2", "向阳社区"), ("", "社区服务", "理发", "5.5", "", "", "向阳社区")


def table(*rows, titles=TITLES):
    return "\n".join(",".join(row) for row in (titles, *rows)).encode()


def sheet(*rows, titles=TITLES):
    return records.read(table(*rows, titles=titles), tables.COLUMNS)


def problems(dave, *row):
    [verdict] = tables.check(by=dave, sheet=sheet(row)).report.verdicts
    return [(each.column.name, each.code) for each in verdict.problems]


def take_in(by, found, at):
    with transaction():
        return tables.take_in(by=by, sheet=found, at=at)


def test_a_table_fills_the_shelf(dave, at):
    take_in(dave, sheet(RICE, CUT), at)
    found = {each.name: each for each in db.session.scalars(db.select(Reward))}
    assert (found["大米"].number, found["大米"].points, found["大米"].stock) == ("101", 1500, 50)
    assert (found["理发"].kind, found["理发"].points, found["理发"].stock) == ("service", 550, None)


def test_the_same_table_again_adds_nothing(dave, at):
    take_in(dave, sheet(RICE, CUT), at)
    assert tables.check(by=dave, sheet=sheet(RICE, CUT)).report.counts == {"there": 2}
    take_in(dave, sheet(RICE, CUT), at)
    assert db.session.query(Reward).count() == 2


def test_looking_changes_nothing(dave):
    assert tables.check(by=dave, sheet=sheet(RICE)).report.counts == {"new": 1}
    assert db.session.query(Reward).count() == 0


@cases(
    ("place", "text", "problem"),
    [
        (0, "1", ("number", "bad_reward")),
        (0, "12a", ("number", "bad_reward")),
        (1, "食品", ("kind", "unknown_choice")),
        (2, "", ("name", "value_missing")),
        (2, "长" * 61, ("name", "bad_reward")),
        (3, "0", ("points", "bad_reward")),
        (3, "1.234", ("points", "bad_number")),
        (3, "一百", ("points", "bad_number")),
        (4, "-1", ("stock", "bad_number")),
        (5, "0", ("monthly_limit", "bad_reward")),
        (6, "火星社区", ("unit", "unit_not_found")),
    ],
)
def test_a_cell_that_cannot_be_meant_is_named(dave, place, text, problem):
    assert problems(dave, *(text if at == place else each for at, each in enumerate(RICE))) == [problem]


def test_one_bad_row_keeps_all_out(dave, at):
    with pytest.raises(ImportRefused):
        take_in(dave, sheet(RICE, ("102", "实物", "油", "x", "", "", "向阳社区")), at)
    assert db.session.query(Reward).count() == 0


def test_two_rows_of_one_number_and_two_names_are_refused(dave):
    report = tables.check(by=dave, sheet=sheet(RICE, ("101", "实物", "油", "9", "", "", "向阳社区"))).report
    assert [each.outcome for each in report.verdicts] == ["new", "refused"]


def test_a_row_without_a_number_takes_none_that_another_names(dave, at):
    take_in(dave, sheet(CUT, RICE), at)
    assert {each.name: each.number for each in db.session.scalars(db.select(Reward))} == {"大米": "101", "理发": "102"}


def test_every_problem_has_words_in_both_languages():
    assert all(zh and en for zh, en in tables.SENTENCES.values())


def test_an_english_table_is_reported_on_in_english(dave):
    english = sheet(("101", "food", "Rice", "15"), titles=("Number", "Kind", "Name", "Points"))
    report = tables.check(by=dave, sheet=english).report
    assert "Write one of: goods, community service, honour" in tables.report_row(report.verdicts[0], report.language)[3]


def test_an_admin_looks_confirms_and_finds_the_shelf_filled(browser, dave):
    admin = browser(dave).open("/rewards/manage/import").send("/import", file=(io.BytesIO(table(RICE, CUT)), "rewards.csv"))
    assert "确认导入 2 行" in admin.page and db.session.query(Reward).count() == 0
    admin.send("/confirm")
    assert "已导入 2 行" in admin.page and "理发" in admin.page


def test_what_is_given_out_can_be_taken_in_again(browser, dave, rice, haircut):
    answer = browser(dave).get("/rewards/manage/table.xlsx")
    rows = [
        [str(cell or "") for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
    ]
    assert rows[0][:4] == ["编号", "种类", "名称", "每件积分"] and rows[1][2] == "大米"
    again = records.read(answer.data, tables.COLUMNS)
    assert tables.check(by=dave, sheet=again).report.counts == {"there": 2}


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"not,a,catalogue\n1,2,3"])
def test_a_file_that_is_no_table_is_refused_in_words(browser, dave, content):
    admin = browser(dave).open("/rewards/manage/import").send("/import", file=(io.BytesIO(content), "x.xlsx"))
    assert admin.status == 400 and "notice-refused" in admin.page


def test_a_table_that_was_looked_at_by_another_is_not_taken_in(browser, dave, erin, at):
    admin = browser(dave).open("/rewards/manage/import").send("/import", file=(io.BytesIO(table(RICE)), "rewards.csv"))
    admin.send("/confirm", packed="forged")
    assert admin.status == 400 and db.session.query(Reward).count() == 0


def test_a_formula_in_a_name_stays_text(browser, dave, at):
    take_in(dave, sheet(("101", "实物", "=1+1", "15", "", "", "向阳社区")), at)
    book = load_workbook(io.BytesIO(browser(dave).get("/rewards/manage/table.xlsx").data))
    assert isinstance(book, Workbook) and book.active["C2"].data_type == "s"
