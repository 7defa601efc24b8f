"""The shape of orders at the border; instants are UTC, minutes are whole."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bank.fields import Flag, Instant, StrictInt, Text
from bank.hours.rules import BANNED_CATEGORIES, CATEGORIES
from bank.orders import rules

CATEGORY = validate.OneOf(CATEGORIES + BANNED_CATEGORIES)


class AskSchema(Schema):
    """What somebody asks for, without an account; the unit is the one on whose board the code hangs."""

    kind = fields.String(load_default="wish", validate=validate.OneOf(("wish", "service", "matter")))
    wish = Text(required=True, low=2, high=rules.WISH_MAX)
    menu_item_id = StrictInt(load_default=None, allow_none=True, low=1)
    phone = Text(load_default="", high=30)
    asker = Text(load_default="", high=50)
    address = Text(load_default="", high=100)
    wanted_for = Instant(load_default=None, allow_none=True)
    is_minor = Flag(load_default=False)


class NewOrderSchema(AskSchema):
    """What somebody who is signed in asks for, or asks on behalf of another."""

    kind = fields.String(load_default="wish", validate=validate.OneOf(rules.KINDS))
    unit_id = StrictInt(required=True, low=1)
    level = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(rules.LEVELS))
    title = Text(load_default=None, allow_none=True, high=rules.TITLE_MAX)
    is_for_myself = Flag(load_default=False)


class OrderMarkSchema(Schema):
    """How it was, 1 to 5, and whether the wall of wishes met may show it."""

    mark = StrictInt(required=True, low=1, high=5)
    is_shown = Flag(load_default=False)


class OrderWordsSchema(Schema):
    """Why, or what came of it."""

    words = Text(required=True, low=2, high=rules.WORDS_MAX)


class OptionalWordsSchema(Schema):
    """What may be said."""

    words = Text(load_default="", high=rules.WORDS_MAX)


class ServiceCodeSchema(Schema):
    """The asker's four digits for the start."""

    code = Text(required=True, low=1, high=10)


class EndCodeSchema(Schema):
    """The asker's four digits for the end; without them the asker's rating confirms the service."""

    code = Text(load_default="", high=10)


class LookSchema(Schema):
    """What the dispatcher sees in an order; `title` and `place` may be shown to everybody."""

    title = Text(required=True, low=2, high=rules.TITLE_MAX)
    place = Text(load_default="", high=rules.PLACE_MAX)
    is_urgent = Flag(load_default=False)
    is_important = Flag(load_default=False)
    category = fields.String(load_default="other", validate=CATEGORY)
    usual_minutes = StrictInt(load_default=60, low=15, high=rules.MINUTES_MAX)


class DispatchSchema(Schema):
    """Where an order goes: to a unit or team, or to the member of a card or phone number."""

    unit_id = StrictInt(load_default=None, allow_none=True, low=1)
    card_number = Text(load_default=None, allow_none=True, high=30)

    @validates_schema
    def _either(self, data: dict[str, object], **_: object) -> None:
        if (data["unit_id"] is None) == (not data["card_number"]):
            raise ValidationError("Name exactly one of the two.", field_name="unit_id")


class FirstOrderSchema(Schema):
    """Which order was the first."""

    first_id = StrictInt(required=True, low=1)


class OrderCallSchema(Schema):
    """What the asker said on the phone."""

    mark = StrictInt(required=True, low=1, high=5)
    called = Text(required=True, low=2, high=200)


class ClaimSchema(Schema):
    """For which unit."""

    unit_id = StrictInt(required=True, low=1)


class CarryOutSchema(Schema):
    """Which activity carries a project out."""

    activity_id = StrictInt(required=True, low=1)


class MenuItemInSchema(Schema):
    """A service for the menu."""

    unit_id = StrictInt(required=True, low=1)
    name = Text(required=True, low=2, high=rules.TITLE_MAX)
    category = fields.String(required=True, validate=CATEGORY)
    way = fields.String(required=True, validate=validate.OneOf(rules.WAYS))
    usual_minutes = StrictInt(required=True, low=15, high=rules.MINUTES_MAX)
    about = Text(load_default="", high=200)


class OfferSchema(Schema):
    """Whether an item can be asked for."""

    is_offered = Flag(load_default=False)


class MenuLinkSchema(Schema):
    """Which item of the menu a service of the catalogue stands for; none: it is agreed on at the counter."""

    menu_item_id = StrictInt(load_default=None, allow_none=True, low=1)


class ClockSchema(Schema):
    """How long each colour may wait, in minutes, and the hours of work, in minutes from midnight."""

    red_minutes = StrictInt(required=True, low=1, high=527_040)
    yellow_minutes = StrictInt(required=True, low=1, high=527_040)
    green_minutes = StrictInt(required=True, low=1, high=527_040)
    is_green_at_work = Flag(load_default=False)
    opens_minute = StrictInt(required=True, high=1439)
    closes_minute = StrictInt(required=True, low=1, high=1440)
    soon_minutes = StrictInt(required=True, low=1, high=527_040)
    done_days = StrictInt(required=True, low=1, high=366)


class MenuItemSchema(Schema):
    """A service that can be asked for."""

    id = StrictInt(required=True)
    unit_id = StrictInt(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    way = fields.String(required=True, validate=validate.OneOf(rules.WAYS))
    usual_minutes = StrictInt(required=True)
    about = fields.String(required=True)
    is_offered = fields.Boolean(required=True)


class MenuSchema(Schema):
    """What can be asked for."""

    items = fields.List(fields.Nested(MenuItemSchema), required=True)


class PublicOrderSchema(Schema):
    """An order as everybody may see it: never a name, and of a minor's wish nothing but the wish."""

    id = StrictInt(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    level = fields.String(required=True, allow_none=True, validate=validate.OneOf(rules.LEVELS))
    title = fields.String(required=True)
    place = fields.String(required=True, allow_none=True, attribute="shown_place")
    unit = fields.String(required=True, attribute="unit.name")
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    usual_minutes = StrictInt(required=True)
    wanted_for = Instant(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(rules.STATES))
    colour = fields.String(required=True, allow_none=True, validate=validate.OneOf(rules.COLOURS))


class PublicOrdersSchema(Schema):
    """Orders as everybody may see them."""

    orders = fields.List(fields.Nested(PublicOrderSchema), required=True)


class OpenOrdersSchema(Schema):
    """One page of the orders that a member may take, what is due first before the rest."""

    orders = fields.List(fields.Nested(PublicOrderSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})


class StepSchema(Schema):
    """A step of an order's life."""

    kind = fields.String(required=True, validate=validate.OneOf(rules.STEPS))
    state = fields.String(required=True, validate=validate.OneOf(rules.STATES))
    at = Instant(required=True)
    note = fields.String(required=True, allow_none=True)


class ContactSchema(Schema):
    """How the asker is reached, for who must know, while it lasts."""

    asker = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)


class OrderSchema(PublicOrderSchema):
    """An order as its dispatchers and its helper see it."""

    wish = fields.String(required=True)
    asked_at = Instant(required=True)
    due_at = Instant(required=True, allow_none=True)
    helper_id = StrictInt(required=True, allow_none=True)
    claimed_unit_id = StrictInt(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    is_paid = fields.Boolean(required=True)
    mark = StrictInt(required=True, allow_none=True)


class SightSchema(Schema):
    """An order, its contact for who must know, and its life."""

    order = fields.Nested(OrderSchema, required=True)
    contact = fields.Nested(ContactSchema, required=True, allow_none=True)
    steps = fields.List(fields.Nested(StepSchema), required=True, attribute="order.steps")


class OrderBoardSchema(Schema):
    """The dispatcher's board."""

    orders = fields.List(fields.Nested(OrderSchema), required=True)
    counts = fields.Dict(keys=fields.String(), values=StrictInt(), required=True)
    overdue_ids = fields.List(StrictInt(), required=True)
    soon_ids = fields.List(StrictInt(), required=True)


class OrderBoardQuerySchema(Schema):
    """Which orders are wanted."""

    state = fields.String(load_default=None, validate=validate.OneOf(rules.STATES))
    colour = fields.String(load_default=None, validate=validate.OneOf(rules.COLOURS))
    kind = fields.String(load_default=None, validate=validate.OneOf(rules.KINDS))


class FollowedSchema(Schema):
    """What the asker's link shows; the four digits are there while they are needed."""

    title = fields.String(required=True)
    wish = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    state = fields.String(required=True, validate=validate.OneOf(rules.STATES))
    due_at = Instant(required=True, allow_none=True)
    helper = fields.String(required=True, allow_none=True, metadata={"description": "Masked."})
    outcome = fields.String(required=True, allow_none=True)
    mark = StrictInt(required=True, allow_none=True)
    code = fields.String(required=True, metadata={"description": "The ten digits to type instead of the link."})
    start_code = fields.String(required=True, allow_none=True)
    end_code = fields.String(required=True, allow_none=True)
    url = fields.String(required=True)
