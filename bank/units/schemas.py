"""The shape of units at the border."""

from marshmallow import Schema, fields, validate

from bank.fields import StrictInt, Text
from bank.units.models import UNIT_KINDS


class UnitNameSchema(Schema):
    """What a unit is called, and of which kind it is."""

    name = Text(required=True, low=1, high=100)
    kind = fields.String(required=True, validate=validate.OneOf(UNIT_KINDS))


class NewUnitSchema(UnitNameSchema):
    """A unit to be added below another."""

    parent_id = StrictInt(required=True, low=1)


class UnitSchema(Schema):
    """A unit of the organisation's tree; `path` names the ids of all above it, then its own."""

    id = StrictInt(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(UNIT_KINDS))
    parent_id = StrictInt(required=True, allow_none=True)
    path = fields.String(required=True)


class UnitsSchema(Schema):
    """A list of units, each after the one above it."""

    units = fields.List(fields.Nested(UnitSchema), required=True)
