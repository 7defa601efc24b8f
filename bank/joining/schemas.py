"""The shape of places and waiting lists at the border; instants are UTC."""

from marshmallow import Schema, fields, validate

from bank.activities.schemas import ActivitySchema
from bank.fields import Flag, Instant, StrictInt
from bank.joining.rules import STATES, WAYS

TEAM_MAX = 200


class NewActivityJoinSchema(Schema):
    """Joining for oneself, or for a child of one's own; in office hours with the workplace's consent."""

    person_id = StrictInt(load_default=None, allow_none=True, low=1)
    is_workplace_agreed = Flag(load_default=False)


class CardJoinSchema(Schema):
    """Somebody whom the organizer takes in, by card."""

    card_number = fields.String(required=True, validate=validate.Length(min=1, max=30))
    is_workplace_agreed = Flag(load_default=False)


class TeamJoinSchema(Schema):
    """Members of a team who come together."""

    team_id = StrictInt(required=True, low=1)
    person_ids = fields.List(StrictInt(low=1), required=True, validate=validate.Length(min=1, max=TEAM_MAX))
    is_workplace_agreed = Flag(load_default=False)


class ActivityLeaveSchema(Schema):
    """Who leaves: oneself, or a child of one's own."""

    person_id = StrictInt(load_default=None, allow_none=True, low=1)


class ActivityJoinSchema(Schema):
    """One person's place, or place in the waiting list."""

    id = StrictInt(required=True)
    activity_id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    team_id = StrictInt(required=True, allow_none=True)
    is_workplace_agreed = fields.Boolean(required=True)
    asked_at = Instant(required=True)
    joined_at = Instant(required=True, allow_none=True)


class ParticipantSchema(ActivityJoinSchema):
    """A place with the name, for the organizers."""

    name = fields.String(required=True, attribute="person.name")
    card_number = fields.String(required=True, attribute="person.card_number")


class ParticipantsSchema(Schema):
    """Who has a place, then who waits, each in order."""

    joins = fields.List(fields.Nested(ParticipantSchema), required=True)


class ActivityJoinsSchema(Schema):
    """The places that a team was given, in order."""

    joins = fields.List(fields.Nested(ActivityJoinSchema), required=True)


class OwnJoinSchema(ActivityJoinSchema):
    """An own place with its activity."""

    activity = fields.Nested(ActivitySchema, required=True)


class OwnJoinsSchema(Schema):
    """What one has joined or waits for, the next first."""

    joins = fields.List(fields.Nested(OwnJoinSchema), required=True)
