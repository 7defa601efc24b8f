"""The shape of consents at the border."""

from marshmallow import Schema, fields, validate

from bank.consents.models import PURPOSES
from bank.fields import Flag, Instant


class DecisionSchema(Schema):
    """Consent given or withdrawn."""

    is_given = Flag(required=True)


class ConsentSchema(Schema):
    """The decision that counts for a purpose."""

    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    is_given = Flag(required=True)
    decided_at = Instant(required=True)
