"""The shape of PINs at the border."""

from marshmallow import Schema, fields, validate


class PinSchema(Schema):
    """A new PIN of six digits."""

    pin = fields.String(required=True, validate=validate.Length(max=20))


class OwnPinSchema(PinSchema):
    """A new PIN for oneself, with the one that was valid so far."""

    old_pin = fields.String(required=True, validate=validate.Length(max=20))
