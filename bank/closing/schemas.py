"""The shape of supplements and lateness at the border; instants are UTC, minutes whole."""

from marshmallow import Schema, fields, validate

from bank.closing.rules import PERSONS_MAX, STATES
from bank.fields import Day, Flag, Instant, StrictInt, Text
from bank.hours.rules import REASON_MAX


class NewSupplementSchema(Schema):
    """Time without scans for members, by their cards; without times the whole plan."""

    card_numbers = fields.List(
        fields.String(validate=validate.Length(min=1, max=30)), required=True, validate=validate.Length(min=1, max=PERSONS_MAX)
    )
    reason = Text(required=True, low=1, high=REASON_MAX)
    starts_at = Instant(load_default=None, allow_none=True)
    ends_at = Instant(load_default=None, allow_none=True)


class SupplementDecisionsSchema(Schema):
    """What a second person says to supplements."""

    supplement_ids = fields.List(StrictInt(low=1), required=True, validate=validate.Length(min=1, max=PERSONS_MAX))
    is_agreed = Flag(required=True)


class SupplementSchema(Schema):
    """Time that was asked for one member, and what was said to it."""

    id = StrictInt(required=True)
    activity_id = StrictInt(required=True)
    activity = fields.String(required=True, attribute="activity.name")
    person_id = StrictInt(required=True)
    name = fields.String(required=True, attribute="person.name")
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    is_bulk = fields.Boolean(required=True)
    asked_at = Instant(required=True)
    asked_by_id = StrictInt(required=True)
    decided_at = Instant(required=True, allow_none=True)
    decided_by_id = StrictInt(required=True, allow_none=True)


class SupplementsSchema(Schema):
    """Supplements that were asked or decided together."""

    supplements = fields.List(fields.Nested(SupplementSchema), required=True)


class SupplementsPageSchema(Schema):
    """One page of supplements, the newest first."""

    supplements = fields.List(fields.Nested(SupplementSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})


class LatenessSchema(Schema):
    """An activity with its last days and the working days each step is or was late."""

    activity_id = StrictInt(required=True, attribute="activity.id")
    activity = fields.String(required=True, attribute="activity.name")
    unit = fields.String(required=True, attribute="activity.unit.name")
    ended_at = Instant(required=True, attribute="activity.ends_at")
    confirm_on = Day(required=True, attribute="due.confirm_on")
    post_on = Day(required=True, attribute="due.post_on")
    confirm_late = StrictInt(required=True, attribute="due.confirm_late")
    post_late = StrictInt(required=True, attribute="due.post_late")
    posted_on = Day(required=True, allow_none=True)
    is_calendar_known = fields.Boolean(required=True)


class LateSchema(Schema):
    """What is or was late, the latest end first."""

    late = fields.List(fields.Nested(LatenessSchema), required=True)
