"""A member takes along all that the bank holds about him: as JSON and as tables, without secrets and without others' data."""

import io
import json
import zipfile
from datetime import date

import pytest

from bank.db import db
from bank.ledger.queries import balance
from bank.privacy import queries, rules
from bank.privacy.tables import about
from tests.privacy.conftest import NAME, PHONE


def test_a_table_that_names_a_person_is_in_it_unless_it_only_says_who_acted(app):
    left_out = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys) and about(table, 1) is None
    }
    assert {each for each in left_out if not each.endswith("by_id")} == set()


def test_it_holds_profile_past_consents_and_roles(member):
    data = queries.own_data(member)
    assert [(each["name"], each["phone"], each["unit_name"]) for each in data["person"]] == [(NAME, PHONE, "向阳社区")]
    assert {each["kind"] for each in data["membership"]} == {"enrolled"}
    assert len(data["membership"]) == 2
    assert {"consent", "grant", "guardian", "change", "change_detail"} <= set(data)


def test_the_lines_add_up_to_the_balances(member, serve, redeem):
    serve(member, 240, date(2026, 9, 12))
    redeem(member, 100, date(2026, 9, 20))
    lines = queries.own_data(member)["account_line"]
    for unit, account in (("points", member.points_account_id), ("minutes", member.minutes_account_id)):
        assert sum(each["amount"] for each in lines if each["unit"] == unit) == balance(account)


def test_no_secret_is_given_out(member):
    text = queries.as_json(queries.own_data(member)).decode()
    assert member.id_hash not in text
    assert "secret_hash" not in text
    assert "pin" not in {column for rows in queries.own_data(member).values() for row in rows for column in row}


def test_nothing_of_others_is_in_it(member, dave, alice, bob, serve):
    serve(alice, 95, date(2026, 9, 12))
    text = queries.as_json(queries.own_data(member)).decode()
    for other in (dave, alice, bob):
        assert other.name not in text
        assert other.phone not in text


def test_rows_that_leave_somebody_out_stand_in_one_table_with_those_that_do_not(member):
    mine, others = {"id": 1, "changed_by_id": member.id}, {"id": 2}
    with zipfile.ZipFile(io.BytesIO(queries.as_zip({"change": [others, mine]}))) as packed:
        assert packed.read("change.csv").decode("utf-8-sig").split() == ["id,changed_by_id", "2,", f"1,{member.id}"]


def test_both_files_say_the_same(member):
    data = queries.own_data(member)
    assert json.loads(queries.as_json(data)).keys() == data.keys()
    with zipfile.ZipFile(io.BytesIO(queries.as_zip(data))) as archive:
        assert set(archive.namelist()) == {f"{name}.csv" for name in data}
        assert NAME in archive.read("person.csv").decode("utf-8-sig")
    assert queries.as_zip(data) == queries.as_zip(data)


@pytest.mark.parametrize(("word", "ways"), [("13812345678", 1), ("安丽", 2), ("𠮷", 2)])
def test_a_word_is_looked_for_as_it_may_be_written(word, ways):
    assert len(rules.written_ways(word)) == ways
    assert all(json.loads(f'"{each}"') == word for each in rules.written_ways(word))
