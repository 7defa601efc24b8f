"""The shape of redemptions, appointments and a counter's day at the border; points are hundredths."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bank.counter.rules import CONSENTS, NOTE_LENGTH, STATES, STEPS
from bank.fields import Day, Instant, Points, StrictInt, Text
from bank.rewards import rules


class NewRedemptionSchema(Schema):
    """Who takes what: the member by id or card number, the reward by id or number, and one way of consent.

    `code` is the rotating code on the phone, `pin` the member's PIN, `checked` what the clerk looked at to know the member;
    `shown_by_id` is who of the household came instead, and whose code, PIN or identity it then is.
    """

    person_id = StrictInt(low=1)
    card_number = fields.String(validate=validate.Length(min=1, max=30))
    reward_id = StrictInt(low=1)
    number = fields.String(validate=validate.Length(min=1, max=20))
    quantity = StrictInt(load_default=1, low=1, high=rules.QUANTITY_MAX)
    counter_id = StrictInt(load_default=None, allow_none=True, low=1)
    code = fields.String(validate=validate.Length(min=1, max=30))
    pin = fields.String(validate=validate.Length(min=1, max=20), load_only=True)
    checked = Text(low=1, high=NOTE_LENGTH)
    shown_by_id = StrictInt(load_default=None, allow_none=True, low=1)

    @validates_schema
    def _name_each_once(self, data: dict[str, object], **_: object) -> None:
        for names in (("person_id", "card_number"), ("reward_id", "number"), ("code", "pin", "checked")):
            if sum(each in data for each in names) != 1:
                raise ValidationError("Name exactly one of these.", field_name=names[0])


class UndoSchema(Schema):
    """Why a redemption is undone."""

    reason = Text(required=True, low=1, high=rules.REASON_LENGTH)


class StepSchema(Schema):
    """Something that happened to a redemption; `by_id` null is the bank itself."""

    kind = fields.String(required=True, validate=validate.OneOf(STEPS))
    at = Instant(required=True)
    by_id = StrictInt(required=True, allow_none=True)
    counter_id = StrictInt(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    entry_id = StrictInt(required=True, allow_none=True)


class RedemptionSchema(Schema):
    """A reward reserved or handed over; `undone_at` says that points and pieces went back."""

    id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    reward_id = StrictInt(required=True)
    counter_id = StrictInt(required=True)
    quantity = StrictInt(required=True)
    points = Points(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    made_at = Instant(required=True)
    entry_id = StrictInt(required=True)
    hold_ends_on = Day(required=True, allow_none=True)
    handed_over_at = Instant(required=True, allow_none=True)
    handed_over_by_id = StrictInt(required=True, allow_none=True)
    consent = fields.String(required=True, allow_none=True, validate=validate.OneOf(CONSENTS))
    fetched_by_id = StrictInt(required=True, allow_none=True)
    undone_at = Instant(required=True, allow_none=True)
    undone_by_id = StrictInt(required=True, allow_none=True)
    undo_entry_id = StrictInt(required=True, allow_none=True)


class RedemptionsSchema(Schema):
    """A list of redemptions, the latest first."""

    redemptions = fields.List(fields.Nested(RedemptionSchema), required=True)


class DayQuerySchema(Schema):
    """A local day; without one, today."""

    day = Day(load_default=None)
