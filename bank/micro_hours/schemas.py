"""The shape of micro-hours at the border: instants are UTC, minutes are whole."""

from marshmallow import Schema, fields, validate

from bank.fields import Instant, StrictInt, Text
from bank.hours.rules import BANNED_CATEGORIES, CATEGORIES
from bank.micro_hours import rules


class StartMicroHourSchema(Schema):
    """What a member begins to do; title and place may be left to the kind of service and the community."""

    category = fields.String(load_default="other", validate=validate.OneOf(CATEGORIES + BANNED_CATEGORIES))
    title = Text(load_default="", high=rules.TITLE_MAX)
    place = Text(load_default="", high=rules.TITLE_MAX)


class MicroHourWordsSchema(Schema):
    """What was done, and where."""

    title = Text(required=True, low=1, high=rules.TITLE_MAX)
    place = Text(required=True, low=1, high=rules.TITLE_MAX)


class MicroHourSchema(Schema):
    """A micro-hour as its member sees it; `url` is for the recipient, until it is confirmed."""

    id = StrictInt(required=True)
    state = fields.String(required=True, validate=validate.OneOf(rules.STATES))
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    title = fields.String(required=True)
    place = fields.String(required=True)
    minutes_max = StrictInt(required=True)
    started_at = Instant(required=True)
    stopped_at = Instant(required=True, allow_none=True)
    confirmed_at = Instant(required=True, allow_none=True)
    confirmed_way = fields.String(required=True, allow_none=True, validate=validate.OneOf(rules.WAYS))
    reason = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)


class MicroHoursSchema(Schema):
    """What runs, and the latest that are over."""

    running = fields.Nested(MicroHourSchema, required=True, allow_none=True)
    micro_hours = fields.List(fields.Nested(MicroHourSchema), required=True)


class MicroHourShownSchema(Schema):
    """What the recipient's link shows."""

    name = fields.String(required=True, metadata={"description": "Masked."})
    title = fields.String(required=True)
    started_at = Instant(required=True)
    minutes = StrictInt(required=True)
    state = fields.String(required=True, validate=validate.OneOf(rules.STATES))
    mark = StrictInt(required=True, allow_none=True)


class MicroHourMarkSchema(Schema):
    """How the recipient found it, 1 to 5; sending it says that it took place."""

    mark = StrictInt(required=True, low=1, high=5)


class MicroHourCallSchema(Schema):
    """Who was called, or why something is refused."""

    reason = Text(required=True, low=1, high=200)


class MicroHourIdsSchema(Schema):
    """Which micro-hours are recorded, at once."""

    micro_hour_ids = fields.List(
        StrictInt(low=1), required=True, validate=validate.Length(min=1, max=rules.RECORDED_MAX)
    )  # fmt: skip


class MicroHoursRecordedSchema(Schema):
    """How many are recorded, and whose wait for somebody else."""

    record_count = StrictInt(required=True)
    left_out_ids = fields.List(StrictInt(), required=True)


class WaitingMicroHourSchema(Schema):
    """A micro-hour that waits for an organizer."""

    id = StrictInt(required=True, attribute="micro_hour.id")
    person_id = StrictInt(required=True, attribute="micro_hour.person_id")
    name = fields.String(required=True, attribute="micro_hour.person.name")
    unit = fields.String(required=True, attribute="micro_hour.unit.name")
    category = fields.String(required=True, attribute="micro_hour.category")
    title = fields.String(required=True, attribute="micro_hour.title")
    place = fields.String(required=True, attribute="micro_hour.place")
    started_at = Instant(required=True, attribute="micro_hour.started_at")
    minutes = StrictInt(required=True)
    confirmed_way = fields.String(required=True, allow_none=True, attribute="micro_hour.confirmed_way")
    is_in_office_hours = fields.Boolean(required=True)
    same_device = StrictInt(required=True)


class WaitingMicroHoursSchema(Schema):
    """What waits, confirmed ones first."""

    waiting = fields.List(fields.Nested(WaitingMicroHourSchema), required=True)
