"""The shape of publicity and objections at the border; points are hundredths, minutes whole, instants UTC."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Flag, Instant, Points, StrictInt, Text
from bank.publicity.rules import STATES, WORDS_MAX


class ObjectionWordsSchema(Schema):
    """What a member adds to an objection; may be empty."""

    words = Text(load_default=None, allow_none=True, high=WORDS_MAX)


class ObjectionAnswerSchema(Schema):
    """The decision about an objection, with reasons."""

    is_taken_back = Flag(required=True)
    words = Text(required=True, low=1, high=WORDS_MAX)


class ObjectionSchema(Schema):
    """An objection, and its answer once there is one."""

    id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    raised_by_id = StrictInt(required=True)
    service_record_id = StrictInt(required=True, allow_none=True)
    part_id = StrictInt(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    words = fields.String(required=True, allow_none=True)
    raised_at = Instant(required=True)
    due_on = Day(required=True)
    held_points = Points(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)


class ObjectionsSchema(Schema):
    """Own objections, the latest first."""

    objections = fields.List(fields.Nested(ObjectionSchema), required=True)


class ObjectionsPageSchema(Schema):
    """One page of objections, what is due first at the top."""

    objections = fields.List(fields.Nested(ObjectionSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})


class PartSchema(Schema):
    """Own hours that are on show and not posted yet."""

    id = StrictInt(required=True)
    source = fields.String(required=True)
    minutes = StrictInt(required=True)
    points = Points(required=True)
    ends_on = Day(required=True, attribute="publicity.ends_on")


class PartsSchema(Schema):
    """Own hours on show, the latest first."""

    parts = fields.List(fields.Nested(PartSchema), required=True)


class ShownSchema(Schema):
    """A service on show: masked names of those who agreed, and how many others."""

    service = fields.String(required=True, attribute="service.name")
    starts_at = Instant(required=True, attribute="service.starts_at")
    unit = fields.String(required=True, attribute="publicity.unit.name")
    ends_on = Day(required=True, attribute="publicity.ends_on")
    lines = fields.Function(
        lambda shown: [{"name": name, "minutes": part.minutes} for name, part in shown.lines],
        metadata={"type": "array", "items": {"type": "object"}},
    )
    unnamed_count = StrictInt(required=True)
    unnamed_minutes = StrictInt(required=True)


class PublicitySchema(Schema):
    """What is on show now, what ends first at the top."""

    shown = fields.List(fields.Nested(ShownSchema), required=True)
