"""The page on which an administrator takes in a table: nothing changes before the second step, and nothing twice."""

import io
import re

import pytest

from bank.access.queries import person_by_login
from bank.documents import tables
from bank.people.queries import find_persons
from bank.people.rules import PersonNotFound
from bank.web import waiting
from bank.web.pages import enrolment
from tests.cases import cases

HEADER = ("姓名", "手机号", "所属社区")
LAN = ("张小兰", "13900000001", "向阳社区")


def file(*rows, kind="csv", header=HEADER):
    return io.BytesIO(b"".join(tables.write(kind, header, rows))), f"people.{kind}"


@pytest.fixture
def window(browser, dave):
    opened = browser(dave)
    opened.open("/people/import")
    return opened


@pytest.mark.parametrize("ending", tables.KINDS)
def test_a_table_is_looked_at_and_confirmed(window, ending):
    window.send("/people/import", file=file(LAN, kind=ending))
    assert "确认导入 1 行" in window.page
    with pytest.raises(PersonNotFound):
        person_by_login(LAN[1])
    window.send("/people/import/confirm")
    assert "已导入 1 行" in window.page
    assert person_by_login(LAN[1]).name == LAN[0]


def test_the_page_that_waits_for_an_import_may_ask_how_far_it_is(app, window):
    window.send("/people/import", file=file(LAN))
    number = re.search(r'"/people/import/confirm" .*data-counts="/waiting/(\d+)"', window.page)[1]
    with app.test_request_context(f"/people/import/confirm?ready={number}"):
        told = waiting.progress(18_000)
        told(2000)
        told(1000)
        assert window.client.get(f"/waiting/{number}").json == {"done": 3000, "total": 18_000}
    assert window.client.get(f"/waiting/{number}").status_code == 204


@pytest.mark.parametrize("number", ["1", "9" * 17, "..", "%00", "１２", "-1", "progress", "12.new"])
def test_nothing_is_counted_for_other_numbers(window, number):
    assert window.client.get(f"/waiting/{number}").status_code in (204, 404)


def test_a_bad_row_is_told_and_cannot_be_confirmed(window):
    window.send("/people/import", file=file(LAN, ("李大明", "1390000", "向阳社区")))
    assert "手机号应为 11 位数字" in window.page
    assert "确认导入" not in window.page
    answer = window.send("/people/import/confirm")
    assert answer.status_code == 409
    assert "有 1 行不能导入" in window.page
    with pytest.raises(PersonNotFound):
        person_by_login(LAN[1])


def test_the_rows_are_told_in_the_language_of_the_table(window):
    window.send("/people/import", file=file(("Li", "1390000", "nowhere"), header=("Name", "Phone", "Community")))
    assert "Phone: A phone number has 11 digits" in window.page


def test_namesakes_are_welcome_when_the_box_is_ticked(window, alice):
    window.send("/people/import", file=file(("安丽", "13900000009", "向阳社区")))
    assert "可能是同一个人" in window.page
    window.open("/people/import")
    window.send("/people/import", file=file(("安丽", "13900000009", "向阳社区")), is_namesake_welcome="1")
    window.send("/people/import/confirm")
    assert person_by_login("13900000009").name == "安丽"


def test_what_becomes_of_each_row_is_a_file_too(window):
    window.send("/people/import", file=file(LAN, ("李大明", "1390000", "向阳社区")))
    [_, *rows] = tables.read(_sent(window, "/people/import/report"))
    assert [each.cells[2] for each in rows] == ["新增", "有问题"]


def _sent(window, action):
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', window.page.split("/import/confirm")[1]))
    return window.client.post(action, data=fields).data


def test_a_confirmed_table_sent_again_adds_nothing(window, dave):
    window.send("/people/import", file=file(LAN))
    page = window.page
    for _ in range(2):
        window.page = page
        assert window.send("/people/import/confirm").status_code == 200
    assert len(find_persons(by=dave, text=LAN[0])) == 1
    window.open("/people/import")
    window.send("/people/import", file=file(LAN))
    assert "没有新的内容" in window.page


def test_units_are_taken_in_the_same_way(browser, dave):
    window = browser(dave)
    window.open("/units/import")
    window.send("/units/import", file=file(("第一网格", "网格", "向阳社区"), header=("名称", "类别", "上级单位")))
    window.send("/units/import/confirm")
    assert "第一网格" in window.open("/units").text


@cases("data", [b"", b"\0\0", b"PK\x03\x04", "甲,乙\n丙,丁".encode(), b"\xd0\xcf\x11\xe0"])
def test_a_file_that_is_no_table_is_refused_in_words(window, data):
    answer = window.send("/people/import", file=(io.BytesIO(data), "people.xlsx"))
    assert answer.status_code == 400
    assert 'role="alert"' in window.page


def test_no_file_is_refused_in_words(window):
    assert window.send("/people/import").status_code == 400
    assert "请填写这一项。" in window.page


def test_a_table_that_was_changed_on_the_way_is_refused(window):
    window.send("/people/import", file=file(LAN))
    window.page = re.sub(r'(name="packed" value=")[^"]{9}', r"\1AAAAAAAAA", window.page)
    assert window.send("/people/import/confirm").status_code == 400


def test_a_table_of_persons_is_not_one_of_units_nor_another_admins(window, browser, frank):
    window.send("/people/import", file=file(LAN))
    packed = re.search(r'name="packed" value="([^"]*)"', window.page).group(1)
    for person, path in ((None, "/units/import"), (frank, "/people/import")):
        other = browser(person) if person else window
        other.open(path)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', other.page.split("multipart")[1]))
        assert other.client.post(f"{path}/confirm", data=hidden | {"packed": packed}).status_code == 400


@pytest.mark.parametrize("what", enrolment.COLUMNS)
@pytest.mark.parametrize("ending", tables.KINDS)
def test_templates_and_tables_are_there_to_keep(window, what, ending):
    window.client.set_cookie("language", "en")
    for path in (f"/{what}/import/template.{ending}", f"/{what}/table.{ending}"):
        answer = window.client.get(path)
        assert answer.content_type == tables.KINDS[ending]
        assert tables.read(answer.data)[0].cells[0] == "Name"
