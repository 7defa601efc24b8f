"""The pages of leaders, organizers, members and auditors: sent forms reach the books, and each sees what is theirs."""

import pytest

from bank import clock
from bank.db import db, transaction
from bank.evaluations import actions, queries
from bank.evaluations.models import EvaluationText, RatingInvitation, Withdrawal
from bank.evaluations.rules import Marks
from bank.hours.queries import records_of_service
from tests.browser import Browser
from tests.cases import cases
from tests.evaluations.conftest import DAY


@pytest.fixture(autouse=True)
def now(at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def browser(app):
    return lambda person: Browser(app.test_client()).sign_in(person)


def test_thirty_people_take_three_actions(browser, serve, neighbour, bob):
    service = serve(*(neighbour() for _ in range(30)))
    first, *_, last = records_of_service(service.id)
    exceptions = [f"{first.id}:leader:5", "", f"{last.id}:completion:2", ""]
    answer = browser(bob).submit(f"/evaluations/services/{service.id}", leader="4", completion="4", exceptions=exceptions)
    assert answer.status_code == 303
    marks = queries.marks_of([each.id for each in records_of_service(service.id)])
    assert (len(marks), marks[first.id], marks[last.id]) == (30, Marks(None, 5, 4), Marks(None, 4, 2))


def test_an_exception_that_cannot_be_is_refused(browser, record, bob):
    page = f"/evaluations/services/{record.service_id}"
    for text in ("", "1", f"{record.id}:leader", f"{record.id}:leader:9", f"{record.id}:recipient:5", "x:leader:5", "::"):
        answer = browser(bob).submit(page, leader="", completion="", exceptions=[text])
        assert answer.status_code == (303 if text == "" else 400)
    assert queries.marks_of([record.id]) == {}


def test_the_desk_shows_what_waits_and_forgets_what_is_done(browser, record, rate, bob):
    desk = browser(bob)
    assert "清扫楼道" in desk.get("/evaluations/").text
    rate(bob, record.service, 4, 4)
    assert "清扫楼道" not in desk.get("/evaluations/").text
    assert "清扫楼道" in desk.get("/evaluations/?all=1").text


def test_the_recipients_mark_is_hidden_from_the_leader_until_both_have_rated(browser, record, invite, rate_by_code, rate, bob):
    page, path = browser(bob), f"/evaluations/services/{record.service_id}"
    rate_by_code(invite(record), 2)
    assert "已评，暂不公开" in page.get(path).text
    assert "已评，暂不公开" in page.get(f"/evaluations/records/{record.id}").text
    rate(bob, record.service, 4, 4)
    assert "暂不公开" not in page.get(path).text + page.get(f"/evaluations/records/{record.id}").text


def test_slips_are_made_and_shown(browser, serve, alice, carol, bob):
    service = serve(alice, carol)
    page = browser(bob)
    assert page.submit(f"/evaluations/services/{service.id}", to="/codes").location.endswith("/codes")
    slips = page.get(f"/evaluations/services/{service.id}/codes").text
    assert slips.count('class="slip"') == 2
    assert "安*" in slips
    assert "安丽" not in slips


def test_a_link_for_one_recipient_is_shown(browser, record, bob):
    page = browser(bob)
    page.submit(f"/evaluations/records/{record.id}", to="/code")
    assert db.session.query(RatingInvitation).count() == 1
    assert "/e/" in page.get(f"/evaluations/records/{record.id}").text


def test_a_call_is_recorded(browser, record, bob):
    answer = browser(bob).submit(f"/evaluations/records/{record.id}", to="/call", mark="5", called="王奶奶", comment="好")
    assert answer.status_code == 303
    assert db.session.query(EvaluationText).count() == 2


def test_a_call_without_a_name_is_refused_in_words(browser, record, bob):
    answer = browser(bob).submit(f"/evaluations/records/{record.id}", to="/call", mark="5", called="")
    assert (answer.status_code, "请填写这一项" in answer.text) == (400, True)


def test_a_mark_is_taken_back_by_two_people(browser, record, rate, bob, dave):
    rate(bob, record.service, 1, None)
    assert browser(bob).submit(f"/evaluations/records/{record.id}", to="/withdrawal", reason="slip").status_code == 303
    asked = db.session.scalars(db.select(Withdrawal)).one()
    assert browser(dave).submit("/evaluations/", to=f"/withdrawals/{asked.id}", is_agreed="1").status_code == 303
    assert queries.marks_of([record.id]) == {}
    assert "点错了" in browser(bob).get(f"/evaluations/records/{record.id}").text


@pytest.mark.parametrize(("word", "state"), [("1", "shown"), ("0", "refused")])
def test_a_comment_is_decided(word, state, browser, record, invite, rate_by_code, bob, at):
    code = invite(record)
    given = rate_by_code(code, 5)
    with transaction():
        actions.comment_by_code(code=code, text="多谢小安", at=at)
    page = browser(bob)
    assert page.submit("/evaluations/comments", to=str(given.id), is_shown=word).status_code == 303
    assert "多谢小安" in page.get(f"/evaluations/comments?state={state}").text
    assert "多谢小安" not in page.get("/evaluations/comments").text


def test_a_member_sees_marks_when_they_are_open(browser, record, rate, bob, alice, at, monkeypatch):
    rate(bob, record.service, 4, 5)
    page = browser(alice)
    hidden = page.get("/evaluations/mine").text
    assert "最晚 2026-10-22 09:00 公开" in hidden
    assert "★" not in hidden
    monkeypatch.setattr(clock, "now", lambda: at + 7 * DAY)
    shown = page.get("/evaluations/mine").text
    assert "4.00" in shown
    assert "1 个评分" in shown


def test_who_was_called_is_not_for_the_leader_without_a_role(browser, serve, call, alice, carol, dave):
    [record] = records_of_service(serve(alice, leader=carol).id)
    call(dave, record, 5)
    assert "王奶奶" not in browser(carol).get(f"/evaluations/records/{record.id}").text
    assert "王奶奶" in browser(dave).get(f"/evaluations/records/{record.id}").text


def test_an_auditor_goes_from_the_list_to_the_rows(browser, serve, rate, alice, carol, erin):
    rate(alice, serve(carol, leader=alice), 5, 5)
    rate(carol, serve(alice, leader=carol), 4, 5)
    page = browser(erin)
    assert "柯乐乐 → 安丽" in page.get("/evaluations/fairness?year=2026").text
    rows = page.get(f"/evaluations/fairness/marks?year=2026&given_by_id={carol.id}&member_id={alice.id}").text
    assert rows.count('class="stars"') == 2


def test_a_year_that_cannot_be_is_refused(browser, erin):
    assert browser(erin).get("/evaluations/fairness?year=99999").status_code == 400


PAGES = [
    ("/evaluations/", 200, 200, 200, 200),
    ("/evaluations/mine", 200, 200, 200, 200),
    ("/evaluations/services/{service}", 404, 200, 404, 200),
    ("/evaluations/services/{service}/codes", 404, 200, 404, 200),
    ("/evaluations/records/{record}", 404, 200, 404, 200),
    ("/evaluations/comments", 403, 200, 403, 200),
    ("/evaluations/fairness", 403, 403, 403, 403),
    ("/evaluations/fairness/marks", 403, 403, 403, 403),
]


@cases(("path", "volunteer", "organizer", "stranger", "admin"), PAGES)
def test_the_pages_let_in_whom_they_should(
    path, volunteer, organizer, stranger, admin, browser, client, record, alice, bob, charlie, dave
):
    path = path.format(service=record.service_id, record=record.id)
    assert client.get(path).location.startswith("/sign-in")
    assert [browser(who).get(path).status_code for who in (alice, bob, charlie, dave)] == [volunteer, organizer, stranger, admin]
