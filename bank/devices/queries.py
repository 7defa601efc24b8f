"""What can be asked about devices; nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bank.access.queries import secret_hash
from bank.db import db
from bank.devices import rules
from bank.devices.models import Device
from bank.people import queries as people
from bank.people.models import Person


def device(*, by: Person | None, device_id: int) -> Device:
    """One device of a unit where `by` is admin. Raises DeviceNotFound, also when out of sight."""
    found = db.session.get(Device, device_id)
    if found is None or not people.has_role(by, "admin", found.unit_id):
        raise rules.DeviceNotFound()
    return found


def devices(*, by: Person) -> Sequence[Device]:
    """The devices of all units where `by` is admin or auditor: those in use by unit and name, the revoked ones last."""
    held = [each.id for role in ("admin", "auditor") for each in people.units(by=by, role=role)]
    wanted = select(Device).where(Device.unit_id.in_(held)).options(selectinload(Device.unit))
    order = (Device.revoked_at.is_not(None), Device.unit_id, Device.name, Device.id)
    return db.session.scalars(wanted.order_by(*order)).all()


def device_of_secret(secret: str) -> Device | None:
    """The device with this token, unless it was revoked."""
    if not secret.startswith(rules.SECRET_PREFIX):
        return None
    return db.session.scalar(select(Device).where(Device.secret_hash == secret_hash(secret)))
