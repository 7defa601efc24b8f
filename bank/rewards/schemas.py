"""The shape of counters, rewards and stock at the border; points are hundredths."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Flag, Points, StrictInt, Text
from bank.rewards import rules


class NewRewardSchema(Schema):
    """A reward to be added; without a number it gets the next free one, without stock it does not run out."""

    unit_id = StrictInt(required=True, low=1)
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    name = Text(required=True, low=1, high=60)
    points = Points(required=True, low=1, high=rules.POINTS_MAX)
    number = fields.String(load_default=None, allow_none=True, validate=validate.Regexp("^[0-9]{2,8}$"))
    stock = StrictInt(load_default=None, allow_none=True, high=rules.STOCK_MAX)
    monthly_limit = StrictInt(load_default=rules.MONTHLY_LIMIT, allow_none=True, low=1, high=rules.MONTHLY_LIMIT_MAX)
    is_offered = Flag(load_default=True)
    about = Text(load_default="", high=rules.ABOUT_LENGTH)
    offered_from = Day(load_default=None, allow_none=True)
    offered_until = Day(load_default=None, allow_none=True)
    stars_min = StrictInt(load_default=0, high=len(rules.STAR_MINUTES))
    age_min = StrictInt(load_default=None, allow_none=True, high=rules.AGE_MAX)
    age_max = StrictInt(load_default=None, allow_none=True, high=rules.AGE_MAX)


class RewardSchema(Schema):
    """A reward of the catalogue; `stock` null does not run out, `monthly_limit` null has no limit."""

    id = StrictInt(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    name = fields.String(required=True)
    points = Points(required=True)
    stock = StrictInt(required=True, allow_none=True)
    monthly_limit = StrictInt(required=True, allow_none=True)
    unit_id = StrictInt(required=True)
    is_offered = Flag(required=True)
    about = fields.String(required=True)
    offered_from = Day(required=True, allow_none=True)
    offered_until = Day(required=True, allow_none=True)
    stars_min = StrictInt(required=True)
    age_min = StrictInt(required=True, allow_none=True)
    age_max = StrictInt(required=True, allow_none=True)
    counter_ids = fields.Function(
        lambda each: [place.id for place in each.counters], metadata={"type": "array", "items": {"type": "integer"}}
    )


class RewardsSchema(Schema):
    """A list of rewards."""

    rewards = fields.List(fields.Nested(RewardSchema), required=True)


class StockSchema(Schema):
    """Pieces that came in, as a batch at a counter, or that are written off, of one batch or of the oldest."""

    kind = fields.String(load_default="received", validate=validate.OneOf(("received", "written_off")))
    quantity = StrictInt(required=True, low=1, high=rules.STOCK_MAX)
    reason = Text(required=True, low=1, high=rules.REASON_LENGTH)
    counter_id = StrictInt(load_default=None, allow_none=True, low=1)
    label = Text(load_default="", high=rules.LABEL_LENGTH)
    best_before = Day(load_default=None, allow_none=True)
    batch_id = StrictInt(load_default=None, allow_none=True, low=1)
