"""The organizer's table by plain forms: cards, photographs, links, by hand, undoing and deciding."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import qrcode
from flask import Flask

from bank.access.member_code import member_code
from bank.activities.models import Activity
from bank.attendance.queries import attendances_of
from bank.people.models import Person
from tests.attendance.scanning import code, take
from tests.browser import Browser

MINUTES = timedelta(minutes=1)


@pytest.fixture
def at() -> datetime:
    """Pages live in the present."""
    return datetime.now(UTC)


@pytest.fixture
def running(publish: Callable[..., Activity], at: datetime) -> Activity:
    """An activity that began half an hour ago."""
    return publish(starts_at=at - 30 * MINUTES, ends_at=at + 60 * MINUTES)


@pytest.fixture
def desk(app: Flask, bob: Person) -> Browser:
    """The organizer's browser."""
    return Browser(app.test_client()).sign_in(bob)


def photo(text: str) -> io.BytesIO:
    """A photograph of a QR code that lies a little aslant."""
    picture = qrcode.make(text).get_image().convert("RGB").rotate(9, expand=True, fillcolor="white")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    out.seek(0)
    return out


def test_a_photograph_of_a_card_checks_in(desk: Browser, running: Activity, alice: Person) -> None:
    action, fields = desk.form(f"/door/{running.id}", to="/photo")
    sent = fields | {"photo": (photo(alice.card_number), "card.jpg")}
    page = desk.client.post(action, data=sent, content_type="multipart/form-data", follow_redirects=True)
    assert page.status_code == 200 and "安丽" in page.text and "result-done" in page.text
    again = desk.client.post(
        action, data=fields | {"photo": (io.BytesIO(b"no picture"), "x.jpg"), "idempotency_key": "another-one"}
    )
    assert again.status_code == 400


def test_small_pictures_of_a_live_camera_are_read_and_nothing_else_is(
    desk: Browser, app: Flask, running: Activity, alice: Person
) -> None:
    _, fields = desk.form(f"/door/{running.id}", to="/card")
    jpeg = {"content_type": "image/jpeg", "headers": {"X-CSRFToken": fields["csrf_token"]}}
    looked_at = desk.client.post("/door/frames", data=photo(alice.card_number).read(), **jpeg)
    assert looked_at.json == {"codes": [alice.card_number]}
    assert "camera=(self)" in looked_at.headers["Permissions-Policy"]
    assert attendances_of(person_id=alice.id, activity_id=running.id) == []
    for content, status in ((b"", 400), (b"GIF89a\0", 400), (b"\xff" * 300_001, 413)):
        assert desk.client.post("/door/frames", data=content, **jpeg).status_code == status
    assert desk.client.post("/door/frames", data=photo(alice.card_number).read()).status_code == 400  # Without the page's token.


def test_a_members_link_leads_to_the_table_with_the_code_filled_in(
    desk: Browser, app: Flask, running: Activity, publish: Callable[..., Activity], charlie: Person, at: datetime
) -> None:
    own = Browser(app.test_client()).sign_in(charlie)
    assert "member-code" in own.get("/a/mine").text
    shown = member_code(charlie, at=datetime.now(UTC))
    page = desk.get(f"/door/m/{shown}", follow_redirects=True)
    assert f'value="{shown}"' in page.text
    assert attendances_of(person_id=charlie.id, activity_id=running.id) == []
    publish(name="另一项", starts_at=at - MINUTES, ends_at=at + 60 * MINUTES)
    assert "哪一项活动" in desk.get(f"/door/m/{shown}").text
    assert own.get(f"/door/m/{shown}").status_code == 403


def test_who_is_in_is_listed_let_out_by_hand_and_undone(desk: Browser, running: Activity, alice: Person, at: datetime) -> None:
    came = take(alice, at, code=code(running, at))
    now = f"/door/{running.id}/now"
    assert "安丽" in desk.get(now).text and "手工签到" in desk.get(f"{now}?q={alice.card_number[-4:]}").text
    out = desk.submit(now, to=f"/people/{alice.id}", reason="手机没电", kind="out")
    assert "签退成功" in desk.get(out.headers["Location"]).text
    action, fields = desk.form(now, to=f"/scans/{came.nonce}/undo")
    assert desk.client.post(action, data=fields | {"reason": "不在现场"}).status_code == 409  # The check-out came after it.


def test_an_organizer_decides_about_a_phone_that_two_used(desk: Browser, running: Activity, alice: Person, at: datetime) -> None:
    ahead = {"scanned_at": at + 30 * MINUTES, "sent_at": at + 35 * MINUTES}
    bob = running.leader
    waiting = take(bob, at, card=alice.card_number, activity_id=running.id, **ahead)
    assert "有 1 次扫码要核对" in desk.get(f"/activities/{running.id}/people").text
    assert "设备的时钟差了十分钟以上" in desk.get(f"/door/{running.id}/look").text
    assert desk.submit(f"/door/{running.id}/look", to=f"/look/{waiting.id}", is_accepted="1").status_code == 303
    assert len(attendances_of(person_id=alice.id, activity_id=running.id)) == 1


def test_the_kept_page_names_nobody_and_strangers_see_no_table(
    desk: Browser, app: Flask, running: Activity, alice: Person, at: datetime
) -> None:
    take(alice, at, code=code(running, at))
    page = desk.get(f"/door/{running.id}").text
    assert not any(name in page for name in ("安丽", "包博", alice.card_number))
    own = Browser(app.test_client()).sign_in(alice)
    for path in ("", "/now", "/look", "/state"):
        assert own.get(f"/door/{running.id}{path}").status_code == 403
    _, fields = own.form("/a/mine", to="/sign-out")
    assert own.client.post("/door/frames", headers={"X-CSRFToken": fields["csrf_token"]}).status_code == 403
    assert own.get("/door/worker.js").mimetype == "text/javascript"


def test_the_printed_code_is_a_sheet(desk: Browser, running: Activity) -> None:
    sheet = desk.get(f"/activities/{running.id}/static-code.pdf")
    assert (sheet.mimetype, sheet.data[:5]) == ("application/pdf", b"%PDF-")
    assert "<svg" in desk.get(f"/activities/{running.id}/static-code").text
