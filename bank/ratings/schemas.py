"""The shape of rating rules and calculations at the border: whole minutes, scores from 0 to 100, marks from 1 to 5."""

from typing import Any

from marshmallow import Schema, fields, validate

from bank.fields import Day, Flag, Instant, StrictInt
from bank.ratings.rules import NUMBER_MAX, STARS_MAX

LEFT_OUT = ("no_minutes", "not_posted", "reversed", "later")


def row(*, low: int = STARS_MAX, high: int = STARS_MAX, **kwargs: Any) -> fields.List[int]:
    """One threshold per star."""
    return fields.List(StrictInt(high=NUMBER_MAX), validate=validate.Length(min=low, max=high), **kwargs)


class NewRatingRulesSchema(Schema):
    """What changes from a day to come; whatever is left out stays as it is before that day."""

    starts_on = Day(required=True)
    recipient_weight = StrictInt(high=1000)
    leader_weight = StrictInt(high=1000)
    completion_weight = StrictInt(high=1000)
    micro_minutes = row()
    micro_scores = row()
    rated_min = StrictInt(high=1000)
    few_rated_stars_max = StrictInt(high=STARS_MAX)
    honour_hours = row()
    fifth_by_decision = StrictInt(high=1, metadata={"description": "1: the fifth star needs a decision by two people."})
    medal_hours = row(low=0, high=3)
    community_services = row()
    community_evaluated = row()
    community_timely = row()
    timely_workdays = StrictInt(low=1, high=60)


class RatingRulesSchema(Schema):
    """One version of the rules; a year goes by the version in force on its 1 January."""

    version = StrictInt(required=True)
    starts_on = Day(required=True)
    recipient_weight = StrictInt(required=True)
    leader_weight = StrictInt(required=True)
    completion_weight = StrictInt(required=True)
    micro_minutes = row(required=True)
    micro_scores = row(required=True)
    rated_min = StrictInt(required=True)
    few_rated_stars_max = StrictInt(required=True)
    honour_hours = row(required=True)
    fifth_by_decision = StrictInt(required=True)
    medal_hours = row(low=0, high=3, required=True)
    community_services = row(required=True)
    community_evaluated = row(required=True)
    community_timely = row(required=True)
    timely_workdays = StrictInt(required=True)


class AllRatingRulesSchema(Schema):
    """All versions, the newest first."""

    rules = fields.List(fields.Nested(RatingRulesSchema), required=True)


class YearQuerySchema(Schema):
    """Which year; the present one when left out."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=2000, max=2100))  # An address holds text alone.


class RatedLineSchema(Schema):
    """One record that counts; `weighted` is minutes x score, `opens_on` the day from which a hidden mark counts."""

    record_id = StrictInt(required=True)
    name = fields.String(required=True)
    served_on = Day(required=True)
    minutes = StrictInt(required=True)
    recipient = StrictInt(required=True, allow_none=True)
    leader = StrictInt(required=True, allow_none=True)
    completion = StrictInt(required=True, allow_none=True)
    score = StrictInt(required=True, allow_none=True)
    weighted = StrictInt(required=True, allow_none=True)
    opens_on = Day(required=True, allow_none=True)


class LeftOutRecordSchema(Schema):
    """One record that does not count, and why."""

    record_id = StrictInt(required=True)
    name = fields.String(required=True)
    served_on = Day(required=True)
    minutes = StrictInt(required=True)
    why = fields.String(required=True, validate=validate.OneOf(LEFT_OUT))


class RatingSumsSchema(Schema):
    """What the lines come to; `score` is `weighted` by `rated_minutes`, rounded down."""

    services = StrictInt(required=True)
    minutes = StrictInt(required=True)
    rated = StrictInt(required=True)
    rated_minutes = StrictInt(required=True)
    weighted = StrictInt(required=True)
    score = StrictInt(required=True)


class RatingStepSchema(Schema):
    """One star: what it asks for, and what of it is missing."""

    star = StrictInt(required=True)
    minutes_min = StrictInt(required=True)
    score_min = StrictInt(required=True)
    rated_min = StrictInt(required=True)
    minutes_missing = StrictInt(required=True)
    score_missing = StrictInt(required=True)
    rated_missing = StrictInt(required=True)
    is_reached = Flag(required=True)


class RatingSchema(Schema):
    """A member's year with the whole calculation, from records to stars."""

    year = StrictInt(required=True)
    person_id = StrictInt(required=True, attribute="person.id")
    name = fields.String(required=True, attribute="person.name")
    is_in_service = Flag(required=True, attribute="person.is_in_service")
    stars = StrictInt(required=True, attribute="rating.stars")
    sums = fields.Nested(RatingSumsSchema, required=True, attribute="rating.sums")
    steps = fields.List(fields.Nested(RatingStepSchema), required=True, attribute="rating.steps")
    lines = fields.List(fields.Nested(RatedLineSchema), required=True)
    left_out = fields.List(fields.Nested(LeftOutRecordSchema), required=True)
    rules = fields.Nested(RatingRulesSchema, required=True)
    fixed_at = Instant(required=True, allow_none=True)


class PublishedRowSchema(Schema):
    """One member who agreed to public lists; the name is masked, the score rests on `rated` services."""

    name = fields.String(required=True)
    unit_name = fields.String(required=True)
    stars = StrictInt(required=True)
    minutes = StrictInt(required=True)
    score = StrictInt(required=True)
    rated = StrictInt(required=True)


class PublishedSchema(Schema):
    """A fixed year's members with stars, by name."""

    year = StrictInt(required=True)
    members = fields.List(fields.Nested(PublishedRowSchema), required=True)
