"""The shape of what one asks about one's own data, at the border."""

from marshmallow import Schema, fields, validate

from bank.fields import Instant, StrictInt


class OwnDataSchema(Schema):
    """Every row about a person, by table."""

    data = fields.Dict(keys=fields.String(), values=fields.List(fields.Dict()), required=True)


class FarewellSchema(Schema):
    """The PIN of who wants to be forgotten, so that nobody else does it for him."""

    pin = fields.String(required=True, validate=validate.Length(max=20))


class EndSchema(Schema):
    """How far an account is to end: closed with its past, or forgotten."""

    how = fields.String(required=True, validate=validate.OneOf(("close", "erase")))


class EndedSchema(Schema):
    """An account that has ended."""

    id = StrictInt(required=True)
    closed_at = Instant(required=True)
    erased_at = Instant(required=True, allow_none=True)
