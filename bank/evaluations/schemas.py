"""The shape of marks and of the words beside them at the border: marks are 1 to 5, means are hundredths of a mark."""

from typing import Any

from marshmallow import Schema, fields, validate

from bank.evaluations import rules
from bank.fields import WHOLE_MAX, Day, Flag, Instant, StrictInt, Text


class Mark(StrictInt):
    """A mark from 1 to 5."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(low=rules.MARKS[-1], high=rules.MARKS[0], **kwargs)


class MarksSchema(Schema):
    """The marks of a service record; null where nobody gave one."""

    recipient = Mark(required=True, allow_none=True)
    leader = Mark(required=True, allow_none=True)
    completion = Mark(required=True, allow_none=True)


class MarkMeanSchema(Schema):
    """A mean, and the number of marks it rests on."""

    hundredths = StrictInt(required=True, allow_none=True)
    count = StrictInt(required=True)


class MarkMeansSchema(Schema):
    """A mean for each role."""

    recipient = fields.Nested(MarkMeanSchema, required=True)
    leader = fields.Nested(MarkMeanSchema, required=True)
    completion = fields.Nested(MarkMeanSchema, required=True)


class ReceivedMarksSchema(Schema):
    """What a member sees of one of their records; `marks` is null until `opens_at`, or until both sides have given theirs."""

    service_record_id = StrictInt(required=True, attribute="record.id")
    name = fields.String(required=True, attribute="record.service.name")
    served_on = Day(required=True, attribute="record.service.served_on")
    marks = fields.Nested(MarksSchema, required=True, allow_none=True)
    comments = fields.List(fields.String(), required=True)
    opens_at = Instant(required=True)


class AllReceivedMarksSchema(Schema):
    """A member's marks, the newest first, and their means over all records that may be seen."""

    means = fields.Nested(MarkMeansSchema, required=True)
    received = fields.List(fields.Nested(ReceivedMarksSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class MarkExceptionSchema(Schema):
    """A mark that differs from the default."""

    record_id = StrictInt(required=True, low=1)
    role = fields.String(required=True, validate=validate.OneOf(rules.STAFF_ROLES))
    mark = Mark(required=True)


class ExceptionField(fields.Nested):
    """An exception; a form sends it as `12:leader:3`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MarkExceptionSchema, **kwargs)

    def from_text(self, text: str) -> object:
        """What one choice of a form means; anything else is refused by the schema."""
        record_id, _, rest = text.partition(":")
        role, _, mark = rest.partition(":")
        numbers = [StrictInt().from_text(each) for each in (record_id, mark)]
        return {"record_id": numbers[0], "role": role, "mark": numbers[1]}


class BulkMarksSchema(Schema):
    """Marks for everybody in a service: defaults where there is no mark yet, and exceptions from them."""

    leader = Mark(load_default=None, allow_none=True)
    completion = Mark(load_default=None, allow_none=True)
    exceptions = fields.List(ExceptionField(), load_default=list, validate=validate.Length(max=rules.EXCEPTIONS_MAX))


class MarksGivenSchema(Schema):
    """How many marks are new, and the records that were left out because the one who rates is too close to them."""

    mark_count = StrictInt(required=True)
    left_out_ids = fields.List(StrictInt(), required=True)


class MarkLineSchema(Schema):
    """One person of a service; the recipient's mark is null until it may be seen, `has_recipient` says whether there is one."""

    record_id = StrictInt(required=True, attribute="record.id")
    name = fields.String(required=True, attribute="record.person.name")
    minutes = StrictInt(required=True, attribute="record.minutes")
    marks = fields.Nested(MarksSchema, required=True)
    has_recipient = Flag(required=True)
    is_open = Flag(required=True)
    refusal = fields.String(required=True, allow_none=True, attribute="refusal.code", dump_default=None)


class MarkLinesSchema(Schema):
    """Everybody in a service, in order of names."""

    lines = fields.List(fields.Nested(MarkLineSchema), required=True)


class RatingCodeSchema(Schema):
    """A recipient's link, to be printed or sent; good for one mark until it expires."""

    record_id = StrictInt(required=True)
    url = fields.String(required=True)
    expires_at = Instant(required=True)


class RatingCodesSchema(Schema):
    """New links, one for each record that had none."""

    codes = fields.List(fields.Nested(RatingCodeSchema), required=True)


class RatingInvitedSchema(Schema):
    """What a recipient's link shows: the masked name, the service and the day; `mark` is null until it was given."""

    name = fields.String(required=True)
    service = fields.String(required=True)
    served_on = Day(required=True)
    mark = Mark(required=True, allow_none=True)
    may_comment = Flag(required=True)


class NewMarkSchema(Schema):
    """A recipient's mark."""

    mark = Mark(required=True)


class MarkCommentSchema(Schema):
    """Words beside a mark."""

    text = Text(required=True, low=1, high=rules.TEXT_MAX)


class RecipientCallSchema(Schema):
    """What a recipient said on the phone, and who was called."""

    mark = Mark(required=True)
    called = Text(required=True, low=1, high=rules.TEXT_MAX)
    comment = Text(load_default=None, allow_none=True, high=rules.TEXT_MAX)


class EvaluationSchema(Schema):
    """A row about a record: a mark, or the withdrawal of the row it supersedes."""

    id = StrictInt(required=True)
    record_id = StrictInt(required=True, attribute="service_record_id")
    role = fields.String(required=True, validate=validate.OneOf(rules.ROLES))
    mark = Mark(required=True, allow_none=True)
    way = fields.String(required=True, validate=validate.OneOf(rules.WAYS))
    given_by_id = StrictInt(required=True, allow_none=True)
    supersedes_id = StrictInt(required=True, allow_none=True)
    given_at = Instant(required=True)


class EvaluationsSchema(Schema):
    """The marks that a line of a list rests on, the newest first."""

    evaluations = fields.List(fields.Nested(EvaluationSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class NewMarkWithdrawalSchema(Schema):
    """Why a mark is to be taken back."""

    reason = fields.String(required=True, validate=validate.OneOf(rules.WITHDRAWAL_REASONS))


class MarkWithdrawalSchema(Schema):
    """A withdrawal that waits for a second person, or was decided."""

    id = StrictInt(required=True)
    evaluation_id = StrictInt(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(rules.WITHDRAWAL_REASONS))
    asked_by_id = StrictInt(required=True)
    asked_at = Instant(required=True)
    decided_by_id = StrictInt(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    is_agreed = Flag(required=True, allow_none=True)


class MarkWithdrawalsSchema(Schema):
    """Withdrawals, the oldest first."""

    withdrawals = fields.List(fields.Nested(MarkWithdrawalSchema), required=True)


class WithdrawalAgreementSchema(Schema):
    """What the second person says."""

    is_agreed = Flag(required=True)


class MarkCommentStateSchema(Schema):
    """A comment as its moderator sees it."""

    evaluation_id = StrictInt(required=True)
    text = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(rules.TEXT_STATES))
    written_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    decided_by_id = StrictInt(required=True, allow_none=True)


class MarkCommentsSchema(Schema):
    """Comments, the oldest first."""

    comments = fields.List(fields.Nested(MarkCommentStateSchema), required=True)


class MarkCommentQuerySchema(Schema):
    """Which comments are wanted."""

    state = fields.String(load_default="pending", validate=validate.OneOf(("pending", "shown", "refused")))


class MarkModerationSchema(Schema):
    """Whether a comment may be seen."""

    is_shown = Flag(required=True)


class MarkYearQuerySchema(Schema):
    """A calendar year; this one if it is left out."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=2000, max=2100))


class MarkRowsQuerySchema(MarkYearQuerySchema):
    """Which marks are wanted: of a year, by a person, about a member, or from one phone."""

    given_by_id = fields.Integer(load_default=None, validate=validate.Range(min=1, max=WHOLE_MAX))
    member_id = fields.Integer(load_default=None, validate=validate.Range(min=1, max=WHOLE_MAX))
    device = fields.String(load_default=None, validate=validate.Length(max=20))


class RaterOutlierSchema(Schema):
    """A rater whose mean lies a whole mark or more from that of the others in a community; `distance` in hundredths."""

    person_id = StrictInt(required=True, attribute="person.id")
    community_id = StrictInt(required=True, attribute="community.id")
    own = fields.Nested(MarkMeanSchema, required=True, attribute="rater.own")
    others = fields.Nested(MarkMeanSchema, required=True, attribute="rater.others")
    distance = StrictInt(required=True, attribute="rater.distance")


class FavourSchema(Schema):
    """What one gave the other, and what all others gave that member."""

    gave = fields.Nested(MarkMeanSchema, required=True)
    others_gave = fields.Nested(MarkMeanSchema, required=True)


class MutualPairSchema(Schema):
    """Two persons who gave each other at least two marks each: `there` from the first to the second, and `back`."""

    one_id = StrictInt(required=True, attribute="one.id")
    other_id = StrictInt(required=True, attribute="other.id")
    there = fields.Nested(FavourSchema, required=True)
    back = fields.Nested(FavourSchema, required=True)


class RatingPhoneSchema(Schema):
    """A browser that used five codes or more."""

    device = fields.String(required=True)
    member_count = StrictInt(required=True)
    given = fields.Nested(MarkMeanSchema, required=True)


class MarkFairnessSchema(Schema):
    """What an auditor may want to look into, in a year."""

    year = StrictInt(required=True)
    outliers = fields.List(fields.Nested(RaterOutlierSchema), required=True)
    mutual_pairs = fields.List(fields.Nested(MutualPairSchema), required=True)
    phones = fields.List(fields.Nested(RatingPhoneSchema), required=True)
