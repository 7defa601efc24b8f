"""The shape of consents at the border."""

from marshmallow import Schema, fields, validate

from bank.consents.models import MANNERS, PURPOSES
from bank.fields import Flag, Instant, StrictInt


class DecisionSchema(Schema):
    """Consent given or withdrawn."""

    is_given = Flag(required=True)


class DecidedConsentSchema(Schema):
    """The decision that counts for a purpose."""

    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    is_given = Flag(required=True)
    decided_at = Instant(required=True)
    text_version = StrictInt(required=True)
    manner = fields.String(required=True, validate=validate.OneOf(MANNERS))
    is_by_guardian = Flag(required=True)


class ConsentHistorySchema(Schema):
    """Decisions, oldest first."""

    consents = fields.List(fields.Nested(DecidedConsentSchema), required=True)
