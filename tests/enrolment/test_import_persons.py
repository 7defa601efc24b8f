"""A table of persons is looked at row by row, and taken in whole or not at all, as often as somebody sends it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from bank.clock import local_day
from bank.db import db, transaction
from bank.enrolment import actions, checks, columns, queries, words
from bank.enrolment.rules import ImportRefused
from bank.people import organisation
from bank.people.models import Person

LAN, WEI = ("张小兰", "13900000001", "向阳社区"), ("曾 伟", "139 0000 0002", "和平街道 / 月季社区")


@pytest.fixture
def check(dave, at):
    """The outcome of each row, and what is said of it."""

    def checked(table, by=dave, **options):
        report = checks.check_persons(by=by, sheet=table, on=local_day(at), **options).report
        return [(words.outcome(each, report.language), *each_words(each, report.language)) for each in report.verdicts]

    def each_words(verdict, language):
        return [words.sentence(each, language) for each in verdict.problems]

    return checked


@pytest.fixture
def take_in(dave, at):
    def taken(table, by=dave, **options):
        with transaction():
            return actions.import_persons(by=by, sheet=table, is_namesake_welcome=False, at=at, **options).counts

    return taken


def count() -> int:
    return db.session.scalar(select(func.count(Person.id)))


def test_a_table_enrols_everybody_in_it(persons, take_in, community, at):
    before = count()
    table = persons((*LAN, "1990年5月1日", "在职党员", ""), WEI)
    assert take_in(table) == {"new": 2}
    lan = db.session.scalars(select(Person).where(Person.phone == LAN[1])).one()
    assert (lan.name, lan.unit_id, lan.born_on, lan.is_in_service) == ("张小兰", community.id, date(1990, 5, 1), True)
    assert count() == before + 2


def test_a_table_taken_in_twice_adds_nothing(persons, take_in, check):
    take_in(persons(LAN, WEI))
    before = count()
    assert check(persons(LAN, WEI)) == [("已存在",), ("已存在",)]
    assert take_in(persons(LAN, WEI)) == {"there": 2}
    assert count() == before


def test_looking_changes_nothing(persons, check):
    before = count()
    assert check(persons(LAN)) == [("新增",)]
    assert count() == before


def test_one_bad_row_keeps_all_others_out(persons, take_in):
    before = count()
    with pytest.raises(ImportRefused) as refusal:
        take_in(persons(LAN, ("张", "1390000", "向阳社区")))
    assert refusal.value.details == {"refused": 1}
    assert count() == before


def test_every_problem_of_a_row_is_told_in_the_language_of_the_header(persons, check):
    row = ("", "1390000", "月球社区", "1990-13-01", "神仙")
    assert check(persons(row)) == [
        (
            "有问题",
            "姓名：请填写这一项。",
            "手机号：手机号应为 11 位数字，以 13 到 19 开头。",
            "所属社区：没有找到这个单位，或不归您管。",
            "类别：只能填：志愿者、居民、在职党员。",
            "出生日期：日期请写成 2026-10-15 的样子。",
        )
    ]
    [(outcome, *said)] = check(persons(row, titles="Name Phone Community Birthdate Kind"))
    assert outcome == "refused"
    assert said[0] == "Name: Fill in this column."
    assert said[3] == "Kind: Write one of: volunteer, resident, in-service member."


def test_a_phone_of_another_is_told_from_a_repeated_row(persons, check):
    rows = (LAN, LAN, ("李大明", LAN[1], LAN[2]), ("王五", "13800000001", LAN[2]), ("安丽", "13800000001", LAN[2]))
    assert [outcome for outcome, *_ in check(persons(*rows))] == ["新增", "已存在", "有问题", "有问题", "已存在"]


def test_the_same_name_in_the_same_unit_is_perhaps_the_same_person(persons, check, alice):
    table = persons(("安丽", LAN[1], "向阳社区"), ("安丽", "13900000003", "月季社区"))
    doubted, elsewhere = check(table)
    assert (doubted[0], elsewhere[0]) == ("有问题", "新增")
    assert "可能是同一个人" in doubted[1]
    assert check(table, is_namesake_welcome=True) == [("新增",), ("新增",)]


def test_namesakes_within_a_table_are_seen_too(persons, check):
    assert [outcome for outcome, *_ in check(persons(LAN, (LAN[0], "13900000009", LAN[2])))] == ["新增", "有问题"]


def test_a_unit_is_found_by_as_much_of_its_path_as_is_clear(persons, check, town, community, other_community, at):
    with transaction():
        for each in (community, other_community):
            organisation.add_unit(by=None, name="第一网格", kind="grid", parent_id=each.id, at=at)
    places = ("第一网格", "向阳社区/第一网格", "和平街道 > 月季社区 > 第一网格")
    said = check(persons(*((f"张小{each}", f"1390000000{each}", place) for each, place in zip((1, 2, 3), places, strict=True))))
    assert said[0][1:2] != ()
    rows = [("张小兰", "13900000001", place) for place in places]
    assert "有几个单位叫这个名字" in check(persons(rows[0]))[0][1]
    assert check(persons(rows[1])) == check(persons(rows[2])) == [("新增",)]


def test_a_home_unit_is_found_by_name(persons, take_in, community, town, at):
    with transaction():
        home = organisation.add_unit(by=None, name="市水务局", kind="home_unit", parent_id=town.id, at=at)
    take_in(persons((*LAN, "", "在职党员", "市水务局")))
    assert db.session.scalar(select(Person.home_unit_id).where(Person.phone == LAN[1])) == home.id


def test_an_admin_takes_in_only_members_of_the_own_units(persons, check, take_in, frank):
    table = persons(LAN, WEI)
    assert [outcome for outcome, *_ in check(table, by=frank)] == ["有问题", "新增"]
    with pytest.raises(ImportRefused):
        take_in(table, by=frank)


def test_who_is_admin_nowhere_takes_in_nobody(persons, check, alice, bob, erin):
    for by in (alice, bob, erin):
        assert [outcome for outcome, *_ in check(persons(LAN), by=by)] == ["有问题"]


def test_the_progress_is_told(persons, take_in):
    told = []
    take_in(persons(LAN, WEI), progress=told.append)
    assert sum(told) == 2


def test_an_exported_table_taken_in_again_adds_nothing(persons, take_in, check, dave, community, town, at):
    take_in(persons((*LAN, "1990-05-01", "在职党员", ""), WEI))
    for language, titles in (
        ("zh", [each.zh for each in columns.PERSONS]),
        ("en", [each.en for each in columns.PERSONS]),
    ):
        rows = list(queries.persons_table(by=dave, language=language))
        assert len(rows) == count()
        assert {outcome for outcome, *_ in check(persons(*rows, titles=" ".join(each.replace(" ", "") for each in titles)))} <= {
            "已存在", "already there",
        }  # fmt: skip


def test_an_export_holds_only_the_own_units(frank, charlie, alice):
    names = [name for name, *_ in queries.persons_table(by=frank, language="zh")]
    assert charlie.name in names
    assert alice.name not in names
    assert list(queries.persons_table(by=alice, language="zh")) == []
