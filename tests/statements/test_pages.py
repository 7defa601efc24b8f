"""The pages a member and a stranger see."""

from datetime import date

import pytest

from bank import clock
from bank.statements import members
from tests.browser import Browser

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def recent(alice, serve):
    """A service of 95 minutes this month, by the real clock."""
    return serve(alice, 95, clock.today().replace(day=1), at=clock.now())


@pytest.fixture
def september(alice, serve, redeem, issue):
    """alice's statement of September."""
    serve(alice, 120, date(2026, 9, 3))
    redeem(alice, 50, date(2026, 9, 9))
    issue(SEPTEMBER)
    return members.statement(person_id=alice.id, month=SEPTEMBER)


def test_the_passbook_tells_what_why_and_how_much(client, alice, recent):
    page = Browser(client).sign_in(alice).get("/passbook").text
    for words in ("清扫楼道", "三号楼", "1 小时 35 分", "→ 1.58 分", "+1.58", "离1星志愿者还差"):
        assert words in page


def test_the_passbook_shows_a_month_when_asked(client, alice, september):
    page = Browser(client).sign_in(alice).get("/passbook?month=2026-09").text
    assert "毛巾" in page and "兑换支取" in page and "−0.50" in page


def test_a_month_written_wrong_is_told_in_words(client, alice):
    answer = Browser(client).sign_in(alice).get("/passbook?month=2026-9")
    assert answer.status_code == 400 and "月份 2026-10" in answer.text


def test_a_statement_adds_up_on_paper(client, alice, september):
    page = Browser(client).sign_in(alice).get("/statements/2026-09").text
    for words in ("期初余额", "+2.00", "−0.50", "1.50", september.code[:4], f"尾号 {alice.card_number[6:]}", "安*"):
        assert words in page
    assert alice.card_number not in page


def test_statements_are_listed(client, alice, september):
    assert "2026年9月" in Browser(client).sign_in(alice).get("/statements").text


def test_somebody_elses_statement_is_for_staff_of_the_unit(app, alice, charlie, dave, erin, bob, september):
    path = f"/people/{alice.id}/statements/2026-09"
    status = {who: Browser(app.test_client()).sign_in(who).get(path).status_code for who in (dave, erin, bob, charlie)}
    assert list(status.values()) == [200, 200, 403, 403]


def test_a_stranger_may_check_a_code_and_learns_no_name(client, september):
    page = client.get("/verify", query_string={"code": september.code.upper()}).text
    assert "有效" in page and "2026年9月" in page and "安*" in page
    assert "安丽" not in page and "1.50" not in page


def test_a_made_up_code_is_not_valid(client, september):
    page = client.get("/verify?code=0123456789abcdef").text
    assert "没有这个查验码" in page and "有效" not in page.replace("无有效", "")


def test_pages_in_english(client, alice, september):
    browser = Browser(client).sign_in(alice)
    client.set_cookie("language", "en")
    page = browser.get("/statements/2026-09").text
    assert "Opening balance" in page and "期初" not in page
