"""The shape of devices at the border."""

from marshmallow import Schema, fields, validate

from bank.devices.models import SCOPES
from bank.fields import Instant, StrictInt


class NewDeviceSchema(Schema):
    """A device to be added: what it is called, where it stands, what it is for."""

    name = fields.String(required=True, validate=validate.Length(max=60))
    unit_id = StrictInt(required=True, low=1)
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))


class DeviceSchema(Schema):
    """A device, without its token."""

    id = StrictInt(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    unit_id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    added_at = Instant(required=True)
    joined_at = Instant(required=True, allow_none=True)
    last_used_at = Instant(required=True, allow_none=True)
    revoked_at = Instant(required=True, allow_none=True)


class DevicesSchema(Schema):
    """Devices; the revoked ones last."""

    devices = fields.List(fields.Nested(DeviceSchema), required=True)


class WaitingDeviceSchema(Schema):
    """A device that waits for its code; `code` and `url` are shown this once."""

    device = fields.Nested(DeviceSchema, required=True)
    code = fields.String(required=True)
    url = fields.String(required=True)


class JoinSchema(Schema):
    """The code on the administrator's page."""

    code = fields.String(required=True, validate=validate.Length(max=40))


class JoinedSchema(Schema):
    """A device that has joined; its `token` is shown this once."""

    device = fields.Nested(DeviceSchema, required=True)
    token = fields.String(required=True)
