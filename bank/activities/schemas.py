"""The shape of activities and attendance at the border; instants are UTC, minutes are whole, points are hundredths."""

from marshmallow import EXCLUDE, Schema, fields, validate

from bank.activities import rules
from bank.fields import Day, Flag, Instant, StrictInt, Text
from bank.hours.rules import BANNED_CATEGORIES, CATEGORIES, DEFAULTS
from bank.people.rules import mask_name

STATES = ("published", "confirmed", "cancelled")


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
    leader_card_number = Text(load_default=None, allow_none=True, high=30)
    is_risky = Flag(load_default=False)
    insurance_number = Text(load_default=None, allow_none=True, high=rules.INSURANCE_MAX)


class NewSeriesSchema(NewActivitySchema):
    """Activities that repeat every so many weeks until a day, each at the same local time."""

    until_on = Day(required=True)
    every_weeks = StrictInt(load_default=1, low=1, high=rules.EVERY_WEEKS_MAX)


class ChangedActivitySchema(NewActivitySchema):
    """A plan as it is to be from now on, whole; without a leader's card the leader stays."""

    is_following = Flag(load_default=False, metadata={"description": "Change all that follow in the series as well."})


class DraftContentSchema(NewActivitySchema):
    """What of a plan is known so far; a draft may lack anything but its unit."""

    class Meta:
        """Nothing else is kept."""

        unknown = EXCLUDE

    every_weeks = StrictInt(load_default=0, high=rules.EVERY_WEEKS_MAX)
    until_on = Day(load_default=None, allow_none=True)


class DraftSchema(Schema):
    """A plan that is not published yet."""

    id = StrictInt(required=True)
    unit_id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")
    content = fields.Dict(required=True)
    saved_at = Instant(required=True)


class DraftsSchema(Schema):
    """Drafts, the latest first."""

    drafts = fields.List(fields.Nested(DraftSchema), required=True)


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
    series_id = StrictInt(required=True, allow_none=True)
    is_risky = fields.Boolean(required=True)
    published_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)


class ActivitiesSchema(Schema):
    """One page of activities."""

    activities = fields.List(fields.Nested(ActivitySchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})


class SomeActivitiesSchema(Schema):
    """Activities that were changed or published together, or begin in a span."""

    activities = fields.List(fields.Nested(ActivitySchema), required=True)


class ReasonSchema(Schema):
    """Why, and whether for all that follow in the series as well."""

    reason = Text(required=True, low=1, high=200)
    is_following = Flag(load_default=False)
