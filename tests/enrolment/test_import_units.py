"""A table of units builds the tree below what is there, in whatever order its rows stand."""

import pytest
from sqlalchemy import func, select

from bank.db import db, transaction
from bank.enrolment import actions, checks, queries, words
from bank.enrolment.rules import ImportRefused
from bank.people.models import Unit


@pytest.fixture
def check(dave):
    def checked(table, by=dave):
        report = checks.check_units(by=by, sheet=table).report
        return [
            " ".join([words.outcome(each, "zh"), *(words.sentence(p, "zh") for p in each.problems)]) for each in report.verdicts
        ]

    return checked


@pytest.fixture
def take_in(dave, at):
    def taken(table, by=dave):
        with transaction():
            return actions.import_units(by=by, sheet=table, at=at).counts

    return taken


TREE = (("三号楼", "楼栋", "光明社区 / 第一网格"), ("第一网格", "网格", "光明社区"), ("光明社区", "社区", "和平街道"))


def test_a_table_may_name_a_unit_before_the_one_above_it(units, take_in):
    assert take_in(units(*TREE)) == {"new": 3}
    house = db.session.scalars(select(Unit).where(Unit.name == "三号楼")).one()
    assert [house.parent.name, house.parent.parent.name, house.kind] == ["第一网格", "光明社区", "building"]


def test_a_table_taken_in_twice_adds_nothing(units, take_in):
    take_in(units(*TREE))
    before = db.session.scalar(select(func.count(Unit.id)))
    assert take_in(units(*TREE)) == {"there": 3}
    assert db.session.scalar(select(func.count(Unit.id))) == before


def test_no_parent_means_the_bank_itself(units, take_in):
    assert take_in(units(("新街道", "街道"))) == {"new": 1}
    assert db.session.scalars(select(Unit).where(Unit.name == "新街道")).one().parent.kind == "bank"


def test_every_bad_row_is_told(units, check):
    rows = (
        ("", "网格", "向阳社区"),
        ("甲网格", "银河", "向阳社区"),
        ("甲网格", "网格", "没有的社区"),
        ("甲网格", "网格", "和平街道"),
        ("向阳社区", "志愿服务队", "和平街道"),
        ("💰💰", "网格", "向阳社区"),
    )
    said = check(units(*rows))
    assert all(each.startswith("有问题") for each in said)
    reasons = ("请填写", "只能填：街道、社区", "没有找到这个单位", "不能放在这里", "已有同名的单位", "2 到 100 个字")
    assert [reason in each for reason, each in zip(reasons, said, strict=True)] == [True] * 6


def test_rows_that_hang_under_each_other_come_to_nothing(units, check):
    said = check(units(("甲网格", "网格", "乙社区"), ("乙社区", "社区", "甲网格")))
    assert ["没有找到这个单位" in each for each in said] == [True, True]


def test_one_bad_row_keeps_all_others_out(units, take_in):
    before = db.session.scalar(select(func.count(Unit.id)))
    with pytest.raises(ImportRefused):
        take_in(units(*TREE, ("甲网格", "网格", "没有的社区")))
    assert db.session.scalar(select(func.count(Unit.id))) == before


def test_an_admin_adds_only_below_the_own_units(units, check, frank):
    said = check(units(("甲网格", "网格", "月季社区"), ("甲网格", "网格", "向阳社区"), ("新街道", "街道", "")), by=frank)
    assert [each.split()[0] for each in said] == ["新增", "有问题", "有问题"]


def test_an_exported_table_taken_in_again_adds_nothing(units, take_in, check, dave):
    take_in(units(*TREE))
    rows = list(queries.units_table(by=dave, language="en"))
    assert len(rows) == db.session.scalar(select(func.count(Unit.id))) - 1
    assert set(check(units(*rows, titles="Name Kind Parentunit"))) == {"已存在"}
