"""The shape of activities and attendance at the border; instants are UTC, minutes are whole, points are hundredths."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bank.activities import rules
from bank.fields import Flag, Instant, Points, StrictInt, Text
from bank.hours.rules import BANNED_CATEGORIES, CATEGORIES, DEFAULTS
from bank.hours.schemas import CutReasons
from bank.people.rules import mask_name

STATES = ("published", "confirmed", "cancelled")
WAYS = ("link", "typed", "organizer")


class NewActivitySchema(Schema):
    """An activity to be published before it starts; without a leader's card the publisher leads."""

    name = Text(required=True, low=2, high=100)
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES + BANNED_CATEGORIES))
    place = Text(required=True, low=2, high=100)
    content = Text(required=True, low=2, high=1000)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    break_minutes = StrictInt(load_default=0, high=1439)
    capacity = StrictInt(required=True, low=1, high=rules.CAPACITY_MAX)
    class_percent = StrictInt(
        load_default=DEFAULTS.class_percent_default, low=DEFAULTS.class_percent_min, high=DEFAULTS.class_percent_max
    )
    unit_id = StrictInt(required=True, low=1)
    leader_card_number = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=30))


class MaskedName(fields.String):
    """A name as others may read it."""

    def _serialize(self, value: str | None, attr: str | None, obj: object, **kwargs: object) -> str | None:
        return None if value is None else mask_name(value)


class ActivitySchema(Schema):
    """A published activity."""

    id = StrictInt(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    place = fields.String(required=True)
    content = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    break_minutes = StrictInt(required=True)
    capacity = StrictInt(required=True)
    class_percent = StrictInt(required=True)
    unit_id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")
    leader_id = StrictInt(required=True)
    leader = MaskedName(required=True, attribute="leader.name")
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    published_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)


class ActivitiesSchema(Schema):
    """One page of activities."""

    activities = fields.List(fields.Nested(ActivitySchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})


class CodesSchema(Schema):
    """What the activity's screen shows now."""

    url = fields.String(required=True, metadata={"description": "What the QR code says."})
    code = fields.String(required=True)
    typed_code = fields.String(required=True, metadata={"description": "Six characters for those whose camera does not work."})
    seconds_left = StrictInt(required=True, metadata={"description": "Seconds until the code changes."})


class ScanSchema(Schema):
    """A code from the screen, for oneself; or the card that a member shows to the organizer."""

    code = fields.String(validate=validate.Length(min=1, max=100))
    card_number = fields.String(validate=validate.Length(min=1, max=30))

    @validates_schema
    def _either(self, data: dict[str, object], **_: object) -> None:
        if ("code" in data) == ("card_number" in data):
            raise ValidationError("Name exactly one of the two.", field_name="code")


class AttendanceSchema(Schema):
    """One stay, from check-in to check-out."""

    id = StrictInt(required=True)
    activity_id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    pair = StrictInt(required=True)
    checked_in_at = Instant(required=True)
    checked_in_by = fields.String(required=True, validate=validate.OneOf(WAYS))
    checked_out_at = Instant(required=True, allow_none=True)
    checked_out_by = fields.String(required=True, allow_none=True, validate=validate.OneOf(WAYS))


class HoursSchema(Schema):
    """Minutes and points, recorded or foreseen, and what cut them."""

    present_minutes = StrictInt(required=True)
    minutes = StrictInt(required=True)
    points = Points(required=True)
    cut_reasons = CutReasons(required=True)


class PresenceSchema(Schema):
    """One person at an activity; without hours a check-out is missing."""

    person_id = StrictInt(required=True, attribute="person.id")
    name = fields.String(required=True, attribute="person.name")
    card_number = fields.String(required=True, attribute="person.card_number")
    state = fields.String(required=True, validate=validate.OneOf(("in", "out", "confirmed")))
    stays = fields.List(fields.Nested(AttendanceSchema), required=True, attribute="attendances")
    hours = fields.Nested(HoursSchema, required=True, allow_none=True)


class PresencesSchema(Schema):
    """Everybody who came, in order of names."""

    presences = fields.List(fields.Nested(PresenceSchema), required=True)


class ReasonSchema(Schema):
    """Why."""

    reason = Text(required=True, low=1, high=200)


class CardSchema(Schema):
    """A member's card at the organizer's table, coming or leaving."""

    card_number = Text(required=True, low=1, high=30)
    is_leaving = Flag(load_default=False)


class ConfirmationSchema(Schema):
    """What confirming did: records posted, own hours left for somebody else, people without a check-out."""

    activity = fields.Nested(ActivitySchema, required=True)
    record_count = StrictInt(required=True)
    left_out_ids = fields.List(StrictInt(), required=True)
    pending_count = StrictInt(required=True)
