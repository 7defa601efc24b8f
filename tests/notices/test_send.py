"""What waits in the outbox is sent at most once, to a real mail server and to a real robot's server."""

import json
import threading
from datetime import timedelta

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from flask_babel import get_locale

from bank import clock
from bank.consents.actions import decide_consent
from bank.db import db, transaction
from bank.notices import actions, outbox, rules
from bank.notices.models import Delivery, Notice
from tests import server as servers
from tests.notices import mail

ROBOT = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
ROBOTS = {"wecom": ROBOT, "dingtalk": ROBOT.replace("-", ""), "feishu": ROBOT}
FACTS = {"activity": "清扫\r\nBcc: x@example.org", "starts_at": "2026-10-17T09:00:00+08:00"}


@pytest.fixture
def box(app):
    """A mail server that the bank knows."""
    server = mail.smtp_server()
    with mail.serving(server) as address:
        app.config.update(MAIL_URL=f"smtp://{address}", MAIL_FROM="bank@example.org")
        yield server


@pytest.fixture
def robot(monkeypatch):
    """The servers of all three kinds of robot, on this machine."""
    server = mail.robot_server()
    with mail.serving(server) as address:
        monkeypatch.setattr(NotifyFeishu, "notify_url", f"http://{address}/hook/{{token}}/")
        monkeypatch.setattr(NotifyDingTalk, "notify_url", f"http://{address}/robot/send?access_token={{token}}")
        monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://{address}/webhook/send?key={{key}}")
        yield server


@pytest.fixture
def now(monkeypatch, at):
    """Sets the clock to so long after `at`; the outbox reads it for each delivery."""

    def after(**passed):
        monkeypatch.setattr(clock, "now", lambda: at + timedelta(**passed))

    after(minutes=0)
    return after


@pytest.fixture
def told(alice, now, at):
    """Alice has chosen a channel and agreed; one matter waits for her: `told()`, `told("feishu", ROBOT)`."""

    def one(channel="email", address="alice@example.org", language="zh"):
        with transaction():
            decide_consent(by=alice, person_id=alice.id, purpose="contact", is_given=True, at=at)
            actions.choose(by=alice, channel=channel, address=address, language=language, at=at)
            actions.tell(person_ids=[alice.id], kind="activity_cancelled", facts=FACTS, key="activity:7:cancelled", at=at)

    return one


def delivery():
    db.session.rollback()
    return db.session.scalars(db.select(Delivery)).one()


def test_a_letter_is_sent_once_and_says_what_the_page_says(told, box, app):
    app.config["PUBLIC_URL"] = "http://localhost:8000"
    told()
    assert [outbox.send_due(), outbox.send_due()] == [{"sent": 1}, {}]
    [letter] = box.letters
    assert (letter["To"], letter["From"]) == ("alice@example.org", "bank@example.org")
    assert letter["Subject"] == "道德银行：活动“清扫 Bcc: x@example.org”取消了" and letter["Bcc"] is None
    body = letter.get_content()
    assert "10月17日 星期六 09:00" in body and "http://localhost:8000/notices" in body
    assert letter["Message-ID"].endswith("@example.org>")
    assert (delivery().state, delivery().attempts, delivery().error) == ("sent", 1, None)


def test_a_letter_speaks_the_language_it_was_asked_for_in(told, box):
    told(language="en")
    outbox.send_due()
    assert "is cancelled" in box.letters[0]["Subject"]
    assert get_locale().language == "zh"


def test_a_server_that_is_not_there_is_tried_later_and_later_and_then_given_up(told, now, app):
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{servers.free_port()}"
    told()
    tried = []
    for minutes in (0, 0.9, 1, 5.9, 6, 35, 36, 155, 156, 875, 876, 2000):
        now(minutes=minutes)
        tried += [minutes] * outbox.send_due().total()
    assert tried == [0, 1, 6, 36, 156, 876]
    assert (delivery().state, delivery().attempts) == ("failed", 6)
    assert delivery().error.startswith("ConnectionRefused")


@pytest.mark.parametrize(
    ("answer", "state"), [("550 nobody of that name", "failed"), ("450 box is full", "waiting"), ("250 fine", "sent")]
)
def test_the_servers_no_is_for_good_or_for_now(answer, state, told, box):
    box.rcpt = answer
    told()
    outbox.send_due()
    assert delivery().state == state


def test_what_may_have_arrived_is_never_sent_again(told, box, now):
    box.is_cut = True
    told()
    assert outbox.send_due() == {"unknown": 1}
    box.is_cut = False
    now(days=2)
    assert outbox.send_due() == {}
    assert len(box.letters) == 1


def test_a_process_that_died_while_sending_leaves_it_unknown(told, box, now):
    told()
    with transaction():
        assert outbox._take_next() is not None
    assert outbox.send_due() == {}
    now(minutes=11)
    assert outbox.send_due() == {"unknown": 1}
    assert (box.letters, delivery().state) == ([], "unknown")


def test_two_processes_send_each_letter_once(told, box, alice, app, at):
    told()
    with transaction():
        for number in range(12):
            actions.tell(person_ids=[alice.id], kind="award_given", facts={}, key=f"award:{number}", at=at)

    def look():
        with app.app_context():
            outbox.send_due()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    names = [each["Message-ID"] for each in box.letters]
    assert len(names) == len(set(names)) == 13


def test_who_takes_consent_back_is_sent_nothing_more(told, box, alice, at):
    told()
    with transaction():
        decide_consent(by=alice, person_id=alice.id, purpose="contact", is_given=False, at=at)
    assert outbox.send_due() == {"dropped": 1}
    assert box.letters == []
    assert db.session.scalar(db.select(db.func.count()).select_from(Notice)) == 1


def test_after_three_in_vain_the_others_wait_for_the_next_look(told, alice, app, at):
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{servers.free_port()}"
    told()
    with transaction():
        for number in range(5):
            actions.tell(person_ids=[alice.id], kind="award_given", facts={}, key=f"award:{number}", at=at)
    assert outbox.send_due() == {"waiting": 3}


def test_a_robot_is_told_once(told, robot):
    told("feishu", ROBOT)
    assert [outbox.send_due(), outbox.send_due()] == [{"sent": 1}, {}]
    [(path, body)] = robot.bodies
    assert path == f"/hook/{ROBOT}/" and "清扫" in body


@pytest.mark.parametrize(
    ("channel", "text", "refusal"),
    [
        ("wecom", ("text", "content"), b'{"errcode": 93000, "errmsg": "invalid webhook url"}'),
        ("dingtalk", ("text", "content"), b'{"errcode": 310000, "errmsg": "keywords not in content"}'),
        ("feishu", ("content", "text"), b'{"code": 19024, "msg": "Key Words Not Found", "data": {}}'),
    ],
)
def test_a_refusal_inside_a_200_is_no_success_and_is_tried_again(channel, text, refusal, told, robot, now):
    accepting, robot.answer = robot.answer, refusal
    told(channel, ROBOTS[channel])
    assert outbox.send_due() == {"waiting": 1}
    assert str(json.loads(refusal).get("errcode", json.loads(refusal).get("code"))) in delivery().error
    robot.answer = accepting
    now(minutes=2)
    assert outbox.send_due() == {"sent": 1}
    (path, body), _second = robot.bodies
    assert ROBOTS[channel] in path and "清扫" in json.loads(body)[text[0]][text[1]]


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"ok": true}', b""])
def test_an_answer_that_says_neither_yes_nor_no_leaves_it_unknown(answer, told, robot):
    robot.answer = answer
    told("wecom", ROBOT)
    assert outbox.send_due() == {"unknown": 1}


def test_a_robots_no_is_tried_again_and_its_silence_is_not(told, robot, now):
    told("feishu", ROBOT)
    robot.status = 500
    assert outbox.send_due() == {"waiting": 1}
    now(minutes=2)
    robot.status = 0
    assert outbox.send_due() == {"unknown": 1}
    assert ROBOT not in (delivery().error or "")


def test_a_robot_whose_server_is_not_there_is_tried_again(told, monkeypatch):
    monkeypatch.setattr(NotifyFeishu, "notify_url", f"http://127.0.0.1:{servers.free_port()}/{{token}}/")
    told("feishu", ROBOT)
    assert outbox.send_due() == {"waiting": 1}


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (5, 720), (6, None)])
def test_pauses_grow(attempts, minutes):
    assert rules.pause_after(attempts) == (timedelta(minutes=minutes) if minutes else None)
