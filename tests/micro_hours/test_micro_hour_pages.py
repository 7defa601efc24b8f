"""Two taps on the page, one on the recipient's; and the same by the API."""

from datetime import timedelta

import pytest

from bank import clock
from bank.db import db
from bank.micro_hours.models import MicroHour
from tests.browser import Browser


def age(micro_hour, minutes):
    """Let what was begun just now have begun before."""
    micro_hour.started_at -= timedelta(minutes=minutes)
    db.session.commit()


def latest():
    db.session.rollback()
    return db.session.scalars(db.select(MicroHour).order_by(MicroHour.id.desc())).first()


def test_a_member_taps_twice_the_recipient_once_and_the_organizer_records(app, client, alice, bob):
    member, guest = Browser(client).sign_in(alice), Browser(app.test_client())
    assert member.submit("/micro-hours", to="/micro-hours", category="elder_care").status_code == 303
    age(latest(), 30)
    stopped = member.submit("/micro-hours", to="/stop")
    assert "<svg" in member.get(stopped.location).text
    link = f"/m/{latest().key}"
    assert "安*" in guest.get(link).text and "安丽" not in guest.get(link).text
    assert guest.submit(link, to=link, mark="5").status_code == 303
    assert "谢谢" in guest.get(link).text
    organizer = Browser(app.test_client()).sign_in(bob)
    done = organizer.submit("/micro-hours/waiting", to="/record", micro_hour_ids=latest().id)
    assert done.status_code == 303 and latest().state == "recorded"


def test_the_own_phone_is_refused_in_words_and_nothing_is_kept(client, alice):
    member = Browser(client).sign_in(alice)
    member.submit("/micro-hours", to="/micro-hours", category="other")
    age(latest(), 30)
    member.submit("/micro-hours", to="/stop")
    link = f"/m/{latest().key}"
    answer = member.submit(link, to=link, mark="5")
    assert answer.status_code == 403 and "不能确认自己" in answer.text
    assert latest().confirmed_at is None


@pytest.mark.parametrize("key", ["x", "%00", "🙂" * 300])
def test_a_wrong_link_is_an_answer(client, key):
    assert client.get(f"/m/{key}").status_code in (400, 404)


def test_the_same_by_the_api(api, alice, bob):
    program = api(alice)
    begun = program.post("/me/micro-hours", json={"category": "repairs", "title": "修水龙头", "place": "3 号楼"})
    assert begun.status_code == 201 and begun.json["url"] is None
    assert program.post("/me/micro-hours", json={}).json["code"] == "micro_hour_running"
    age(latest(), 20)
    over = program.post("/me/micro-hours/stop").json
    path = "/micro-hour-links/" + over["url"].rpartition("/")[2]
    assert program.get(path).json["minutes"] == 20
    assert program.post(f"{path}/confirmation", json={"mark": 5}).json["code"] == "own_micro_hour"
    assert api(bob).post(f"{path}/confirmation", json={"mark": 5}).status_code == 201
    assert api(bob).get("/micro-hours").json["waiting"][0]["minutes"] == 20
    refused = api(bob).post("/micro-hours/record", json={"micro_hour_ids": [over["id"]]})
    assert refused.json["code"] == "micro_hour_needs_second"
    assert clock.now() - latest().started_at < timedelta(hours=1)
