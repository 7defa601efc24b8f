"""Devices, as JSON; a device shows its token as `Authorization: Bearer`, or as `Bank-Device` beside a person's."""

from typing import Any

from flask import g

from bank import clock
from bank.devices import actions, queries, schemas
from bank.devices.models import Device
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.guessing import slow_to_guess
from bank.web.idempotency import shows_once, writes
from bank.web.links import public_url

bp = blueprint("devices", "Scanners, counters and screens: joined by one code, seen with their last use, revoked at once.")


@bp.get("/devices")
@access("admin", "auditor")
@bp.response(200, schemas.DevicesSchema)
def devices() -> dict[str, Any]:
    """The devices of one's units; the revoked ones last."""
    return {"devices": queries.devices(by=g.person)}


@bp.post("/devices")
@access("admin")
@writes
@shows_once
@bp.arguments(schemas.NewDeviceSchema)
@bp.response(201, schemas.WaitingDeviceSchema)
def add_device(new: dict[str, Any]) -> dict[str, Any]:
    """Add a device; the code with which it joins within ten minutes is shown this once."""
    return _waiting(*actions.add_device(by=g.person, at=clock.now(), **new))


@bp.post("/devices/<int:device_id>/code")
@access("admin")
@writes
@shows_once
@bp.response(200, schemas.WaitingDeviceSchema)
def renew_code(device_id: int) -> dict[str, Any]:
    """Another code for a device that is to join again; its old token counts until then."""
    return _waiting(*actions.renew_code(by=g.person, device_id=device_id, at=clock.now()))


@bp.post("/devices/<int:device_id>/revoke")
@access("admin")
@writes
@bp.response(200, schemas.DeviceSchema)
def revoke_device(device_id: int) -> Device:
    """End a device at once."""
    return actions.revoke_device(by=g.person, device_id=device_id, at=clock.now())


@bp.post("/devices/join")
@access("public")
@slow_to_guess
@writes
@shows_once
@bp.arguments(schemas.JoinSchema)
@bp.response(200, schemas.JoinedSchema)
def join(asked: dict[str, str]) -> dict[str, Any]:
    """Join as the device that waits for this code; its token is shown this once."""
    device, secret = actions.join(code=asked["code"], at=clock.now())
    return {"device": device, "token": secret}


def _waiting(device: Device, code: str) -> dict[str, Any]:
    return {"device": device, "code": code, "url": public_url("devices.join_form", code=code)}
