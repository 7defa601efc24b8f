"""The shape of passbooks and statements at the border; points are hundredths, months are 2026-10."""

from marshmallow import Schema, fields, validate

from bank.fields import WHOLE_MAX, Day, Instant, Month, Points, StrictInt
from bank.honours.schemas import HonourSchema
from bank.statements.rules import LINE_KINDS

MONTH_SHAPE = "^20[0-9]{2}-(0[1-9]|1[0-2])$"


class BalancesSchema(Schema):
    """Both books."""

    points = Points(required=True)
    minutes = StrictInt(required=True)


class SignedSchema(Schema):
    """What moved in both books; what was given back counts against it."""

    points = Points(required=True, low=-WHOLE_MAX)
    minutes = StrictInt(required=True, low=-WHOLE_MAX)


class LineSchema(Schema):
    """One journal entry as its member sees it: signed amounts, and both balances after it."""

    entry_id = StrictInt(required=True)
    key = fields.String(required=True)
    kind = fields.String(required=True)
    reversed_kind = fields.String(required=True, allow_none=True, metadata={"description": "Of a reversal: what it takes back."})
    effective_on = Day(required=True)
    recorded_at = Instant(required=True)
    what = fields.String(required=True, allow_none=True, metadata={"description": "The service or the reward."})
    place = fields.String(required=True, allow_none=True)
    served_on = Day(required=True, allow_none=True)
    quantity = StrictInt(required=True, allow_none=True)
    class_percent = StrictInt(required=True, allow_none=True, metadata={"description": "What the points were multiplied by."})
    evidence = fields.String(required=True, allow_none=True)
    cut_reasons = fields.List(fields.String(), required=True)
    reason = fields.String(required=True, allow_none=True)
    points = Points(required=True, low=-WHOLE_MAX)
    minutes = StrictInt(required=True, low=-WHOLE_MAX)
    points_after = Points(required=True, low=-WHOLE_MAX)
    minutes_after = StrictInt(required=True, low=-WHOLE_MAX)


class PassbookSchema(Schema):
    """Balances now, and the lines of the open months (or of the month asked for), newest first."""

    balances = fields.Nested(BalancesSchema, required=True)
    honour = fields.Nested(HonourSchema, required=True)
    month = Month(required=True, allow_none=True)
    months = fields.List(Month(), required=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)


class PassbookQuerySchema(Schema):
    """Which month's lines, all that are not closed yet when left out; and of which kind."""

    month = fields.String(load_default=None, validate=validate.Regexp(MONTH_SHAPE))
    kind = fields.String(load_default=None, validate=validate.OneOf(LINE_KINDS))


class StatementRowSchema(Schema):
    """A statement without its lines."""

    month = Month(required=True)
    code = fields.String(required=True)
    points_opening = Points(required=True)
    points_closing = Points(required=True)
    minutes_opening = StrictInt(required=True)
    minutes_closing = StrictInt(required=True)
    issued_at = Instant(required=True)


class StatementsSchema(Schema):
    """A member's statements, newest first."""

    statements = fields.List(fields.Nested(StatementRowSchema), required=True)


class SealSchema(Schema):
    """The seal on the journal that covers every line; `bank verify --anchor` knows it by number and hash."""

    number = StrictInt(required=True)
    hash = fields.String(required=True)
    sealed_at = Instant(required=True)


class MonthEndSchema(Schema):
    """What the member had when a month ended."""

    month = Month(required=True)
    points = Points(required=True)
    minutes = StrictInt(required=True)


class StatementSchema(Schema):
    """A statement: opening + deposited - withdrawn - expired + reversed = closing in both books, line by line."""

    month = Month(required=True)
    code = fields.String(required=True)
    bank_name = fields.String(required=True)
    holder = fields.String(required=True, metadata={"description": "The masked name, as it was then."})
    card_end = fields.String(required=True, metadata={"description": "The last four digits of the card."})
    unit_name = fields.String(required=True)
    issued_at = Instant(required=True)
    opening = fields.Nested(BalancesSchema, required=True)
    deposited = fields.Nested(SignedSchema, required=True)
    withdrawn = fields.Nested(SignedSchema, required=True)
    expired = fields.Nested(SignedSchema, required=True)
    reversed = fields.Nested(SignedSchema, required=True)
    closing = fields.Nested(BalancesSchema, required=True)
    points_held = Points(required=True, allow_none=True, metadata={"description": "In open reservations at the month's end."})
    points_expiring = Points(required=True, allow_none=True, metadata={"description": "If nothing else happens."})
    expiring_until = Day(required=True)
    stars = StrictInt(required=True, allow_none=True, high=5)
    seal = fields.Nested(SealSchema, required=True, allow_none=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)
    trend = fields.List(fields.Nested(MonthEndSchema), required=True)


class SumsSchema(Schema):
    """Members' statements added up; `issued` is what services of these units earned, in hundredths."""

    members = StrictInt(required=True)
    points_opening = Points(required=True)
    points_deposited = Points(required=True, low=-WHOLE_MAX)
    points_withdrawn = Points(required=True, low=-WHOLE_MAX)
    points_expired = Points(required=True, low=-WHOLE_MAX)
    points_reversed = Points(required=True, low=-WHOLE_MAX)
    points_closing = Points(required=True)
    points_held = Points(required=True)
    points_expiring = Points(required=True)
    minutes_opening = StrictInt(required=True)
    minutes_in = StrictInt(required=True)
    minutes_out = StrictInt(required=True)
    minutes_closing = StrictInt(required=True)
    issued = Points(required=True, low=-WHOLE_MAX)


class GroupRowSchema(Schema):
    """A unit right below, or a member under the masked name."""

    unit_id = StrictInt(required=True, allow_none=True)
    person_id = StrictInt(required=True, allow_none=True)
    name = fields.String(required=True)
    sums = fields.Nested(SumsSchema, required=True)


class GroupStatementSchema(Schema):
    """A group's month; `unlisted` members are counted but not named."""

    kind = fields.String(required=True, validate=validate.OneOf(("household", "team", "unit", "bank")))
    unit_id = StrictInt(required=True, allow_none=True)
    name = fields.String(required=True)
    bank_name = fields.String(required=True)
    month = Month(required=True)
    issued_at = Instant(required=True)
    rows = fields.List(fields.Nested(GroupRowSchema), required=True)
    total = fields.Nested(SumsSchema, required=True)
    unlisted = StrictInt(required=True)


class AccountMonthSchema(Schema):
    """An account of the bank's own: hundredths of points or whole minutes, as `unit` says."""

    code = fields.String(required=True)
    unit = fields.String(required=True)
    account_id = StrictInt(required=True, allow_none=True, metadata={"description": "None where many are one line."})
    opening = StrictInt(required=True, low=-WHOLE_MAX)
    moved = StrictInt(required=True, low=-WHOLE_MAX)
    closing = StrictInt(required=True, low=-WHOLE_MAX)


class TrialBalanceSchema(Schema):
    """All accounts at the month's end and their sums per unit, which are zero."""

    accounts = fields.List(fields.Nested(AccountMonthSchema), required=True)
    sums = fields.Dict(keys=fields.String(), values=StrictInt(low=-WHOLE_MAX), required=True)


class IssuedSchema(Schema):
    """What the services of a community earned in the month."""

    unit_id = StrictInt(required=True)
    name = fields.String(required=True)
    points = Points(required=True, low=-WHOLE_MAX)
    account_id = StrictInt(required=True)


class GroupMonthSchema(Schema):
    """A group's month, and of the whole bank its trial balance and what each community gave out."""

    group = fields.Nested(GroupStatementSchema, required=True)
    books = fields.Nested(TrialBalanceSchema, required=True, allow_none=True)
    issued = fields.List(fields.Nested(IssuedSchema), required=True)


class CheckQuerySchema(Schema):
    """The code printed on a statement; capitals, blanks and hyphens do not matter."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=60))


class CheckedSchema(Schema):
    """A statement that this bank issued: its month and its member's masked name, and nothing more."""

    code = fields.String(required=True)
    month = Month(required=True)
    masked_name = fields.String(required=True)
    issued_at = Instant(required=True)
