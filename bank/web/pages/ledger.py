"""The books as an auditor walks them: from the trial balance to an account, from a line to its entry, and back."""

from datetime import date, timedelta

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.counter import services
from bank.ledger import queries
from bank.ledger.actions import BANK
from bank.ledger.models import Account, JournalEntry
from bank.people import queries as people
from bank.statements.rules import parse_month
from bank.web import exports, filters, flow, paging
from bank.web.auth import access
from bank.web.texts import ACCOUNT_NAMES

bp = Blueprint("ledger", __name__, url_prefix="/ledger")

KIND_NAMES = {
    "deposit": _("存入"),
    "redeem": _("兑换"),
    "reserve": _("冻结"),
    "hand_over": _("领取"),
    "release": _("解冻"),
    "expire": _("到期失效"),
    "reversal": _("冲正"),
    "import": _("期初转入"),
}
UNIT_NAMES = {"points": _("积分"), "minutes": _("分钟")}

JOURNAL_COLUMNS: exports.Columns = (
    (_("凭证号"), lambda each: each.id),
    (_("业务日期"), lambda each: each.effective_on),
    (_("种类"), lambda each: KIND_NAMES[each.kind]),
    (_("记账人"), lambda each: each.recorded_by),
    (_("记账时间"), lambda each: each.recorded_at),
    (_("说明"), lambda each: filters.reason(each.reason)),
)


@bp.get("/")
@access("auditor", "admin")
def accounts() -> ResponseReturnValue:
    """The trial balance: the bank's own accounts, all members together, and the sums, which are zero."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    held = queries.bank_accounts()
    sums = queries.trial_balance()
    names = people.names_by_key({each.code.partition("/")[2] for each in held})
    if exports.is_asked():
        return exports.answer("trial-balance", _balance_columns(names), held)
    members = queries.members_hold()
    picture = flow.flow(held, members=members.get("points", 0))
    context = {"accounts": held, "members": members, "sums": sums, "as_of": clock.now(), "names": names, "flow": picture}
    return render_template("ledger/accounts.html", last_closed=queries.last_closed_month(), **_names(), **context)


@bp.get("/entries")
@access("auditor", "admin")
def journal() -> ResponseReturnValue:
    """The journal, newest entries first."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    order = (JournalEntry.effective_on, JournalEntry.id)
    if exports.is_asked():
        return exports.answer("journal", JOURNAL_COLUMNS, exports.every(queries.entries(), order=order, is_descending=True))
    page = paging.page(queries.entries(), order=order, is_descending=True, **paging.asked())
    recorders = _staff({each.recorded_by for each in page.items})
    return render_template("ledger/journal.html", page=page, recorders=recorders, **_names())


@bp.get("/entries/<int:entry_id>")
@access("auditor", "admin")
def entry(entry_id: int) -> str:
    """One entry: what it moved, who recorded it, what it reverses."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    found = queries.entry(entry_id)
    transfers = queries.transfers_of(entry_id)
    held = queries.accounts({each.debit_id for each in transfers} | {each.credit_id for each in transfers})
    keys = {each.code.partition("/")[2] for each in held.values()} | {found.recorded_by, found.approved_by or ""}
    names = _staff(keys)
    reversal_id = queries.reversal_of(entry_id)
    return render_template(
        "ledger/entry.html", entry=found, transfers=transfers, accounts=held, names=names, reversal_id=reversal_id,
        order=services.order_of_entry(entry_id), **_names(),
    )  # fmt: skip


@bp.get("/accounts/<int:account_id>")
@access("auditor", "admin")
def account(account_id: int) -> ResponseReturnValue:
    """One account with the lines since its last opening but one, or of the month asked for, each with the balance after it."""
    people.require_in_whole_bank(g.person, "auditor", "admin")
    asked = parse_month(request.args["month"]) if request.args.get("month") else None
    last_closed = asked or queries.last_closed_month()
    until = clock.next_month(asked) - timedelta(days=1) if asked else date.max
    history = queries.account(account_id, since=last_closed or date.min, until=until)
    if exports.is_asked():
        return exports.answer(f"account-{account_id}", _line_columns(history.unit), history.lines)
    names = people.names_by_key({history.code.partition("/")[2]})
    return render_template("ledger/account.html", account=history, since=last_closed, names=names, **_names())


def _staff(keys: set[str]) -> dict[str, str]:
    """What keys in the journal stand for, the bank itself among them."""
    return {BANK: gettext("银行"), **people.names_by_key(keys)}


def account_name(held: queries.Held | Account, names: dict[str, str]) -> str:
    """What an account is called: the kind, and whose it is."""
    kind, _slash, owner = held.code.partition("/")
    return f"{ACCOUNT_NAMES[kind]} {names.get(owner, owner)}".strip()


def _balance_columns(names: dict[str, str]) -> exports.Columns:
    return (
        (_("账户"), lambda each: account_name(each, names)),
        (_("单位"), lambda each: UNIT_NAMES[each.unit]),
        (_("余额（贷方 − 借方）"), lambda each: _amount(each.unit, each.balance)),
    )


def _line_columns(unit: str) -> exports.Columns:
    return (
        (_("业务日期"), lambda line: line.effective_on),
        (_("凭证号"), lambda line: line.entry_id),
        (_("种类"), lambda line: KIND_NAMES[line.kind]),
        (_("数额"), lambda line: _amount(unit, line.amount)),
        (_("余额"), lambda line: _amount(unit, line.balance)),
        (_("说明"), lambda line: filters.reason(line.reason)),
    )


def _amount(unit: str, amount: int) -> object:
    return exports.points(amount) if unit == "points" else amount


def _names() -> dict[str, object]:
    return {"kinds": KIND_NAMES, "account_name": account_name}
