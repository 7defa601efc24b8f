"""The admin of the demo town finds devices in every state, and a program's token."""

from datetime import datetime

from bank.access import queries as access
from bank.devices.queries import devices
from bank.people.models import Person


def test_the_admin_finds_devices_in_every_state(players: dict[str, Person]) -> None:
    seen = devices(by=players["admin"])
    assert {each.scope for each in seen if each.joined_at and not each.revoked_at} == {"display", "check_in", "counter"}
    assert [each.name for each in seen if not each.joined_at] == ["二楼走廊屏幕"]
    assert [each.name for each in seen if each.revoked_at] == ["旧大厅屏幕"]


def test_a_program_of_the_organizer_may_read_alone(players: dict[str, Person], at: datetime) -> None:
    [token] = access.tokens_seen(by=players["admin"])
    assert (token.person_id, token.scope_names) == (players["organizer"].id, ["read"])
    assert token.last_used_at is not None
    assert token.last_used_at < at
