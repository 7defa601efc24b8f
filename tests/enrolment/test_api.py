"""The API takes tables in and gives them out; a report on them names no person."""

from base64 import b64decode, b64encode

import pytest

from bank.access.queries import person_by_login
from bank.documents import tables

HEADER = ("Name", "Phone", "Community")
LAN = ("张小兰", "13900000001", "向阳社区")


def table(*rows, header=HEADER):
    return b64encode(b"".join(tables.write("xlsx", header, rows))).decode()


def test_a_table_is_looked_at_taken_in_and_there(api, dave):
    program, file = api(dave), table(LAN)
    for sent, outcome in (({"is_dry_run": True}, "new"), ({}, "new"), ({}, "there")):
        answer = program.post("/persons/import", json={"file": file, **sent})
        assert (answer.status_code, answer.json["rows"]) == (200, [{"row": 2, "outcome": outcome, "problems": []}])
    assert person_by_login(LAN[1]).name == LAN[0]


def test_a_bad_row_is_told_without_its_content(api, dave):
    file = table((LAN[0], "1390000", LAN[2]))
    answer = api(dave).post("/persons/import", json={"file": file, "is_dry_run": True})
    [problem] = answer.json["rows"][0]["problems"]
    assert problem["code"] == "bad_phone"
    assert problem["detail"].startswith("Phone: ")
    assert "1390000" not in answer.text
    assert "张小兰" not in answer.text
    refused = api(dave).post("/persons/import", json={"file": file})
    assert (refused.status_code, refused.json["code"]) == (409, "import_refused")


def test_units_come_in_and_go_out(api, dave):
    program = api(dave)
    file = table(("第一网格", "grid", "向阳社区"), header=("Name", "Kind", "Parent unit"))
    assert program.post("/units/import", json={"file": file}).json["new"] == 1
    given = program.get("/units/table?kind=csv&language=en").json["file"]
    assert "第一网格,grid,和平街道 / 向阳社区" in b64decode(given).decode()
    assert program.post("/units/import", json={"file": given}).json["new"] == 0


def test_an_exported_table_taken_in_again_adds_nothing(api, dave):
    given = api(dave).get("/persons/table?kind=xlsx").json["file"]
    answer = api(dave).post("/persons/import", json={"file": given})
    assert (answer.json["new"], answer.json["refused"]) == (0, 0)


@pytest.mark.parametrize(("file", "code"), [("~", "invalid"), ("AAAA", "broken_table"), ("", "header_missing")])
def test_a_file_that_is_no_table_is_refused(api, dave, file, code):
    answer = api(dave).post("/persons/import", json={"file": file})
    assert (answer.status_code, answer.json["code"]) == (400, code)
