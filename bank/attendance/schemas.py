"""The shape of attendance at the border; instants are UTC, minutes are whole, points are hundredths."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bank.activities.schemas import ActivitySchema
from bank.attendance.rules import ACCEPTED, BATCH_MAX, REASON_MAX, REFUSED, SELF_WAYS
from bank.fields import Day, Flag, Instant, Points, StrictInt, Text
from bank.hours.schemas import CutReasons

KINDS = ("in", "out")
NONCE = "^[!-~]{8,80}$"
SCAN_WAYS = (*SELF_WAYS, "card", "phone", "list")
WAYS = (*SCAN_WAYS, "organizer")  # The last stands in what was written before there were scans.
LOOKS = ("same_device", "clock", "conflict")
ANSWERS = (*ACCEPTED, *(each.code for each in REFUSED), "nonce_reused", "scan_malformed", "scan_reason_missing", "role_missing")


class CodesSchema(Schema):
    """What the activity's screen shows now."""

    url = fields.String(required=True, metadata={"description": "What the QR code says."})
    code = fields.String(required=True)
    typed_code = fields.String(required=True, metadata={"description": "Six characters for those whose camera does not work."})
    seconds_left = StrictInt(required=True, metadata={"description": "Seconds until the code changes."})


class NewScanSchema(Schema):
    """One scan: the activity's `code` for oneself, a member's `card` (or phone code), or somebody from the list with a reason."""

    nonce = fields.String(required=True, validate=validate.Regexp(NONCE), metadata={"description": "Made new for each scan."})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    activity_id = StrictInt(low=1, metadata={"description": "Needed with `card` and `person_id`; `code` names it itself."})
    code = fields.String(validate=validate.Length(min=1, max=100))
    card = fields.String(validate=validate.Length(min=1, max=200))
    person_id = StrictInt(low=1)
    scanned_at = Instant(metadata={"description": "By the device's clock; without it, now."})
    sent_at = Instant(metadata={"description": "By the device's clock, so that the bank knows how wrong that is."})
    reason = Text(low=1, high=REASON_MAX)

    @validates_schema
    def _one_thing(self, data: dict[str, object], **_: object) -> None:
        named = {"code", "card", "person_id"} & set(data)
        if len(named) != 1:
            raise ValidationError("Name exactly one of code, card and person_id.", field_name="code")
        if named != {"code"} and "activity_id" not in data:
            raise ValidationError("Needed here.", field_name="activity_id")


class CheckInSchema(NewScanSchema):
    """A scan, and what the program that sends it calls the device it runs on, always the same."""

    device = fields.String(validate=validate.Length(min=1, max=60))


class ScanBatchSchema(Schema):
    """Scans that a device kept while it was away, in any order. What is no scan refuses itself and nothing else."""

    scans = fields.List(fields.Raw(allow_none=True), required=True, validate=validate.Length(min=1, max=BATCH_MAX))
    sent_at = Instant()
    device = fields.String(validate=validate.Length(min=1, max=60))


class ScanAnswerSchema(Schema):
    """The answer to one scan; the same bytes whenever the same scan comes again. A refusal has the shape of a problem as well."""

    type = fields.String()
    title = fields.String()
    status = StrictInt(required=True)
    code = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    accepted = fields.Boolean(required=True)
    final = fields.Boolean(required=True, metadata={"description": "True: sending it again gives this answer again."})
    detail = fields.String(required=True, metadata={"description": "In Chinese, with the next step in `next`."})
    next = fields.String(required=True)
    detail_en = fields.String(required=True)
    next_en = fields.String(required=True)
    nonce = fields.String(required=True, allow_none=True)
    kind = fields.String(validate=validate.OneOf((*KINDS, "undo")))
    way = fields.String(allow_none=True, validate=validate.OneOf(SCAN_WAYS))
    activity_id = StrictInt(allow_none=True)
    person_id = StrictInt(allow_none=True)
    name = fields.String(allow_none=True)
    scanned_at = Instant()
    received_at = Instant()
    counted_at = Instant(metadata={"description": "The instant that counts, by the bank's clock."})
    first_at = Instant(allow_none=True, metadata={"description": "When it was counted the first time."})
    gate = fields.String(allow_none=True, metadata={"description": "The device at which it was counted the first time."})
    look = fields.String(allow_none=True, validate=validate.OneOf(LOOKS))


class ScanRefusalSchema(ScanAnswerSchema):
    """A refused scan, or what is no scan at all, with messages by field name."""

    code = fields.String(metadata={"description": "One of the list above, or why it was no scan."})
    errors = fields.Dict()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, partial=True)


class ScanAnswersSchema(Schema):
    """One answer for each scan, in the order in which they were sent."""

    answers = fields.List(fields.Nested(ScanAnswerSchema), required=True)


class ScanUndoSchema(Schema):
    """Which scan to take back, by its nonce; a reason is needed later than 15 minutes."""

    nonce = fields.String(required=True, validate=validate.Regexp(NONCE))
    undoes = fields.String(required=True, validate=validate.Regexp(NONCE))
    reason = Text(load_default=None, allow_none=True, low=1, high=REASON_MAX)
    device = fields.String(validate=validate.Length(min=1, max=60))


class ScanSchema(Schema):
    """A scan as it was written down."""

    id = StrictInt(required=True)
    nonce = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf((*KINDS, "undo")))
    way = fields.String(required=True, allow_none=True, validate=validate.OneOf(SCAN_WAYS))
    person_id = StrictInt(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True, attribute="shown_name")
    by_id = StrictInt(required=True)
    device = fields.String(required=True, allow_none=True, attribute="device.name", dump_default=None)
    scanned_at = Instant(required=True)
    received_at = Instant(required=True)
    counted_at = Instant(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    look = fields.String(required=True, allow_none=True, validate=validate.OneOf(LOOKS))
    reason = fields.String(required=True, allow_none=True)


class ScansSchema(Schema):
    """One page of scans, the latest first."""

    scans = fields.List(fields.Nested(ScanSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})


class ScansToReviewSchema(Schema):
    """Scans that wait for a decision, in the order they came."""

    scans = fields.List(fields.Nested(ScanSchema), required=True, attribute="items")


class ScanReviewSchema(Schema):
    """What an organizer decides about a scan that is to be looked at."""

    is_accepted = Flag(required=True)
    reason = Text(load_default=None, allow_none=True, low=1, high=REASON_MAX)


class UndoFormSchema(Schema):
    """Why an organizer takes a scan back; within 15 minutes on the same device nobody asks."""

    reason = Text(load_default=None, low=0, high=REASON_MAX)


class ReviewFormSchema(Schema):
    """What an organizer decides, by one of two buttons."""

    is_accepted = Flag(required=True)
    reason = Text(load_default=None, low=0, high=REASON_MAX)


class DecidedSchema(Schema):
    """What was decided about a scan."""

    scan_id = StrictInt(required=True)
    is_accepted = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    decided_at = Instant(required=True)


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


class ConfirmationSchema(Schema):
    """What confirming did: records posted, own hours left for somebody else, people without a check-out."""

    activity = fields.Nested(ActivitySchema, required=True)
    record_count = StrictInt(required=True)
    left_out_ids = fields.List(StrictInt(), required=True)
    pending_count = StrictInt(required=True)
    shown_until = Day(required=True, allow_none=True, metadata={"description": "Public until this day; null: posted."})
