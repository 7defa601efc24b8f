"""The screen in the hall: by the device's own browser or by an address, both of which can be revoked."""

from datetime import timedelta

import pytest

from bank import clock
from bank.activities.actions import publish
from bank.activities.rules import NewActivity
from bank.db import transaction
from bank.devices import actions as devices
from bank.devices.rules import BadDeviceScope
from tests.browser import Browser


@pytest.fixture
def recent(alice, serve, consent):
    """alice is on this month's board."""
    consent(alice)
    return serve(alice, 95, clock.today().replace(day=1), at=clock.now())


@pytest.fixture
def screen(dave, community):
    """A screen of the community and the secret in its address."""
    with transaction():
        device, _ = devices.add_device(by=dave, unit_id=community.id, name="大厅屏幕", scope="display", at=clock.now())
    with transaction():
        return devices.give_address(by=dave, device_id=device.id, at=clock.now())


def test_a_screen_has_rows_and_no_menu(client, recent):
    page = client.get("/board/display").text
    assert "leaf-row" in page and "安*" in page and 'class="top"' not in page
    assert "<script>" not in page and "display.js" in page


def test_an_address_shows_the_boards_of_its_unit(client, recent, screen, community):
    page = client.get(f"/display/{screen[1]}").text
    assert "安*" in page and f"{community.name} · 个人积分榜" in page


def test_a_revoked_address_shows_nothing(client, recent, screen, dave):
    with transaction():
        devices.revoke_device(by=dave, device_id=screen[0].id, at=clock.now())
    answer = client.get(f"/display/{screen[1]}?frame=1")
    assert answer.status_code == 404 and "安*" not in answer.text


def test_a_new_address_ends_the_old_one(client, screen, dave):
    with transaction():
        _, secret = devices.give_address(by=dave, device_id=screen[0].id, at=clock.now())
    assert [client.get(f"/display/{each}").status_code for each in (screen[1], secret)] == [404, 200]


def test_an_address_opens_nothing_else(client, screen):
    answer = client.get("/api/v1/me/passbook", headers={"Authorization": f"Bearer {screen[1]}"})
    assert answer.status_code == 401


def test_only_a_screen_has_an_address(dave, community):
    with transaction():
        device, _ = devices.add_device(by=dave, unit_id=community.id, name="柜台", scope="counter", at=clock.now())
    with pytest.raises(BadDeviceScope), transaction():
        devices.give_address(by=dave, device_id=device.id, at=clock.now())


def test_the_admin_sees_the_address_once(client, screen, dave):
    shown = Browser(client).sign_in(dave).submit("/devices", to=f"/devices/{screen[0].id}/address")
    assert shown.status_code == 200 and "/display/device-" in shown.text


def test_an_unchanged_frame_is_not_sent_again(client, recent):
    first = client.get("/board/display?frame=1")
    again = client.get("/board/display?frame=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Bank-As-Of"] and again.headers["Bank-Release"] == first.headers["Bank-Release"]


def test_a_withdrawn_consent_holds_on_the_screen_at_once(client, alice, recent, consent):
    first = client.get("/board/display?frame=1")
    consent(alice, is_given=False)
    again = client.get("/board/display?frame=1", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200 and "安*" not in again.text


def test_the_weeks_activities_come_with_a_code_to_join(client, bob, community):
    starts_at = clock.now() + timedelta(days=2)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    new = NewActivity(
        name="周六清扫",
        category="environment",
        place="广场",
        content="清扫",
        capacity=9,
        unit_id=community.id,
        leader_id=bob.id,
        **times,
    )
    with transaction():
        publish(by=bob, new=new, at=clock.now())
    page = client.get("/board/display").text
    assert "周六清扫" in page and "扫码参加" in page and 'class="qr"' in page


def test_a_screen_that_nobody_let_in_is_sent_to_sign_in(client):
    assert client.get("/display").status_code == 303
