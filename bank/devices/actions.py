"""Everything that changes devices. `by=None` is the operator at the machine."""

import secrets
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import update

from bank.access.queries import keyed_hash, secret_hash
from bank.db import db, random_key
from bank.devices import queries, rules
from bank.devices.models import SCOPES, Device
from bank.people import changes
from bank.people import queries as people
from bank.people.actions import CHANCE
from bank.people.models import Person
from bank.units.queries import unit
from bank.units.rules import clean_unit_name


def add_device(
    *, by: Person | None, unit_id: int, name: str, scope: str, at: datetime, chance: Random = CHANCE
) -> tuple[Device, str]:
    """Add a device of a unit, and the code with which it joins within ten minutes; the code is nowhere kept.

    Raises UnitNotFound, RoleMissing unless `by` is admin there, BadUnitName, BadDeviceScope.
    """
    place = unit(unit_id)
    people.require_role(by, "admin", place.id)
    if scope not in SCOPES:
        raise rules.BadDeviceScope()
    name = clean_unit_name(name)[:60]
    device = Device(key=random_key(), unit_id=place.id, name=name, scope=scope, added_at=at, added_by_id=by.id if by else None)
    db.session.add(device)
    db.session.flush()  # A code needs its device.
    changes.record(by=by, subject=_subject(device), what="add_device", before={}, after={"name": name, "scope": scope}, at=at)
    return device, _new_code(device, at, chance)


def renew_code(*, by: Person | None, device_id: int, at: datetime, chance: Random = CHANCE) -> tuple[Device, str]:
    """Another code for a device that came too late or lost its token; the old token counts until the new code is used.

    Raises DeviceNotFound, DeviceRevoked.
    """
    device = _locked(by, device_id)
    if device.revoked_at is not None:
        raise rules.DeviceRevoked()
    return device, _new_code(device, at, chance)


def join(*, code: str, at: datetime) -> tuple[Device, str]:
    """Let the device that shows this code have its token, which is nowhere kept; the code is then used up.

    Raises JoinCodeNotFound.
    """
    secret = rules.SECRET_PREFIX + secrets.token_urlsafe(32)
    digits = rules.typed_digits(code)
    waiting = update(Device).where(
        Device.code_hash == keyed_hash(digits), Device.code_expires_at > at, Device.revoked_at.is_(None)
    )
    joined = waiting.values(code_hash=None, code_expires_at=None, secret_hash=secret_hash(secret), joined_at=at, last_used_at=at)
    # Two screens may type the same code at once; the row lets one of them through.
    device_id = db.session.scalar(joined.returning(Device.id)) if digits else None
    if device_id is None:
        raise rules.JoinCodeNotFound()
    return db.session.get_one(Device, device_id, populate_existing=True), secret


def give_address(*, by: Person | None, device_id: int, at: datetime) -> tuple[Device, str]:
    """Let a screen be opened by an address alone, on which nothing can be typed; the token in it is nowhere kept.

    The address or browser that the screen had before ends. Raises DeviceNotFound, DeviceRevoked, BadDeviceScope for others.
    """
    device = _locked(by, device_id)
    if device.revoked_at is not None:
        raise rules.DeviceRevoked()
    if device.scope != "display":
        raise rules.BadDeviceScope()
    secret = rules.SECRET_PREFIX + secrets.token_urlsafe(32)
    device.secret_hash, device.joined_at, device.code_hash, device.code_expires_at = secret_hash(secret), at, None, None
    changes.record(by=by, subject=_subject(device), what="give_address", before={}, after={"name": device.name}, at=at)
    db.session.flush()
    return device, secret


def revoke_device(*, by: Person | None, device_id: int, at: datetime) -> Device:
    """End a device at once; ending it again changes nothing. Raises DeviceNotFound."""
    device = _locked(by, device_id)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by_id = at, by.id if by else None
        device.secret_hash = device.code_hash = device.code_expires_at = None
        changes.record(by=by, subject=_subject(device), what="revoke_device", before={"name": device.name}, after={}, at=at)
        db.session.flush()
    return device


def note_device(*, device_id: int, at: datetime) -> None:
    """Write down that a device was used; once in ten minutes is enough to see which ones live."""
    is_due = Device.last_used_at.is_(None) | (Device.last_used_at < at - rules.LOOKED_AT_EVERY)
    db.session.execute(update(Device).where(Device.id == device_id, is_due).values(last_used_at=at))


def _locked(by: Person | None, device_id: int) -> Device:
    device = queries.device(by=by, device_id=device_id)
    db.session.refresh(device, with_for_update=True)
    return device


def _new_code(device: Device, at: datetime, chance: Random) -> str:
    code = rules.random_digits(chance)
    device.code_hash, device.code_expires_at = keyed_hash(code), at + timedelta(minutes=rules.CODE_MINUTES)
    db.session.flush()
    return code


def _subject(device: Device) -> changes.Subject:
    return changes.Subject("device", device.key, device.unit_id)
