"""The shape of boards at the border; points are hundredths."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Instant, Points, StrictInt
from bank.statements.rules import PERIOD_MONTHS

PERIOD_SHAPE = "^20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$"


class BoardQuerySchema(Schema):
    """Which period, such as 2026-10, 2026-Q4, 2026-H2 or 2026 (this month when left out), and of which unit."""

    period = fields.String(load_default=None, validate=validate.Regexp(PERIOD_SHAPE))
    unit_id = StrictInt(load_default=None, low=1)


class BoardRowSchema(Schema):
    """One place; equal points share a rank."""

    rank = StrictInt(required=True, low=1)
    name = fields.String(required=True, metadata={"description": "Masked."})
    unit_name = fields.String(required=True)
    points = Points(required=True, low=1)


class BoardSchema(Schema):
    """The best of a period among those who agreed to be shown, and the place of the one who asks."""

    period = fields.String(required=True, attribute="period.label")
    kind = fields.String(required=True, attribute="period.kind", validate=validate.OneOf(list(PERIOD_MONTHS)))
    starts_on = Day(required=True, attribute="period.starts_on")
    ends_before = Day(required=True, attribute="period.ends_on")
    unit_id = StrictInt(required=True, attribute="unit.id")
    unit_name = fields.String(required=True, attribute="unit.name")
    rows = fields.List(fields.Nested(BoardRowSchema), required=True)
    own = fields.Nested(BoardRowSchema, required=True, allow_none=True)
    as_of = Instant(required=True)
