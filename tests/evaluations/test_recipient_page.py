"""The page that a recipient's link opens: no account, one tap, nothing personal beyond what is needed."""

import pytest

from bank import clock
from bank.db import db
from bank.evaluations import queries
from bank.evaluations.models import Evaluation, EvaluationText
from bank.hours.queries import records_of_service
from tests.browser import Browser
from tests.cases import cases


@pytest.fixture
def now(at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def link(now, record, invite):
    return f"/e/{invite(record)}"


@pytest.fixture
def phone(client):
    return Browser(client)


def test_one_tap_rates_and_says_thanks(link, phone, record):
    answer = phone.submit(link, mark="5")
    assert (answer.status_code, answer.location) == (303, link)
    assert "谢谢您" in phone.get(link).text
    assert queries.marks_of([record.id])[record.id].recipient == 5


def test_the_name_is_masked_and_nothing_else_is_said(link, phone, alice):
    page = phone.get(link).text
    assert "安*" in page
    assert not any(each in page for each in ("安丽", alice.phone, alice.card_number, "3 号楼"))


def test_a_second_tap_is_told_in_words(link, phone):
    action, fields = phone.form(link)
    assert phone.client.post(action, data=fields | {"mark": "5"}).status_code == 303
    assert phone.client.post(action, data=fields | {"mark": "5"}).status_code == 303  # The same form, sent twice.
    again = phone.client.post(action, data=fields | {"mark": "1", "idempotency_key": "another"})
    assert (again.status_code, "已经评价过了" in again.text) == (409, True)
    assert db.session.query(Evaluation).count() == 1


def test_a_comment_may_follow(link, phone):
    phone.submit(link, mark="4")
    assert phone.submit(link, to="/comment", text="扫得很干净").status_code == 303
    assert db.session.scalars(db.select(EvaluationText)).one().text == "扫得很干净"
    assert "/comment" not in phone.get(link).text


def test_whoever_served_is_told_why_not(link, phone, alice, record):
    phone.sign_in(alice)
    answer = phone.submit(link, mark="5")
    assert (answer.status_code, "不能评价自己" in answer.text) == (403, True)


def test_signing_out_first_does_not_help(link, phone, alice, record):
    phone.sign_in(alice)
    phone.get("/")
    phone.client.delete_cookie("bank")
    assert phone.submit(link, mark="5").status_code == 403
    assert queries.marks_of([record.id]) == {}


def test_a_phone_keeps_its_name(link, phone, serve, alice, invite):
    phone.submit(link, mark="5")
    other = f"/e/{invite(records_of_service(serve(alice).id)[0])}"
    phone.submit(other, mark="5")
    assert len(set(db.session.scalars(db.select(Evaluation.device)))) == 1


@cases("mark", ["0", "6", "abc", ""])
def test_a_mark_that_cannot_be_is_refused(mark, link, phone):
    assert phone.submit(link, mark=mark).status_code == 400


@cases("code", ["x", "0" * 17, "%00", "..%2f..%2f", "一二三", "z" * 300])
def test_made_up_codes_are_not_found(code, phone):
    assert phone.get(f"/e/{code}").status_code == 404


def test_guessing_is_slowed_down(phone):
    answers = [phone.get(f"/e/{'0' * 17}").status_code for _ in range(61)]
    assert (answers[59], answers[60]) == (404, 429)


def test_the_page_speaks_english(link, phone):
    phone.client.set_cookie("language", "en")
    assert "Very satisfied" in phone.get(link).text
