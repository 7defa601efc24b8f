"""With a person come household, guardian, teams and units of work, and they come back in the same columns."""

from datetime import date

import pytest
from sqlalchemy import select

from bank.clock import local_day
from bank.db import db, transaction
from bank.enrolment import actions, checks, columns, queries, words
from bank.enrolment.rules import groups
from bank.people import organisation
from bank.people import queries as people
from bank.people.models import Person

TITLES = "姓名 手机号 所属社区 出生日期 同户手机号 监护人姓名 监护人手机号 监护关系 志愿服务队 报到社区 其他联系方式 类别"
LAN, MING = ("张小兰", "13900000001", "向阳社区"), ("李大明", "13900000002", "向阳社区")
ALICE = "13800000001"


@pytest.fixture
def take_in(dave, at):
    def taken(table, by=dave):
        with transaction():
            return actions.import_persons(by=by, sheet=table, is_namesake_welcome=False, at=at).counts

    return taken


@pytest.fixture
def check(dave, at):
    def checked(table, by=dave):
        report = checks.check_persons(by=by, sheet=table, on=local_day(at)).report
        return [[words.sentence(problem, "zh") for problem in each.problems] or [each.outcome] for each in report.verdicts]

    return checked


@pytest.fixture
def table(persons):
    return lambda *rows: persons(*rows, titles=TITLES)


def person(phone):
    return db.session.scalars(select(Person).where(Person.phone == phone)).one()


def test_who_names_anothers_phone_lives_with_them(table, take_in, alice):
    take_in(table((*LAN, "", ALICE), (*MING, "", LAN[1])))
    together = people.household_of(alice.id)
    assert together == {alice.id, person(LAN[1]).id, person(MING[1]).id}


def test_two_who_name_each_other_are_one_household(table, take_in):
    take_in(table((*LAN, "", MING[1]), (*MING, "", LAN[1])))
    assert people.same_household(person(LAN[1]).id, person(MING[1]).id)


def test_a_household_that_is_there_takes_in_more(table, take_in, alice):
    take_in(table((*LAN, "", ALICE)))
    take_in(table((*MING, "", LAN[1])))
    assert people.same_household(alice.id, person(MING[1]).id)


def test_a_household_of_strangers_is_refused(table, check, frank, alice):
    assert check(table((*LAN, "", "13900000009"))) == [["同户手机号：没有找到用这个手机号的储户，或不归您管。"]]
    assert check(table(("张小兰", "13900000001", "月季社区", "", ALICE)), by=frank) == check(table((*LAN, "", "13900000009")))


def test_a_child_without_a_phone_comes_with_a_guardian(table, take_in, check, at):
    child = ("张小宝", "", "向阳社区", "2018-05-01", "", "张小兰", LAN[1], "祖父母")
    take_in(table(LAN, child))
    [found] = db.session.scalars(select(Person).where(Person.name == "张小宝"))
    guardian = people.guardian(found.id)
    assert (guardian.guardian.name, guardian.relation, found.born_on) == ("张小兰", "grandparent", date(2018, 5, 1))
    assert check(table(child)) == [["there"]]


def test_a_guardian_is_a_member_wherever_the_row_stands(table, take_in, monkeypatch):
    monkeypatch.setattr(actions, "_CHUNK", 1)
    child = ("张小宝", "13900000003", "向阳社区", "2018-05-01", LAN[1])
    take_in(table((*child, *LAN[:2]), (*MING, "2018-05-01", "", "王大妈", "13900000008"), LAN))
    named, written = (people.guardian(person(phone).id) for phone in ("13900000003", MING[1]))
    assert (named.guardian_id, named.name, named.phone) == (person(LAN[1]).id, None, None)
    assert (written.guardian_id, written.name, written.phone) == (None, "王大妈", "13900000008")
    assert people.same_household(person("13900000003").id, person(LAN[1]).id)


def test_a_child_without_a_guardian_is_refused(table, check):
    assert check(table((*LAN, "2018-05-01"))) == [["监护人姓名：不满 14 岁要填监护人。"]]
    half = (*LAN, "2018-05-01", "", "张大山", "")
    assert "监护人手机号：监护人要填姓名和本人的手机号。" in check(table(half))[0]


def test_without_phone_and_guardian_another_contact_is_needed(table, check):
    nobody = ("王大爷", "", "向阳社区")
    assert check(table(nobody)) == [["手机号：手机号、其他联系方式、监护人至少要填一样。"]]
    assert check(table((*nobody, *[""] * 7, "找楼长李大姐"))) == [["new"]]


def test_a_person_joins_several_teams_and_reports_elsewhere(table, take_in, check, community, other_community, at):
    with transaction():
        for name in ("夕阳红服务队", "理发队"):
            organisation.add_unit(by=None, name=name, kind="team", parent_id=community.id, at=at)
    row = (*LAN, "", "", "", "", "", "夕阳红服务队、理发队", "月季社区", "", "在职党员")
    take_in(table(row))
    lan = person(LAN[1])
    assert (lan.host_unit_id, lan.kind) == (other_community.id, "in_service")
    assert {each.unit.name for each in people.memberships(lan.id) if each.kind == "team"} == {"夕阳红服务队", "理发队"}
    assert check(table((*LAN[:1], "13900000005", *row[2:8], "没有的队"))) == [["志愿服务队：没有找到这个单位，或不归您管。"]]


def test_everything_comes_back_in_the_same_columns(table, take_in, check, dave, community, at):
    with transaction():
        organisation.add_unit(by=None, name="理发队", kind="team", parent_id=community.id, at=at)
    take_in(table((*LAN, "", ALICE, "", "", "", "理发队"), ("张小宝", "", "向阳社区", "2018-05-01", LAN[1], "张小兰", LAN[1])))
    rows = {row[0]: dict(zip([each.name for each in columns.PERSONS], row, strict=True)) for row in
            queries.persons_table(by=dave, language="zh")}  # fmt: skip
    assert (rows["张小兰"]["teams"], rows["张小兰"]["household"]) == ("和平街道 / 向阳社区 / 理发队", ALICE)
    assert (rows["张小宝"]["guardian_name"], rows["张小宝"]["guardian_phone"]) == ("张小兰", LAN[1])
    assert (rows["张小宝"]["household"], rows["张小宝"]["relation"]) == (ALICE, "父母")


def test_groups_are_those_who_are_paired_in_any_way():
    assert groups([(1, 2), (3, 4), (5, 5), (2, 3), (6, 7)]) == [[1, 2, 3, 4], [6, 7]]
    assert groups([]) == []
