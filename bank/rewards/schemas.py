"""The shape of counters, rewards and stock at the border; points are hundredths."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Flag, Instant, Points, StrictInt, Text
from bank.rewards import rules
from bank.rewards.models import MOVEMENT_KINDS


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


class RewardOfferSchema(Schema):
    """Whether a reward can be taken, or is hidden."""

    is_offered = Flag(required=True)


class RewardPlacesSchema(Schema):
    """At which counters a reward can be had."""

    counter_ids = fields.List(StrictInt(low=1), required=True, validate=validate.Length(min=1, max=200))


class NewCounterSchema(Schema):
    """A counter to open at a unit."""

    unit_id = StrictInt(required=True, low=1)
    name = Text(required=True, low=2, high=rules.COUNTER_NAME_LENGTH)


class CounterSchema(Schema):
    """A place where rewards are handed out."""

    id = StrictInt(required=True)
    unit_id = StrictInt(required=True)
    name = fields.String(required=True)
    closed_at = Instant(required=True, allow_none=True)


class CountersSchema(Schema):
    """The open counters where the one who asks is staff."""

    counters = fields.List(fields.Nested(CounterSchema), required=True)


class PostSchema(Schema):
    """Who is to hand out at one counter."""

    person_id = StrictInt(required=True, low=1)


class StockCountSchema(Schema):
    """How many pieces of a reward lie at a counter, those put aside included."""

    reward_id = StrictInt(required=True, low=1)
    counted = StrictInt(required=True, high=rules.STOCK_MAX)
    reason = Text(load_default="", high=rules.REASON_LENGTH)


class CountedSchema(Schema):
    """What was counted, and what the books said."""

    id = StrictInt(required=True)
    counter_id = StrictInt(required=True)
    reward_id = StrictInt(required=True)
    day = Day(required=True)
    expected = StrictInt(required=True)
    counted = StrictInt(required=True)
    reason = fields.String(required=True, allow_none=True)
    counted_at = Instant(required=True)


class BatchSchema(Schema):
    """Pieces of a batch at a counter: free ones, and those that wait for who reserved them."""

    id = StrictInt(required=True)
    counter_id = StrictInt(required=True)
    label = fields.String(required=True)
    best_before = Day(required=True, allow_none=True)
    free = StrictInt(required=True)
    held = StrictInt(required=True)


class MovementSchema(Schema):
    """Pieces that came, went or were put aside."""

    batch_id = StrictInt(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(MOVEMENT_KINDS))
    free = fields.Integer(required=True)
    held = fields.Integer(required=True)
    redemption_id = StrictInt(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    moved_at = Instant(required=True)
    moved_by_id = StrictInt(required=True, allow_none=True)


class RewardPriceSchema(Schema):
    """What a reward costs from an instant on."""

    points = Points(required=True)
    since_at = Instant(required=True)


class StockReportSchema(Schema):
    """A reward's batches, oldest first, its latest movements, and its prices, the present one first."""

    batches = fields.List(fields.Nested(BatchSchema), required=True)
    movements = fields.List(fields.Nested(MovementSchema), required=True)
    prices = fields.List(fields.Nested(RewardPriceSchema), required=True)
