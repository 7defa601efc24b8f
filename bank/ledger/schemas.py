"""The shape of accounts, entries and lines at the border."""

from marshmallow import Schema, fields


class TransferOut(Schema):
    """One movement; `amount` is in hundredths of a point or whole minutes."""

    unit = fields.String(required=True)
    debit_id = fields.Integer(required=True)
    credit_id = fields.Integer(required=True)
    amount = fields.Integer(required=True)


class EntryHeadOut(Schema):
    """A journal entry without its transfers."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    effective_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    approved_by = fields.String(allow_none=True, required=True)
    reason = fields.String(allow_none=True, required=True)
    rule_version = fields.Integer(allow_none=True, required=True)
    reverses_id = fields.Integer(allow_none=True, required=True)


class EntryOut(EntryHeadOut):
    """A journal entry with all its transfers, and the entry that reversed it."""

    reversed_by_id = fields.Integer(allow_none=True, required=True)
    transfers = fields.List(fields.Nested(TransferOut), required=True)


class EntriesOut(Schema):
    """One page of the journal, newest entries first."""

    items = fields.List(fields.Nested(EntryHeadOut), required=True)
    next = fields.String(allow_none=True, required=True)


class AccountOut(Schema):
    """An account and what it holds, in its unit."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    unit = fields.String(required=True)
    balance = fields.Integer(required=True)


class LineOut(Schema):
    """One line of an account, signed, with the balance after it."""

    entry_id = fields.Integer(required=True)
    effective_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    amount = fields.Integer(required=True)
    balance = fields.Integer(required=True)
    reason = fields.String(allow_none=True, required=True)
    reverses_id = fields.Integer(allow_none=True, required=True)


class HistoryOut(AccountOut):
    """An account with its lines in the order of their dates."""

    lines = fields.List(fields.Nested(LineOut), required=True)


class TrialBalanceOut(Schema):
    """The bank's own accounts, all members together, and the sum per unit, which is zero."""

    accounts = fields.List(fields.Nested(AccountOut), required=True)
    members = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    sums = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
