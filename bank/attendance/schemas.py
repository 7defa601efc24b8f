"""The shape of attendance at the border; instants are UTC, minutes are whole, points are hundredths."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bank.activities.schemas import ActivitySchema
from bank.fields import Flag, Instant, Points, StrictInt, Text
from bank.hours.schemas import CutReasons

WAYS = ("link", "typed", "organizer")


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
