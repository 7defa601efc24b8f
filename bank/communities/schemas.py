"""The shape of community stars at the border: counts, whole percents, whole minutes."""

from marshmallow import Schema, fields

from bank.fields import Flag, Instant, StrictInt


class CommunitySchema(Schema):
    """A community's year in numbers, and its stars."""

    unit_id = StrictInt(required=True)
    unit_name = fields.String(required=True, attribute="unit.name")
    year = StrictInt(required=True)
    services = StrictInt(required=True)
    timely = StrictInt(required=True)
    records = StrictInt(required=True)
    evaluated = StrictInt(required=True)
    minutes = StrictInt(required=True)
    stars = StrictInt(required=True)
    rule_version = StrictInt(required=True)


class CommunitiesSchema(Schema):
    """Communities in the order of the town; they are not ranked."""

    communities = fields.List(fields.Nested(CommunitySchema), required=True)


class CommunityStepSchema(Schema):
    """One star of a community: what it asks for, and what of it is there."""

    star = StrictInt(required=True)
    services_min = StrictInt(required=True)
    evaluated_min = StrictInt(required=True)
    timely_min = StrictInt(required=True)
    has_services = Flag(required=True)
    has_evaluated = Flag(required=True)
    has_timely = Flag(required=True)
    is_reached = Flag(required=True)


class CommunityFiguresSchema(Schema):
    """The numbers of the year; shares are whole percents, rounded down."""

    services = StrictInt(required=True)
    timely = StrictInt(required=True)
    timely_percent = StrictInt(required=True)
    records = StrictInt(required=True)
    evaluated = StrictInt(required=True)
    evaluated_percent = StrictInt(required=True)
    minutes = StrictInt(required=True)


class ExplainedCommunitySchema(Schema):
    """A community's year with every step; under so few ratings that `has_enough_ratings` is false there are no stars."""

    unit_id = StrictInt(required=True, attribute="unit.id")
    unit_name = fields.String(required=True, attribute="unit.name")
    year = StrictInt(required=True)
    stars = StrictInt(required=True, attribute="rating.stars")
    has_enough_ratings = Flag(required=True, attribute="rating.has_enough_ratings")
    figures = fields.Nested(CommunityFiguresSchema, required=True, attribute="rating.figures")
    steps = fields.List(fields.Nested(CommunityStepSchema), required=True, attribute="rating.steps")
    timely_workdays = StrictInt(required=True, attribute="rules.timely_workdays")
    rule_version = StrictInt(required=True, attribute="rules.version")
    fixed_at = Instant(required=True, allow_none=True)
