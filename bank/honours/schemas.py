"""The shape of awards and proposals at the border."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Flag, Instant, StrictInt, Text
from bank.honours.rules import CAUSES, KINDS, REASON_MAX


class AwardRevocationSchema(Schema):
    """How an award ended."""

    cause = fields.String(required=True, validate=validate.OneOf(CAUSES))
    reason = fields.String(required=True, allow_none=True)
    revoked_at = Instant(required=True)


class AwardSchema(Schema):
    """A star or medal, for the lifetime minutes there were on that day."""

    id = StrictInt(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    level = StrictInt(required=True)
    minutes = StrictInt(required=True)
    minutes_min = StrictInt(required=True)
    awarded_on = Day(required=True)
    revocation = fields.Nested(AwardRevocationSchema, required=True, allow_none=True)


class HonourSchema(Schema):
    """Stars reached (0 to 5) and the minutes missing to the next; waiting means the fifth still needs its decision."""

    stars = StrictInt(required=True, high=5)
    minutes = StrictInt(required=True)
    minutes_missing = StrictInt(required=True, allow_none=True)
    is_waiting = Flag(required=True)


class OwnAwardsSchema(Schema):
    """One's own honour, and every award with its end if it has one."""

    honour = fields.Nested(HonourSchema, required=True)
    awards = fields.List(fields.Nested(AwardSchema), required=True)


class NewProposalSchema(Schema):
    """To give the fifth star, or to take a star or medal away (`is_given` false)."""

    person_id = StrictInt(required=True, low=1)
    kind = fields.String(load_default="honour", validate=validate.OneOf(KINDS))
    level = StrictInt(load_default=5, low=1, high=5)
    is_given = Flag(load_default=False)
    reason = Text(required=True, low=1, high=REASON_MAX)


class ProposalAnswerSchema(Schema):
    """The second person's answer."""

    is_agreed = Flag(load_default=False)


class ProposalSchema(Schema):
    """A proposal, and its answer when there is one."""

    id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    name = fields.String(required=True, attribute="person.name")
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    level = StrictInt(required=True)
    is_given = Flag(required=True)
    reason = fields.String(required=True)
    proposed_at = Instant(required=True)
    proposed_by = fields.String(required=True, attribute="proposed_by.name")
    is_agreed = Flag(required=True, allow_none=True, attribute="answer.is_agreed", dump_default=None)
    answered_at = Instant(required=True, allow_none=True, attribute="answer.answered_at", dump_default=None)


class ProposalsSchema(Schema):
    """Proposals about members of one's units: those that wait first."""

    proposals = fields.List(fields.Nested(ProposalSchema), required=True)


class StarredRowSchema(Schema):
    """One star volunteer who agreed to public lists; the name is masked."""

    name = fields.String(required=True)
    unit_name = fields.String(required=True)
    stars = StrictInt(required=True)
    minutes = StrictInt(required=True, metadata={"description": "What the star asks for."})


class StarredSchema(Schema):
    """Star volunteers by name."""

    volunteers = fields.List(fields.Nested(StarredRowSchema), required=True)
