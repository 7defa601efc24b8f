"""The shape of marks and of the words beside them at the border: marks are 1 to 5, means are hundredths of a mark."""

from marshmallow import Schema, fields

from bank.evaluations import rules
from bank.fields import Day, Instant, StrictInt


class Mark(StrictInt):
    """A mark from 1 to 5."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(low=rules.MARKS[-1], high=rules.MARKS[0], **kwargs)


class MarksSchema(Schema):
    """The marks of a service record; null where nobody gave one."""

    recipient = Mark(required=True, allow_none=True)
    leader = Mark(required=True, allow_none=True)
    completion = Mark(required=True, allow_none=True)


class MeanSchema(Schema):
    """A mean, and the number of marks it rests on."""

    hundredths = StrictInt(required=True, allow_none=True)
    count = StrictInt(required=True)


class MeansSchema(Schema):
    """A mean for each role."""

    recipient = fields.Nested(MeanSchema, required=True)
    leader = fields.Nested(MeanSchema, required=True)
    completion = fields.Nested(MeanSchema, required=True)


class ReceivedSchema(Schema):
    """What a member sees of one of their records; `marks` is null until `opens_at`, or until both sides have given theirs."""

    service_record_id = StrictInt(required=True, attribute="record.id")
    name = fields.String(required=True, attribute="record.service.name")
    served_on = Day(required=True, attribute="record.service.served_on")
    marks = fields.Nested(MarksSchema, required=True, allow_none=True)
    comments = fields.List(fields.String(), required=True)
    opens_at = Instant(required=True)


class AllReceivedSchema(Schema):
    """A member's marks, the newest first, and their means over all records that may be seen."""

    means = fields.Nested(MeansSchema, required=True)
    received = fields.List(fields.Nested(ReceivedSchema), required=True)
    next = fields.String(required=True, allow_none=True)
