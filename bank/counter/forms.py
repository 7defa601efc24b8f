"""The shape of what clerks, supervisors and members type into the counter's pages."""

from marshmallow import Schema, fields, validate

from bank.counter import rules
from bank.fields import Flag, Instant, StrictInt, Text
from bank.rewards.rules import QUANTITY_MAX, REASON_LENGTH, STOCK_MAX


class PinSchema(Schema):
    """Who typed a PIN (None: the member) and which."""

    shower_id = StrictInt(load_default=None, low=1)
    pin = fields.String(required=True, validate=validate.Length(min=1, max=20))


class CheckSchema(Schema):
    """Whose identity was checked (None: the member's) and what was looked at."""

    shower_id = StrictInt(load_default=None, low=1)
    note = Text(required=True, low=1, high=rules.NOTE_LENGTH)


class ReasonSchema(Schema):
    """Why something is undone, returned, refused or opened again."""

    reason = Text(required=True, low=1, high=REASON_LENGTH)


class CancelSchema(Schema):
    """Why a reservation is given up; the member need not say."""

    reason = Text(load_default="", high=REASON_LENGTH)


class ApprovalSchema(Schema):
    """Whether what came back can be handed out again."""

    is_usable = Flag(load_default=False)


class ReservationSchema(Schema):
    """How many a member wants put aside, and where they will be fetched (None: at the reward's first counter)."""

    quantity = StrictInt(load_default=1, low=1, high=QUANTITY_MAX)
    counter_id = StrictInt(load_default=None, low=1)


class CountSchema(Schema):
    """How many pieces lie at the counter; a difference has a reason."""

    reward_id = StrictInt(required=True, low=1)
    counted = StrictInt(required=True, high=STOCK_MAX)
    reason = Text(load_default="", high=REASON_LENGTH)


class AgreementSchema(Schema):
    """When a community service is done, and by whom."""

    agreed_for = Instant(required=True)
    performer = Text(required=True, low=1, high=rules.PERFORMER_LENGTH)
    note = Text(load_default="", high=REASON_LENGTH)


class NoteSchema(Schema):
    """What may be said of a service that was done."""

    note = Text(load_default="", high=REASON_LENGTH)
