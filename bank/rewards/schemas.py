"""The shape of rewards and redemptions at the border; points are hundredths."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bank.fields import Day, Flag, Instant, Points, StrictInt, Text
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


class RewardsSchema(Schema):
    """A list of rewards."""

    rewards = fields.List(fields.Nested(RewardSchema), required=True)


class StockSchema(Schema):
    """Pieces that came in, or that are written off because they are spoilt, lost or miscounted."""

    kind = fields.String(load_default="received", validate=validate.OneOf(("received", "written_off")))
    quantity = StrictInt(required=True, low=1, high=rules.STOCK_MAX)
    reason = Text(required=True, low=1, high=rules.REASON_LENGTH)


class NewRedemptionSchema(Schema):
    """Who takes what: the member by id or card number, the reward by id or number."""

    person_id = StrictInt(low=1)
    card_number = fields.String(validate=validate.Length(min=1, max=30))
    reward_id = StrictInt(low=1)
    number = fields.String(validate=validate.Length(min=1, max=20))
    quantity = StrictInt(load_default=1, low=1, high=rules.QUANTITY_MAX)

    @validates_schema
    def _name_each_once(self, data: dict[str, object], **_: object) -> None:
        for names in (("person_id", "card_number"), ("reward_id", "number")):
            if sum(each in data for each in names) != 1:
                raise ValidationError("Name exactly one of the two.", field_name=names[0])


class UndoSchema(Schema):
    """Why a redemption is undone."""

    reason = Text(required=True, low=1, high=rules.REASON_LENGTH)


class RedemptionSchema(Schema):
    """A reward that was handed over; `undone_at` says that points and pieces went back."""

    id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    reward_id = StrictInt(required=True)
    quantity = StrictInt(required=True)
    points = Points(required=True)
    entry_id = StrictInt(required=True)
    handed_over_at = Instant(required=True)
    handed_over_by_id = StrictInt(required=True)
    undone_at = Instant(required=True, allow_none=True)
    undone_by_id = StrictInt(required=True, allow_none=True)
    undo_entry_id = StrictInt(required=True, allow_none=True)


class RedemptionsSchema(Schema):
    """A list of redemptions, the latest first."""

    redemptions = fields.List(fields.Nested(RedemptionSchema), required=True)


class DayQuerySchema(Schema):
    """A local day; without one, today."""

    day = Day(load_default=None)
