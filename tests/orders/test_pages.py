"""The pages as forms without JavaScript, in both languages, and the same by the API."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from bank.db import db, transaction
from bank.micro_hours.models import MicroHour
from bank.orders import code as codes
from bank.orders import queries
from bank.orders.models import Order
from tests.browser import Browser
from tests.cases import cases


def latest():
    db.session.rollback()
    return db.session.scalars(db.select(Order).order_by(Order.id.desc())).first()


def age(minutes):
    """Let what runs have begun before."""
    db.session.rollback()
    running = db.session.scalars(db.select(MicroHour).where(MicroHour.state == "running")).one()
    running.started_at -= timedelta(minutes=minutes)
    db.session.commit()


@pytest.fixture
def guest(app):
    return Browser(app.test_client())


def test_a_wish_from_the_notice_board_to_the_books(app, client, guest, community, alice, bob):
    asked = guest.submit(f"/ask/{community.key}", to="/ask/", kind="wish", wish="门锁坏了", phone="13911112222")
    assert asked.status_code == 303
    order = latest()
    followed = guest.get(asked.location).text
    assert codes.typed(order.key)[6:] in followed and "社区已收到" in followed
    assert guest.submit("/o", to="/o", code=codes.typed(order.key)).location == asked.location
    dispatcher = Browser(client).sign_in(bob)
    card = f"/orders/board/{order.id}"
    assert "门锁坏了" in dispatcher.get("/orders/board/").text
    assert dispatcher.submit(card, to="/look", title="修门锁", is_urgent="1").status_code == 303
    assert dispatcher.submit(card, to="/hang").status_code == 303
    assert "修门锁" in guest.get("/wishes").text and "13911112222" not in guest.get("/wishes").text
    member = Browser(app.test_client()).sign_in(alice)
    page = f"/orders/{order.id}"
    assert "13911112222" not in member.get(page).text
    member.submit(page, to="/acceptance")
    assert "13911112222" in member.get(page).text and "安*" in guest.get(asked.location).text
    refused = member.submit(page, to="/start", code="xxxx")
    assert refused.status_code == 403 and "四位数字不对" in refused.text
    assert member.submit(page, to="/start", code=codes.service_code(order.key, "start")).status_code == 303
    age(30)
    assert member.submit(page, to="/finish", code=codes.service_code(order.key, "end")).status_code == 303
    assert guest.submit(asked.location, to="/rating", mark="5", is_shown="1").status_code == 303
    assert "谢谢您" in guest.get(asked.location).text
    assert dispatcher.submit(card, to="/posting").status_code == 303
    assert latest().state == "posted" and "修门锁" in guest.get("/wishes/met").text


@cases(
    ("typed", "said"),
    [
        ({"wish": ""}, "wish"),
        ({"wish": "有\x00零", "phone": "13911112222"}, "wish"),
        ({"wish": "x" * 501, "phone": "13911112222"}, "wish"),
        ({"wish": "修锁", "phone": "123"}, "电话"),
        ({"wish": "修锁🙂", "phone": "13911112222", "menu_item_id": "9" * 30}, ""),
        ({"wish": "修锁", "phone": "13911112222", "kind": "project"}, ""),
    ],
)
def test_what_cannot_be_meant_is_an_answer(guest, community, typed, said):
    answer = guest.submit(f"/ask/{community.key}", to="/ask/", **({"kind": "wish"} | typed))
    assert 400 <= answer.status_code < 500 and said in answer.text
    assert latest() is None


def test_a_form_sent_twice_asks_once(guest, community):
    action, fields = guest.form(f"/ask/{community.key}", to="/ask/")
    sent = fields | {"wish": "门锁坏了", "phone": "13911112222", "kind": "wish"}
    first, second = (guest.client.post(action, data=sent) for _ in range(2))
    assert first.location == second.location and db.session.query(Order).count() == 1


def test_a_file_that_is_no_picture_is_refused(guest, community):
    action, fields = guest.form(f"/ask/{community.key}", to="/ask/")
    sent = fields | {"wish": "门锁坏了", "phone": "13911112222", "kind": "wish", "picture": (io.BytesIO(b"%PDF"), "a.png")}
    assert guest.client.post(action, data=sent, content_type="multipart/form-data").status_code == 400


@cases("address", ["/o/1-" + "0" * 20, "/o/x", "/ask/nowhere", "/o/" + "9" * 400])
def test_a_wrong_code_finds_nothing(guest, address):
    assert guest.get(address).status_code == 404


def test_who_guesses_codes_has_to_wait(guest):
    answers = [guest.submit("/o", to="/o", code=f"{number:010}").status_code for number in range(61)]
    assert answers[0] == 404 and answers[-1] == 429


def test_auditors_see_the_board_and_change_nothing(app, erin, bob, hung):
    order = hung()
    auditor = Browser(app.test_client()).sign_in(erin)
    page = auditor.get(f"/orders/board/{order.id}")
    assert page.status_code == 200 and "13911112222" not in page.text and "王秀兰" not in page.text
    assert auditor.client.post(f"/orders/board/{order.id}/hang").status_code in (400, 403)


def test_the_board_and_the_lists_go_out_as_tables_without_the_askers_contact(app, bob, hung):
    order = hung()
    browser = Browser(app.test_client()).sign_in(bob)
    for address, cell in (("/orders/board/?as=xlsx", order.title), ("/lists/?as=xlsx", None)):
        sheet = load_workbook(io.BytesIO(browser.get(address).data)).active
        cells = [str(each.value) for row in sheet.iter_rows() for each in row]
        assert (cell is None or cell in cells) and not any("139" in each or "王秀兰" in each for each in cells)


@cases("page", ["/ask", "/wishes", "/wishes/met", "/o"])
def test_strangers_read_english_too(guest, page):
    guest.get("/language/en")
    text = guest.get(page).text
    assert '<html lang="en"' in text and "心愿" not in text.partition("<main")[2].partition("</main>")[0]


def test_the_same_by_the_api(api, client, community, alice, bob):
    asked = client.post(
        f"/api/v1/units/{community.key}/orders",
        json={"wish": "门锁坏了", "phone": "13911112222"},
        headers={"Idempotency-Key": "k"},
    )
    assert asked.status_code == 201 and len(asked.json["code"]) == 10
    order_id = latest().id
    dispatcher, member = api(bob), api(alice)
    assert dispatcher.get("/orders").json["counts"] == {"asked": 1}
    dispatcher.post(f"/orders/{order_id}/look", json={"title": "修门锁"})
    assert dispatcher.post(f"/orders/{order_id}/hang").json["state"] == "hung"
    assert [each["title"] for each in member.get("/me/open-orders").json["orders"]] == ["修门锁"]
    assert member.post(f"/orders/{order_id}/acceptance").status_code == 201
    assert api(bob).post(f"/orders/{order_id}/acceptance").json["code"] == "order_taken"
    assert member.get(f"/orders/{order_id}").json["contact"]["phone"] == "13911112222"
    link = queries.link_of(latest())
    start = client.get(f"/api/v1/order-links/{link}").json["start_code"]
    assert member.post(f"/orders/{order_id}/start", json={"code": start}).json["state"] == "under_way"
    age(30)
    end = client.get(f"/api/v1/order-links/{link}").json["end_code"]
    assert member.post(f"/orders/{order_id}/finish", json={"code": end}).json["state"] == "done"
    rated = client.post(f"/api/v1/order-links/{link}/rating", json={"mark": 5}, headers={"Idempotency-Key": "r"})
    assert rated.json["state"] == "rated"
    assert dispatcher.post(f"/orders/{order_id}/posting", json={}).json["state"] == "posted"


def test_a_grid_worker_asks_on_behalf_of_somebody_without_a_phone(app, alice, community):
    worker = Browser(app.test_client()).sign_in(alice)
    sent = worker.submit(
        "/orders/new", to="/orders/new", kind="wish", wish="想有人陪着散步", asker="张奶奶", unit_id=community.id
    )
    order = latest()
    assert sent.status_code == 303 and (order.asked_by_id, order.asker_id) == (alice.id, None)
    with transaction():
        assert order.contact.asker == "张奶奶" and order.contact.phone is None
