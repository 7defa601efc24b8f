"""The shape of units at the border."""

from marshmallow import Schema, fields, validate

from bank.fields import Instant, StrictInt, Text
from bank.units.models import UNIT_KINDS


class UnitNameSchema(Schema):
    """What a unit is called, and of which kind it is."""

    name = Text(required=True, low=1, high=100)
    kind = fields.String(required=True, validate=validate.OneOf(UNIT_KINDS))


class NewUnitSchema(UnitNameSchema):
    """A unit to be added below another."""

    parent_id = StrictInt(required=True, low=1)


class RenameSchema(Schema):
    """What a unit is to be called."""

    name = Text(required=True, low=1, high=100)


class MoveSchema(Schema):
    """Where a unit is to stand."""

    parent_id = StrictInt(required=True, low=1)


class PlaceSchema(Schema):
    """What a unit was called and below which other it stood; until null, still."""

    name = fields.String(required=True)
    parent_id = StrictInt(required=True, allow_none=True)
    since_at = Instant(required=True)
    until_at = Instant(required=True, allow_none=True)


class PlacesSchema(Schema):
    """Where a unit stood, the latest first."""

    places = fields.List(fields.Nested(PlaceSchema), required=True)


class UnitSchema(Schema):
    """A unit of the organisation's tree; `path` names the ids of all above it, then its own."""

    id = StrictInt(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(UNIT_KINDS))
    parent_id = StrictInt(required=True, allow_none=True)
    path = fields.String(required=True)
    closed_at = Instant(required=True, allow_none=True)


class UnitsSchema(Schema):
    """A list of units, each after the one above it."""

    units = fields.List(fields.Nested(UnitSchema), required=True)
