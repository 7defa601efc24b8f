"""The books over the API, for auditors."""

from typing import Any

from flask import g
from marshmallow import Schema

from bank.fields import Day
from bank.ledger import queries
from bank.ledger.models import JournalEntry
from bank.ledger.schemas import EntriesOut, EntryOut, HistoryOut, TrialBalanceOut
from bank.people import queries as people
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access

bp = blueprint("ledger", "Accounts and the journal, read-only.")


class SpanIn(Schema):
    """A span of days, both included."""

    since = Day(load_default=None)
    until = Day(load_default=None)


@bp.get("/ledger/trial-balance")
@access("auditor", "admin")
@bp.response(200, TrialBalanceOut)
def trial_balance() -> dict[str, Any]:
    """What the bank's own accounts and all members hold, and the sum per unit, which is zero."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    return {"accounts": queries.bank_accounts(), "members": queries.members_hold(), "sums": queries.trial_balance()}


@bp.get("/ledger/entries")
@access("auditor", "admin")
@bp.arguments(paging.PageIn, location="query")
@bp.response(200, EntriesOut)
def entries(part: dict[str, Any]) -> paging.Page:
    """The journal, newest entries first."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    return paging.page(queries.entries(), order=(JournalEntry.effective_on, JournalEntry.id), is_descending=True, **part)


@bp.get("/ledger/entries/<int:entry_id>")
@access("auditor", "admin")
@bp.response(200, EntryOut)
def entry(entry_id: int) -> dict[str, Any]:
    """One entry with all its transfers."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    found = queries.entry(entry_id)
    fields = {column.key: getattr(found, column.key) for column in JournalEntry.__table__.columns}
    return fields | {"transfers": queries.transfers_of(entry_id), "reversed_by_id": queries.reversal_of(entry_id)}


@bp.get("/ledger/accounts/<int:account_id>")
@access("auditor", "admin")
@bp.arguments(SpanIn, location="query")
@bp.response(200, HistoryOut)
def account(span: dict[str, Any], account_id: int) -> queries.History:
    """One account with its lines, each with the balance after it."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    return queries.account(account_id, **{name: day for name, day in span.items() if day is not None})
