"""The shape of boards at the border; points are hundredths."""

from marshmallow import Schema, fields, validate

from bank.boards.rules import MEASURES, PERIOD_KINDS, PERSONS, SUBJECTS
from bank.fields import Day, Flag, Instant, StrictInt

PERIOD_SHAPE = "^20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]|W[0-5][0-9]))?$"
VALUE = {"description": "Points in hundredths, whole minutes, stars or newcomers, as `measure` says."}


class BoardQuerySchema(Schema):
    """Who is ranked by what, in which period, such as 2026-W43, 2026-10, 2026-Q4, 2026-H2 or 2026, and of which unit."""

    subject = fields.String(load_default=PERSONS, validate=validate.OneOf(SUBJECTS))
    measure = fields.String(load_default="points", validate=validate.OneOf(MEASURES))
    period = fields.String(load_default=None, validate=validate.Regexp(PERIOD_SHAPE))
    unit_id = StrictInt(load_default=None, low=1)


class BoardRowSchema(Schema):
    """One place; equal values share a rank."""

    rank = StrictInt(required=True, low=1)
    name = fields.String(required=True, metadata={"description": "Of a person masked."})
    unit_name = fields.String(required=True)
    value = StrictInt(required=True, low=1, metadata=VALUE)
    people = StrictInt(required=True, allow_none=True, metadata={"description": "How many are behind a group's value."})


class OwnPlaceSchema(Schema):
    """Where the one who asks stands, or would stand if shown, and what is missing to the next place above."""

    rank = StrictInt(required=True, low=1)
    value = StrictInt(required=True, low=1, metadata=VALUE)
    to_next = StrictInt(required=True, low=1, allow_none=True)
    is_shown = Flag(required=True)


class BoardSchema(Schema):
    """The best of a period, of persons those who agreed to be shown, and the place of the one who asks."""

    subject = fields.String(required=True, attribute="asked.subject", validate=validate.OneOf(SUBJECTS))
    measure = fields.String(required=True, attribute="asked.measure", validate=validate.OneOf(MEASURES))
    period = fields.String(required=True, attribute="asked.period.label")
    kind = fields.String(required=True, attribute="asked.period.kind", validate=validate.OneOf(PERIOD_KINDS))
    starts_on = Day(required=True, attribute="asked.period.starts_on")
    ends_before = Day(required=True, attribute="asked.period.ends_on")
    unit_id = StrictInt(required=True, attribute="node.id")
    unit_name = fields.String(required=True, attribute="node.name")
    rows = fields.List(fields.Nested(BoardRowSchema), required=True)
    own = fields.Nested(OwnPlaceSchema, required=True, allow_none=True)
    as_of = Instant(required=True)
