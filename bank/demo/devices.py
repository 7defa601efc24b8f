"""The devices of the cast's community, as its admin finds them: in use, waiting to join, revoked; and a program's token."""

from datetime import datetime, timedelta

from bank.access.actions import create_token, note_token
from bank.demo.town import Community, Town
from bank.devices import actions

# Name, what it is for, how many days ago it joined, how many minutes ago it was last used.
IN_USE = (("一楼大厅屏幕", "display", 210, 2), ("东门扫码枪", "check_in", 90, 35), ("一号柜台电脑", "counter", 120, 12))
WAITING, REVOKED = "二楼走廊屏幕", "旧大厅屏幕"


def equip(town: Town, *, at: datetime) -> None:
    """Let the first community's devices join in their time; nobody knows their tokens, so each can only be joined anew."""
    home = town.communities[0]
    _, old = _add(town, home, REVOKED, "display", at - timedelta(days=400))
    retired, _ = actions.join(code=old, at=at - timedelta(days=400))
    actions.revoke_device(by=town.admin, device_id=retired.id, at=at - timedelta(days=210))
    for name, scope, days, minutes in IN_USE:
        since = at - timedelta(days=days)
        device_id, code = _add(town, home, name, scope, since)
        actions.join(code=code, at=since)
        actions.note_device(device_id=device_id, at=at - timedelta(minutes=minutes))
    _add(town, home, WAITING, "display", at)
    _make_token(home, at)


def _add(town: Town, home: Community, name: str, scope: str, at: datetime) -> tuple[int, str]:
    device, code = actions.add_device(by=town.admin, unit_id=home.unit_id, name=name, scope=scope, at=at)
    return device.id, code


def _make_token(home: Community, at: datetime) -> None:
    owner, since = home.organizer, at - timedelta(days=30)
    token, _ = create_token(
        by=owner, person_id=owner.id, name="活动统计表", expires_at=at + timedelta(days=60), at=since, scopes=("read",)
    )
    note_token(token_id=token.id, at=at - timedelta(hours=20))
