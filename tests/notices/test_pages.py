"""A member sees the own notices with a mark of what is unread, and chooses how else to be told."""

import pytest

from bank.consents.actions import decide_consent
from bank.db import transaction
from bank.notices import actions, queries
from tests.browser import Browser

FACTS = {"activity": "清扫 <b>楼道</b>", "starts_at": "2026-10-17T09:00:00+08:00"}


@pytest.fixture
def told(alice, at):
    """Alice has been told that an activity is cancelled."""
    with transaction():
        actions.tell(person_ids=[alice.id], kind="activity_cancelled", facts=FACTS, key="activity:7", at=at)


@pytest.fixture
def browser(client, alice):
    """Alice's browser."""
    return Browser(client).sign_in(alice)


def test_the_mark_goes_when_all_is_read(told, browser, alice):
    home = browser.get("/").text
    assert 'class="top-count">1<' in home
    page = browser.get("/notices")
    assert "清扫 &lt;b&gt;楼道&lt;/b&gt;" in page.text and "未读" in page.text
    assert browser.submit(page, to="/notices/read").status_code == 303
    assert queries.unread_count(alice.id) == 0
    assert "top-count" not in browser.get("/").text


def test_nobody_sees_anothers_notices(told, client, charlie):
    assert "楼道" not in Browser(client).sign_in(charlie).get("/notices").text


def test_a_channel_needs_consent_and_is_shown_masked(browser, alice, app, at):
    app.config["MAIL_URL"] = "smtp://localhost"
    assert 'name="address"' not in browser.get("/notices").text
    with transaction():
        decide_consent(by=alice, person_id=alice.id, purpose="contact", is_given=True, at=at)
    page = browser.get("/notices")
    refused = browser.submit(page, to="/notices/channel", channel="email", address="nowhere")
    assert refused.status_code == 400 and "这个地址不能用" in refused.text and 'value="nowhere"' in refused.text
    assert browser.submit(page, to="/notices/channel", channel="email", address="anli@example.org").status_code == 303
    page = browser.get("/notices")
    assert "an***@example.org" in page.text and "anli@example.org" not in page.text
    assert browser.submit(page, to="/notices/channel").status_code == 303
    assert queries.channel_of(alice.id) is None


def test_without_a_mail_server_there_is_no_email(browser, alice, at):
    with transaction():
        decide_consent(by=alice, person_id=alice.id, purpose="contact", is_given=True, at=at)
    page = browser.get("/notices").text
    assert 'value="feishu"' in page and 'value="email"' not in page


def test_programs_read_notices_in_the_language_they_ask_for(told, api, alice):
    english = api(alice).get("/me/notices", headers={"Accept-Language": "en"}).json
    assert english["unread"] == 1 and english["notices"][0]["title"].endswith("is cancelled")
    assert [api(alice).post("/me/notices/read", key="once").json for _ in range(2)] == [{"unread": 0}] * 2
