"""The shape of a unit's lists of needs, problems and services at the border."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Flag, StrictInt, Text
from bank.hours.rules import CATEGORIES
from bank.orders import rules
from bank.orders.schemas import CATEGORY, OrderWordsSchema


class NewListEntrySchema(Schema):
    """A line of a unit's list for the quarter of a day."""

    unit_id = StrictInt(required=True, low=1)
    quarter = Day(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(rules.LIST_KINDS))
    category = fields.String(required=True, validate=CATEGORY)
    title = Text(required=True, low=2, high=rules.TITLE_MAX)
    about = Text(load_default="", high=rules.WORDS_MAX)


class PublishListsSchema(Schema):
    """Which unit's lists of which quarter everybody may see."""

    unit_id = StrictInt(required=True, low=1)
    quarter = Day(required=True)


class ListsPublishedSchema(Schema):
    """How many lines are new to everybody."""

    published = StrictInt(required=True)


class ListOutcomeSchema(OrderWordsSchema):
    """What came of a line."""

    is_met = Flag(load_default=False)


class ListEntrySchema(Schema):
    """A line of the lists."""

    id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")
    quarter = Day(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(rules.LIST_KINDS))
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    title = fields.String(required=True)
    about = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(rules.LIST_STATES))
    is_published = fields.Boolean(required=True)
    claimed_unit_id = StrictInt(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)


class ListLineSchema(Schema):
    """A line with what fits it."""

    entry = fields.Nested(ListEntrySchema, required=True)
    fits = fields.List(fields.Nested(ListEntrySchema), required=True)


class ListsSchema(Schema):
    """The lists of a quarter."""

    lines = fields.List(fields.Nested(ListLineSchema), required=True)


class ListsQuerySchema(Schema):
    """A day of the quarter that is wanted; the present one if none is named."""

    quarter = Day(load_default=None)
