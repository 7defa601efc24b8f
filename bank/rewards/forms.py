"""The shape of what administrators type into the catalogue's pages."""

from marshmallow import Schema, fields

from bank.fields import Day, Points, StrictInt, Text
from bank.rewards import rules


class TermsSchema(Schema):
    """What can be changed of a reward; what is left empty is no condition."""

    name = Text(required=True, low=1, high=60)
    about = Text(load_default="", high=rules.ABOUT_LENGTH)
    points = Points(required=True, low=1, high=rules.POINTS_MAX)
    monthly_limit = StrictInt(load_default=None, low=1, high=rules.MONTHLY_LIMIT_MAX)
    offered_from = Day(load_default=None)
    offered_until = Day(load_default=None)
    stars_min = StrictInt(load_default=0, high=len(rules.STAR_MINUTES))
    age_min = StrictInt(load_default=None, high=rules.AGE_MAX)
    age_max = StrictInt(load_default=None, high=rules.AGE_MAX)


class PlacesSchema(Schema):
    """The counters at which a reward can be had."""

    counter_ids = fields.List(StrictInt(low=1), load_default=list)


class CounterSchema(Schema):
    """A counter to open."""

    unit_id = StrictInt(required=True, low=1)
    name = Text(required=True, low=1, high=rules.COUNTER_NAME_LENGTH)
