"""The shape of sheets for the home unit at the border."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Instant, StrictInt
from bank.hours.rules import CATEGORIES


class FeedbackKindSchema(Schema):
    """Minutes of one kind of service."""

    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    minutes = StrictInt(required=True)


class FeedbackContentSchema(Schema):
    """All that the home unit learns; no score under three ratings."""

    services = StrictInt(required=True)
    minutes = StrictInt(required=True)
    kinds = fields.List(fields.Nested(FeedbackKindSchema), required=True)
    rated = StrictInt(required=True)
    score = StrictInt(required=True, allow_none=True)


class FeedbackSheetSchema(Schema):
    """A quarter for the home unit: shown to the member at once, there from `leaves_on` on unless it is held back."""

    id = StrictInt(required=True)
    name = fields.String(required=True, attribute="person.name")
    home_unit = fields.String(required=True, attribute="home_unit.name")
    quarter = Day(required=True, metadata={"description": "Its first day."})
    content = fields.Nested(FeedbackContentSchema, required=True)
    shown_at = Instant(required=True)
    leaves_on = Day(required=True)
    left_at = Instant(required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)


class FeedbackSheetsSchema(Schema):
    """Sheets, the newest quarter first."""

    sheets = fields.List(fields.Nested(FeedbackSheetSchema), required=True)
